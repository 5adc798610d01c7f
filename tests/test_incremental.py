"""A build on top of earlier ones gives the bytes of a build from nothing, whatever was edited."""

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from projects import Project, snapshot

from research_brief.addresses import LEDGER

FIRST, SECOND = "content/briefs/first", "content/briefs/second"
SIGNAL = f"{FIRST}/signal.yaml"
COMPANIES = "content/entities/companies.yaml"
CLAIM = """
  another-claim:
    text: {en: Tencent buys chips., zh: 腾讯购买芯片。}
    status: account
    about: [tencent]
    evidence:
      - paragraph: 1
        quote: 腾讯自研芯片
        translation: {en: Tencent develops its own chips}
"""


class Twins:
    """A project that keeps its cache, and the same content built from nothing."""

    def __init__(self, folder: Path) -> None:
        self.kept = Project.copied_to(folder / "kept").with_content()
        shutil.copytree(self.kept.root / FIRST, self.kept.root / SECOND)
        assert self.kept.run_here("release").returncode == 0  # so that there are editions
        (self.kept.root / LEDGER).unlink()  # or no brief could be deleted
        self.clean = folder / "clean"

    def differences(self) -> list[str]:
        """The files that are not the same in both sites, after a build of each."""
        run = self.kept.run_here("--no-pdf")
        assert run.returncode == 0, run.stdout + run.stderr
        shutil.rmtree(self.clean, ignore_errors=True)
        shutil.copytree(self.kept.root, self.clean, ignore=shutil.ignore_patterns(".cache", "site"))
        (self.clean / "site").mkdir()
        (self.clean / "site" / ".gitignore").write_bytes(
            (self.kept.site / ".gitignore").read_bytes()
        )
        run = Project(self.clean).run_here("--no-pdf")
        assert run.returncode == 0, run.stdout + run.stderr
        ours, theirs = snapshot(self.kept.site), snapshot(self.clean / "site")
        return sorted(name for name in ours | theirs if ours.get(name) != theirs.get(name))


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Twins:
    made = Twins(tmp_path_factory.mktemp("twins"))
    assert made.differences() == []
    return made


def edited(file: str, old: str, new: str) -> Callable[[Project], None]:
    return lambda project: project.edit(file, old, new)


def added(file: str, text: str) -> Callable[[Project], None]:
    def add(project: Project) -> None:
        path = project.root / file
        path.write_text(f"{path.read_text('utf-8')}{text}", "utf-8")

    return add


def deleted(brief: Path) -> None:
    shutil.rmtree(brief)
    shutil.rmtree(brief.parents[1] / "editions" / brief.name, ignore_errors=True)


def damaged(project: Project) -> None:
    for folder in ("pages", "yaml"):
        for path in (project.root / ".cache" / folder).iterdir():
            path.write_bytes(path.read_bytes()[:-1])


def damaged_where_nobody_looks(project: Project) -> None:
    """Pages as rendered, of which only the outlines are read as long as they are as they were."""
    found = [*(project.root / ".cache/pages").iterdir()]
    whole = [path for path in found if path.read_bytes()[32:].startswith(b'[{"path"')]
    assert len(whole) > 10
    for path in whole:
        path.write_bytes(path.read_bytes()[:-1])
    shutil.rmtree(project.root / ".cache/staged")  # which is made of them
    (project.root / ".cache/built.json").unlink()


def aged(project: Project) -> None:
    """The cache as a program of another version left it: under other keys."""
    for number, path in enumerate(sorted((project.root / ".cache/pages").iterdir())):
        path.rename(path.with_name(f"{number:064x}"))


def tampered(project: Project) -> None:
    """Somebody wrote into the site, and into the one that the next build begins with."""
    for folder in (project.site, project.root / ".cache/old-site"):
        if folder.is_dir():
            (folder / "index.html").write_text("mine")
            (folder / "briefs/index.html").unlink()
            (folder / "method" / "of nobody.html").write_text("mine")


EDITS: dict[str, Callable[[Project], None]] = {
    "text": edited(SIGNAL, "Tencent builds chips", "Tencent makes chips"),
    "lines": edited(SIGNAL, "kind: narrative\n", "# a note\nkind: narrative\n"),
    "claim": edited(SIGNAL, "\nclaims:\n", f"\nclaims:{CLAIM}"),
    "name": edited(COMPANIES, "en: Tencent", "en: Tencent Holdings"),
    "title": edited(f"{SECOND}/brief.yaml", "en: The chip race", "en: Another race"),
    "brief": lambda project: deleted(project.root / SECOND),
    "template": edited(
        "templates/pages/home.html", "{{ w.home.tagline }}", "{{ w.home.tagline }} (tried)"
    ),
    "theme": added("templates/theme/assets/rb.css", "\n.rb-tried { color: inherit; }\n"),
    "words": edited("templates/words/en.yaml", "home: Home", "home: Front page"),
    "settings": edited("mkdocs.yml", "site_name: Research Brief", "site_name: Our desk"),
    "touch": lambda project: (project.root / SIGNAL).touch(),
    "tampered": tampered,
    "damage": damaged,
    "age": aged,
    "text again": edited(SIGNAL, "Tencent makes chips", "Tencent builds chips"),
    "nothing kept": lambda project: shutil.rmtree(project.root / ".cache"),
}


TOGETHER = [
    ("text", "lines", "name"),
    ("claim", "title"),
    ("template",),
    ("words", "theme"),
    ("settings", "brief"),
    ("touch", "tampered"),
    ("damage",),
    ("age", "text again"),
    ("nothing kept",),
]
"""What is edited before the same build: each build of both takes its time."""


@pytest.mark.parametrize("names", TOGETHER, ids=" ".join)
def test_after_edits_the_site_is_as_if_built_from_nothing(
    twins: Twins, names: tuple[str, ...]
) -> None:
    for name in names:
        EDITS[name](twins.kept)
    assert twins.differences() == []


def at_random(project: Project, chance: random.Random) -> None:
    """One edit somewhere, as an editor might make it."""
    word = "Word " + "".join(chance.choices("abcdefgh", k=5))  # a figure would need a source
    folder = chance.choice(sorted((project.root / "content/briefs").iterdir()))
    match chance.randrange(6):
        case 0:
            _replaced(
                folder / "signal.yaml",
                r"en: \w+ builds chips|en: Word \w+ it",
                f"en: {word} it",
                chance,
            )
        case 1:
            _replaced(folder / "brief.yaml", r"(?<=title: \{en: )[^,]+", word, chance)
        case 2:
            _replaced(project.root / COMPANIES, r"(?<=summary: \{en: )[^,]+", f"{word}.", chance)
        case 3:
            _replaced(
                folder / "brief.yaml",
                r"(?<=published: 2025-10-0)\d",
                str(chance.randint(1, 9)),
                chance,
            )
        case 4:
            new = folder.with_name(f"another-{chance.randrange(100)}")
            shutil.copytree(folder, new, dirs_exist_ok=True)
        case _ if len([*folder.parent.iterdir()]) > 1:
            deleted(folder)


def _replaced(path: Path, pattern: str, new: str, chance: random.Random) -> None:
    text = path.read_text("utf-8")
    places = [found.span() for found in re.finditer(pattern, text)]
    if places:
        start, end = chance.choice(places)
        path.write_text(text[:start] + new + text[end:], "utf-8")


def test_what_is_as_it_was_is_not_written_again(twins: Twins) -> None:
    site, pages = twins.kept.site, ("privacy/index.html", "zh/sources/index.html")

    def files() -> list[int]:
        return [(site / page).stat().st_ino for page in pages]

    edit = Path(FIRST) / "brief.yaml"
    before = files()
    for word in ("One", "Two"):
        _replaced(twins.kept.root / edit, r"(?<=title: \{en: )[^,]+", word, random.Random(1))
        assert twins.differences() == []
        assert files() == before
        assert word in (site / "briefs/first/index.html").read_text("utf-8")


def test_a_fault_costs_nothing_of_what_is_kept(twins: Twins) -> None:
    page, edit = twins.kept.site / "privacy/index.html", twins.kept.root / FIRST / "brief.yaml"
    before, good = page.stat().st_ino, edit.read_text("utf-8")
    edit.write_text(good.replace("title:", "tutle:", 1), "utf-8")
    assert twins.kept.run_here("--no-pdf").returncode == 1
    edit.write_text(good + "# mended\n", "utf-8")
    assert twins.differences() == []
    assert page.stat().st_ino == before


def test_damage_is_mended_without_telling_anything_twice(twins: Twins) -> None:
    damaged_where_nobody_looks(twins.kept)
    run = twins.kept.run_here("--no-pdf")
    assert run.returncode == 0, run.stdout + run.stderr
    lines = run.stdout.splitlines()
    assert len([line for line in lines if line.startswith(("check ", "render "))]) == 2
    assert len(lines) == len({*lines})
    assert twins.differences() == []


def test_what_links_in_the_cache_lead_to_is_left_alone(twins: Twins, tmp_path: Path) -> None:
    cache = twins.kept.root / ".cache"
    (cache / "built.json").unlink(missing_ok=True)
    for name in ("old-site", "staged/en", "new-pages"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "mine").write_text("mine")
        if (cache / name).exists():
            shutil.rmtree(cache / name)
        (cache / name).symlink_to(tmp_path / name)
    assert twins.differences() == []
    assert not twins.kept.site.is_symlink()
    assert len(snapshot(tmp_path)) == 3


def test_so_it_is_after_any_series_of_edits(twins: Twins) -> None:
    chance = random.Random(8)
    for _ in range(3):
        for _ in range(chance.randint(1, 4)):
            at_random(twins.kept, chance)
        wrong = chance.choice([twins.kept.site, twins.kept.root / ".cache/old-site"])
        chance.choice(sorted(wrong.rglob("*.html"))).write_text("mine")
        assert twins.differences() == []
