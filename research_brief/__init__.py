"""Research Brief: a static site generator for research briefs whose claims can be checked."""

__version__ = "0.1.0"
