"""`build.py verify`: whether a hosted copy of the site is whole, and made from this content."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from research_brief import building, hosted, inputs, manifest, output, reading
from research_brief.manifest import Manifest
from research_brief.options import Options
from research_brief.problems import Place, Problem, printable

WORK = Path(".cache/verify")
INPUTS, REBUILT = "site-inputs", "site-rebuilt"
AS_BUILT = (
    "is not made by this project",
    "is made by this project as well",
    "is made otherwise by this project",
)
AS_READ = (
    "is not here; the site was made with it",
    "was not there when the site was made",
    "is not as it was when the site was made",
)


def verify(
    root: Path, place: str, ignore: Sequence[str] = (), *, rebuild: bool = False
) -> tuple[Manifest, list[Problem]]:
    """Compare the copy at `place` with its manifest, and that with the project at `root`.

    With `rebuild` the site is built anew, with the options that the copy was built with, and every
    file is compared with that. Returns the copy's manifest, and all that is not the same; files
    that match a pattern of `ignore` are left out. Raises Refused for a place without a manifest,
    and what a build raises.
    """
    copy = hosted.copy_at(place)
    theirs = hosted.manifest_of(copy, place)
    problems = list(hosted.compare(copy, theirs.files, ignore))
    options = _options(theirs)
    if rebuild:
        ours = _rebuilt(root, options)
        problems += _otherwise(theirs.files, ours.files, REBUILT, AS_BUILT)
        here, packages = ours.inputs, ours.packages
    else:
        briefs = reading.read(root, options).library.briefs
        here, packages = manifest.shown(inputs.seen(root).plain, briefs), manifest.packages()
    return theirs, [
        *problems,
        *_otherwise(theirs.inputs, here, INPUTS, AS_READ),
        *_others(theirs.packages, packages),
    ]


def _options(theirs: Manifest) -> Options:
    made = theirs.options
    return Options(
        work=WORK,
        site=WORK / "site",
        site_url=made.site_url or "",
        drafts=made.preview,
        pdf=made.pdf,
        csp_meta=made.csp_meta,
        epoch=made.epoch,
    )


def _rebuilt(root: Path, options: Options) -> Manifest:
    """The manifest of the site as the project makes it, from nothing."""
    work = root / options.work
    with (
        output.passing(work / "pdf"),
        output.passing(work / "pages"),
        output.passing(root / options.site) as site,
    ):
        building.build(root, options)
        return manifest.parse((site / manifest.NAME).read_bytes())


def _otherwise(
    theirs: Mapping[str, str], ours: Mapping[str, str], rule: str, said: tuple[str, str, str]
) -> Iterator[Problem]:
    """What differs: that which only they have, only we have, or both have in two states."""
    for name in inputs.changed(theirs, ours):
        kind = 0 if name not in ours else 1 if name not in theirs else 2
        yield _problem(name, said[kind], rule)


def _others(theirs: Mapping[str, str], ours: Mapping[str, str]) -> Iterator[Problem]:
    for name in inputs.changed(theirs, ours):
        there, here = (printable(versions.get(name, "missing")) for versions in (theirs, ours))
        said = f"{printable(name)} is {here} here; the site was made with {there}"
        yield _problem("requirements.txt", said, INPUTS)


def _problem(name: str, said: str, rule: str) -> Problem:
    return Problem(Place(printable(name)), said, rule)
