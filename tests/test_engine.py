"""What MkDocs is told of pages that are kept, and so were not staged."""

from pathlib import Path
from typing import Any

import pytest
from mkdocs.config import load_config
from mkdocs.structure.files import get_files
from projects import ROOT

from research_brief import engine
from research_brief.page_store import PageStore
from research_brief.telling import Edition
from research_brief.tree import Tree

NAMES = ["index.md", "briefs/index.md", "briefs/a/index.md", "briefs/a/cite/index.md", "b/index.md"]


@pytest.fixture
def job(tmp_path: Path) -> engine.Job:
    """One of which only the last two pages are to be made again."""
    navigation = (("Home", "index.md"), ("Briefs", "briefs/index.md"))
    edition = Edition("en", "en", "Site", "", "/", "", navigation, {}, dict)
    store = PageStore(tmp_path / "pages", tmp_path / "waiting", "1.0")
    kept = engine.Job(edition, tmp_path / "docs", Tree.over(tmp_path / "before", {}), store)
    for name in NAMES[:3]:
        assert not kept.lay(name, "1", False)
        kept.put(name, b"<p>Finished")
    store.settle()
    for name in NAMES[3:]:
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True)
        path.write_text("# Title")
    again = engine.Job(edition, tmp_path / "docs", Tree.over(tmp_path / "site", {}), store)
    laid = [name for name in NAMES if again.lay(name, "1", name == NAMES[2])]
    assert laid == NAMES[:3]
    return again


def config(job: engine.Job, site_url: str) -> Any:
    found = load_config(
        str(ROOT / "mkdocs.yml"),
        docs_dir=str(job.staged),
        site_dir=str(job.target),
        site_url=site_url,
    )
    found.extra["rb_job"] = job
    return found


def test_kept_pages_are_in_their_places_and_not_made_again(job: engine.Job) -> None:
    assert (job.target / "briefs/a/index.html").read_bytes() == b"<p>Finished"
    assert not (job.target / "b/index.html").exists()
    assert sorted(job.keys) == sorted(NAMES[3:])
    for site_url in ("", "https://desk.example/"):
        told = config(job, site_url)
        files = engine.pass_by(told, get_files(told))
        assert [it.src_uri for it in files if it.is_modified()] == sorted(NAMES[3:])


def test_mkdocs_knows_the_pages_of_its_header_and_for_a_sitemap_all_in_its_order(
    job: engine.Job,
) -> None:
    told = config(job, "")
    files = engine.pass_by(told, get_files(told))
    assert {it.src_uri for it in files} == {*NAMES[:2], *NAMES[3:]}

    told = config(job, "https://desk.example/")
    found = [it.src_uri for it in engine.pass_by(told, get_files(told))]
    for name in NAMES[:3]:
        path = job.staged / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# Title")
    assert found == [it.src_uri for it in get_files(told)]
