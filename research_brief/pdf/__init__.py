"""The PDF of a brief and of all briefs: the site's own fragments, typeset by Typst.

`nodes.py` turns fragments into data, `documents.py` puts a document together,
`typesetter.py` has it set, `press.py` does so for all that are wanted. How a document looks
is in `templates/pdf/`. Content is handed over as JSON and never as Typst source, so nothing
in it can be markup.
"""

from typing import Any

Node = str | dict[str, Any]
"""A piece of a document: a text, or a mapping of JSON values, see `nodes.py`."""
