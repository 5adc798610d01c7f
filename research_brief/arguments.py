"""What one can say to `build.py`: its verbs and their options."""

import argparse
import os
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

DESCRIPTION = "Build the site of this project: check the content, render it, build all languages."
VERBS = {
    "build": "build the site into site/",
    "check": "check the content, make nothing",
    "diff": "what changes for readers between two revisions or folders",
    "join": "put parts that --lang made together: the whole site into site/",
    "links": "ask whether the web addresses that the content names still answer",
    "new": "begin a brief: new brief ID --source ID",
    "pdf": "make the PDF of one brief, or of all",
    "release": "freeze what is published as editions, and write down every address",
    "schema": "write the JSON Schemas of the content files and of /api/ into docs/schemas/",
    "serve": "preview on this machine, rebuilt on every edit",
    "source": "keep the text of a source, show its paragraphs, verify what is quoted",
    "verify": "whether a hosted copy of the site is whole, and made from this content",
}


def parser() -> argparse.ArgumentParser:
    """The parser of the command line; without a verb it is `build`."""
    parser = argparse.ArgumentParser(prog="build.py", description=DESCRIPTION)
    _add_options(parser, after_verb=False)
    _add_build(parser, after_verb=False)
    verbs = parser.add_subparsers(dest="verb", title="verbs (default: build)", metavar="VERB")
    added = {name: verbs.add_parser(name, help=does) for name, does in VERBS.items()}
    for name, verb in added.items():
        _add_options(verb, after_verb=True, more_formats=["markdown"] if name == "diff" else [])
    _add_build(added["build"], after_verb=True)
    added["check"].add_argument(
        "--explain", nargs="?", const="", metavar="RULE", help="what a rule asks for, and why"
    )
    added["check"].add_argument(
        "--pages", action="store_true", help="also make all pages, to find faults of templates"
    )
    added["check"].add_argument(
        "--due",
        nargs="?",
        type=_day,
        const=False,  # a text would be taken for a day
        metavar="DAY",
        help="also tell which briefs were to be reviewed before that day (default: today)",
    )
    _add_diff(added["diff"])
    added["join"].add_argument(
        "folders", metavar="FOLDER", nargs="*", type=Path, help="default: all in parts/"
    )
    added["links"].add_argument(
        "--allow-private", action="store_true", help="ask servers of this network, too"
    )
    _add_new(added["new"])
    _add_pdf(added["pdf"])
    _add_source(added["source"])
    added["serve"].add_argument(
        "briefs",
        metavar="ID",
        nargs="*",
        help="these briefs alone, with what they name: sooner where there are many (default: all)",
    )
    added["serve"].add_argument("--port", type=_port, default=8000)
    _add_verify(added["verify"])
    return parser


def _add_options(
    parser: argparse.ArgumentParser, *, after_verb: bool, more_formats: Sequence[str] = ()
) -> None:
    """Options that may stand before or after the verb; after it they have no defaults of their
    own, which would undo what stands before it."""

    def default(value: object) -> object:
        return argparse.SUPPRESS if after_verb else value

    parser.add_argument(
        "--strict", action="store_true", default=default(False), help="take warnings for errors"
    )
    parser.add_argument(
        "--format",
        choices=["text", "github", "json", *more_formats],
        default=default(_format()),
        help="how faults are shown (github: notes on a pull request, the default in Actions)",
    )
    parser.add_argument(
        "--site-url",
        type=_address,
        default=default(None),
        metavar="URL",
        help="the address of this build",
    )
    parser.add_argument(
        "--no-pdf",
        dest="pdf",
        action="store_false",
        default=default(True),
        help="make no PDFs, and leave out the links to them",
    )


def _add_build(parser: argparse.ArgumentParser, *, after_verb: bool) -> None:
    default = argparse.SUPPRESS if after_verb else False
    parser.add_argument(
        "--preview",
        action="store_true",
        default=default,
        help="build with drafts, and ask search engines to leave the site alone",
    )
    parser.add_argument(
        "--csp-meta",
        action="store_true",
        default=default,
        help="put the security policy into the pages too, for hosts that read no _headers",
    )

    parser.add_argument(
        "--lang",
        type=_code,
        default=argparse.SUPPRESS if after_verb else None,
        metavar="CODE",
        help="build this language alone, as a part of the site: into parts/CODE/",
    )


def _add_diff(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("base", metavar="BASE", help="a git revision, or a folder with content/")
    verb.add_argument("head", metavar="HEAD", nargs="?", help="default: the content as it stands")


def _add_new(verb: argparse.ArgumentParser) -> None:
    things = verb.add_subparsers(dest="action", title="what", metavar="", required=True)
    brief = things.add_parser("brief", help="a draft with an example for every paragraph")
    brief.add_argument("id", metavar="ID", help="its folder below content/briefs/, its address")
    brief.add_argument("--source", required=True, metavar="ID", help="what it summarises")
    brief.add_argument("--title", help="its title, in the main language of the site")


def _add_source(verb: argparse.ArgumentParser) -> None:
    actions = verb.add_subparsers(dest="action", title="actions", metavar="", required=True)
    add = actions.add_parser("add", help="read a file, keep its text, begin its description")
    add.add_argument("file", metavar="FILE", type=Path, help="text, web page (.html) or PDF")
    add.add_argument("--id", required=True, help="the name of content/sources/ID.yaml")
    add.add_argument(
        "--open",
        dest="is_open",
        action="store_true",
        help="the licence of the text allows to publish it: keep it in content/sources/",
    )
    add.add_argument("--language", type=_code, metavar="CODE", help="the language of the text")
    add.add_argument("--encoding", metavar="NAME", help="if it is not told rightly: gb18030, big5")
    add.add_argument("--replace", action="store_true", help="write over a text that is there")
    show = actions.add_parser("show", help="the passages of a text by their numbers")
    show.add_argument("id", metavar="ID", help="the source")
    verify = actions.add_parser("verify", help="compare all that is quoted, and write receipts")
    verify.add_argument("id", nargs="?", metavar="ID", help="default: all whose text is here")


def _add_pdf(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("brief", nargs="?", metavar="ID", help="default: all briefs in one")
    verb.add_argument(
        "--lang", default=argparse.SUPPRESS, metavar="CODE", help="default: the main language"
    )
    verb.add_argument("-o", "--output", metavar="FILE", help="default: ID.pdf, here")


def _add_verify(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("site", metavar="SITE", help="a folder, or an address: https://…")
    verb.add_argument(
        "--rebuild",
        action="store_true",
        help="build the site again, and compare every file with that",
    )
    verb.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="PATTERN",
        help="files that the host adds or alters: 'cdn-cgi/*'",
    )


def _format() -> str:
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is no port; expected 0 to 65535")
    return int(text)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day; expected 2018-09-12") from None


def _code(text: str) -> str:
    from research_brief.values import CODE

    if not re.fullmatch(CODE.pattern, text):
        raise argparse.ArgumentTypeError(f"'{text}' is not {CODE.wanted}")
    return text


def _address(text: str) -> str:
    from research_brief.settings import site_address

    try:
        return site_address(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not {error}") from None
