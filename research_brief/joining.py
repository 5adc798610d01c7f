"""`build.py join`: parts of a site, each made by a job of its own, become the site.

They are laid side by side, and what only the whole can be told is added, so that every byte is as
one build makes it. Parts are of one state, and that is the state of the project here, with which
`verify` compares the site later.

Nobody vouches for parts: who can alter one can alter its hashes. They are to come from jobs that
one trusts as one trusts this one.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from research_brief import hosting, inputs, locking, manifest, output, parts
from research_brief.loading import load_settings
from research_brief.options import PARTS, Options
from research_brief.parts import Part
from research_brief.problems import counted, printable
from research_brief.refusals import Refused
from research_brief.settings import Settings

HERE = Options()


class Joined(NamedTuple):
    """What was joined: the languages, and the number of files."""

    languages: tuple[str, ...]
    files: int
    site: Path


Found = list[tuple[Path, Part]]


def join(root: Path, folders: Sequence[Path] = ()) -> Joined:
    """Put the parts in some folders together, by default those below `parts/`, and exchange the
    site for the whole.

    Raises Refused, with the site as it was, for what is no part, not whole, not of the state of
    the project or not built like the others, and where a language is missing or there twice;
    ProblemsFound for settings that cannot be read, locking.Busy and output.Unusable.
    """
    found = [(folder, parts.read(folder)) for folder in folders or _default(root)]
    settings = load_settings(root)
    read = inputs.seen(root).plain
    for folder, part in found:
        _assert_of(read, folder, part)
    found = _in_order(found, settings)
    first = found[0][1]
    settings = settings.model_copy(update={"site_url": first.options.site_url})
    work, site = root / HERE.work, output.own_folder(root, HERE.site)
    with locking.only_one(work) as lock, output.passing(work / "new-site") as new:
        output.repair(site)
        for folder, part in found:
            parts.lay(folder, part, new, settings)
        hidden = [name for _, part in found for name in part.hidden]
        files = {name: hash for _, part in found for name, hash in part.files.items()}
        told = hosting.told(
            new,
            files,
            settings,
            preview=first.options.preview,
            in_pages=first.options.csp_meta,
            hidden=(manifest.NAME, *hidden),
        )
        for name, text in told:
            output.write_if_changed(new / name, text)
            files[name] = sha256(text.encode()).hexdigest()
        output.write_if_changed(
            new / manifest.NAME, manifest.written(first.options, files, first.inputs)
        )
        lock.assert_held()
        output.open_to_all(new)
        output.put(new, site)
    return Joined(settings.languages, len(files), site)


def _default(root: Path) -> list[Path]:
    folder = root / PARTS
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    found = [path for path in there if not path.name.startswith(".")]
    if not found:
        raise Refused(f"there is no part in {PARTS}/; make one of each language with --lang CODE")
    return found


def _assert_of(read: dict[str, str], folder: Path, part: Part) -> None:
    """Raises Refused if a part was not made from what was read here, and with what is here."""
    shown, packages = parts.named(folder), manifest.packages()
    for name in inputs.changed(part.packages, packages):
        there, here = (printable(said.get(name, "missing")) for said in (part.packages, packages))
        raise Refused(f"{shown} was made with {printable(name)} {there}; here it is {here}")
    if part.state != parts.state(read):
        briefs = {name.split("/")[2] for name in part.inputs if name.count("/") > 2}
        changed = inputs.changed(part.inputs, manifest.shown(read, briefs))
        more = f" and {counted(len(changed) - 1, 'more file')}" if changed[1:] else ""
        what = f"{printable(changed[0])}{more}" if changed else "a draft, or a brief that was added"
        raise Refused(f"{shown} was made of another state than is here ({what}); build it again")


def _in_order(found: Found, settings: Settings) -> Found:
    """The parts, the main language first. Raises Refused where they do not make one site."""
    of: dict[str, tuple[Path, Part]] = {}
    for folder, part in found:
        if part.language in of:
            both = _both(of[part.language][0], folder)
            raise Refused(f"{both} are both the part of {part.language}; name one of them")
        of[part.language] = folder, part
    if missing := [code for code in settings.languages if code not in of]:
        make = " and ".join(f"python build.py --lang {code}" for code in missing)
        raise Refused(f"the part of {' and '.join(missing)} is missing; make it: {make}")
    if unknown := of.keys() - set(settings.languages):
        raise Refused(f"the site has no language '{min(unknown)}'")
    (one, first), *others = ordered = [of[code] for code in settings.languages]
    for other, part in others:
        for option, said in first.options:
            if said != (also := getattr(part.options, option)):
                how = f"{option} is {json.dumps(said)} and {json.dumps(also)}"
                raise Refused(f"{_both(one, other)} were built differently: {how}")
    return ordered


def _both(one: Path, other: Path) -> str:
    return f"{parts.named(one)} and {parts.named(other)}"
