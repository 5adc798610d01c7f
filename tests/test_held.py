"""What a program holds of content between two edits is what the files say now."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from projects import faults_of, overlay, receipts_for

from research_brief import reading
from research_brief.held import Held
from research_brief.kept_data import KeptData
from research_brief.library import Library
from research_brief.loading import load, load_settings
from research_brief.yamlfile import keeping

BASE = Path(__file__).parent / "faults/base"
BRIEF, SECTION = "content/briefs/first/brief.yaml", "content/briefs/first/signal.yaml"
COMPANIES, SOURCE = "content/entities/companies.yaml", "content/sources/daily-2025.yaml"


def _files(library: Library) -> Iterator[tuple[str, object]]:
    """What was loaded, by its place."""
    for source in library.sources.values():
        yield source.where.file, source
    for entity in library.entities.values():
        yield f"{entity.where.file} {entity.id}", entity
    for brief in library.briefs.values():
        yield brief.where.file, brief
        yield from ((part.where.file, part) for part in brief.sections)


@pytest.mark.parametrize(
    ("file", "old", "new", "others"),
    [
        (SECTION, "Tencent builds", "Tencent made", {BRIEF}),
        (SECTION, "kind:", "# a line more\nkind:", {BRIEF}),  # all stands elsewhere
        (BRIEF, "Who builds chips.", "Who makes chips.", set()),
        (BRIEF, "language: en", "language: zh", set()),
        (COMPANIES, "tencent:", "# a line more\ntencent:", set()),
        (SOURCE, "2025", "2024", set()),
        ("mkdocs.yml", "[en, zh]", "[en, zh, fr]", None),  # names are said in one language more
    ],
)
def test_only_what_was_edited_is_made_anew(
    file: str, old: str, new: str, others: set[str] | None, tmp_path: Path
) -> None:
    root, held = overlay(tmp_path, BASE), Held()
    kept = KeptData(root, root / "store", None, holds=True)

    def loaded(held: Held | None) -> Library:
        with keeping(kept):
            return load(root, load_settings(root), held=held)[0]

    before = dict(_files(loaded(held)))
    text = (root / file).read_text("utf-8")
    assert old in text
    for wording in (text.replace(old, new), text):
        (root / file).write_text(wording, "utf-8")
        library = loaded(held)
        assert library.digest == loaded(None).digest
        after = dict(_files(library))
        if others is not None:
            changed = {at.split()[0] for at in after if after[at] is not before.get(at)}
            assert changed == {file, *others}
        assert loaded(held).briefs["first"] is library.briefs["first"]
        before = after


def test_new_receipts_make_a_source_anew(tmp_path: Path) -> None:
    root, held = overlay(tmp_path, BASE), Held()
    settings = load_settings(root)
    one = load(root, settings, held=held)[0].sources["daily-2025"]
    overlay(root, receipts_for(("腾讯自研芯片", "1", "2025-10-01")))
    other = load(root, settings, held=held)[0].sources["daily-2025"]
    assert (one.receipts, other.receipts and len(other.receipts.receipts)) == (None, 1)
    assert load(root, settings, held=held)[0].sources["daily-2025"].receipts == other.receipts


def test_a_program_that_stays_tells_every_fault_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = overlay(tmp_path, BASE)
    monkeypatch.setattr(reading, "_remembered", None)
    text = (root / SECTION).read_text("utf-8")
    expected = []
    for wording in (text, text.replace("guo-tao", "guo-tau"), text.replace("status:", "state:")):
        (root / SECTION).write_text(wording, "utf-8")
        expected.append(faults_of(root))
    assert len(set(map(tuple, expected))) == 3
    reading.remember()
    for _ in range(2):
        for wording, faults in zip(
            (text, text.replace("guo-tao", "guo-tau"), text.replace("status:", "state:")),
            expected,
            strict=True,
        ):
            (root / SECTION).write_text(wording, "utf-8")
            assert faults_of(root) == faults
