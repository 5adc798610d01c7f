"""Cut the font of the pages: `python docs/font.py FONT`, with fonttools and brotli installed.

FONT is the Latin part of Source Serif 4 as Google Fonts serves it (a WOFF2 file with the axis
`wght`, 200 to 900). The pages use 400 to 650; without the light end the file is a third smaller.
What is altered may not bear the reserved name `Source` (SIL Open Font License 1.1, condition 3).
"""

import sys
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

NAME = "Brief Serif"
TARGET = Path(__file__).parent.parent / "templates/theme/assets/fonts/brief-serif-latin.woff2"
OTHERS_WORDS = (0, 7, 8, 9, 10, 11, 12, 13, 14)  # copyright, trademark, makers, licence


def main() -> None:
    """Write the font of the theme."""
    font = instancer.instantiateVariableFont(TTFont(sys.argv[1]), {"wght": (400, 700)})
    table = font["name"]
    for record in list(table.names):
        if record.nameID not in OTHERS_WORDS and "Source" in str(record):
            named = str(record).replace("Source Serif 4", NAME)
            table.setName(named.replace("SourceSerif4", NAME.replace(" ", "")), *key(record))
    font.flavor = "woff2"
    font.save(TARGET)


def key(record: object) -> tuple[int, int, int, int]:
    """Where a name stands in the table."""
    return record.nameID, record.platformID, record.platEncID, record.langID  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
