"""The fast lane and the plain route give the same page, byte for byte."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from mkdocs.utils import meta
from projects import ROOT, Project, overlay
from test_staging import convert

from research_brief import fast_lane, pipeline, reading
from research_brief.options import Options
from research_brief.refusals import Refused
from research_brief.staging import ALL_FILES, staged


def both(root: Path) -> int:
    """Compare the routes for all pages of the content at `root`; how many there are."""
    content = reading.read(root, Options())
    count = 0
    for pages in pipeline.render(root, content).values():
        for text in staged(pages, content.library, unmade=ALL_FILES).values():
            convert(text)  # compares
            count += 1
    return count


def test_all_pages_of_this_site_are_the_same_by_both_routes() -> None:
    assert both(ROOT) > 190


def test_pages_of_twenty_other_briefs_are_the_same_by_both_routes(tmp_path: Path) -> None:
    overlay(tmp_path, {"mkdocs.yml": (ROOT / "mkdocs.yml").read_bytes()})
    overlay(tmp_path / "templates", ROOT / "templates")
    generator = [sys.executable, str(ROOT / "benchmarks/generator.py"), str(tmp_path / "content")]
    subprocess.run([*generator, "--briefs", "20", "--claims", "4"], check=True)
    assert both(tmp_path) > 200


@pytest.mark.parametrize(
    "text",
    [
        "A paragraph.\n",
        "# Title {#top}\n\n- a list\n",
        "# Title\n",
        "# Title {#top .class}\n",
        "### Third {#x}\n",
        '<div class="rb">\n<p>x</p>\n</div>\ntext\n',
        '<div class="other">\n<p>x</p>\n</div>\n',
        '# Title {#top}\n\n<div class="rb">\n<p>not closed</p>\n',
        "    # Title {#top}\n",
    ],
)
def test_a_page_of_another_form_takes_the_plain_route(text: str) -> None:
    assert fast_lane.convert(text) is None

    class Other:
        markdown = text
        went = ""

        def render(self, config: str, files: str) -> None:
            self.went = config + files

    for late in (False, True):
        page: Any = Other()
        fast_lane.take(page, late=late)
        page.render("a", "b")
        assert page.went == "ab"
        assert page.markdown == text


def test_the_text_of_a_page_is_held_only_while_it_is_built() -> None:
    class Page:
        markdown = '# Title {#top}\n\n<div class="rb">\n<p>x</p>\n</div>\n'
        file = SimpleNamespace(
            src_uri="index.md", content_string=f"---\ntitle: Title\n---\n\n{markdown}"
        )
        content: str | None = None
        toc: Any = ()

        def render(self, config: object, files: object) -> None:
            raise AssertionError

    page: Any = Page()
    fast_lane.take(page, late=True)
    page.render(None, None)
    assert (page.markdown, page.content) == ("", "")
    fast_lane.begin(page)
    assert page.content == '<h1 id="top">Title</h1>\n<div class="rb">\n<p>x</p>\n</div>'
    assert [item.id for item in page.toc] == ["top"]
    fast_lane.end(page)
    assert (page.markdown, page.content, page.toc) == ("", "", [])

    Page.file.content_string = "---\ntitle: Title\n---\n\nA paragraph.\n"
    with pytest.raises(Refused, match=r"^index\.md was changed while the site was made"):
        fast_lane.begin(page)


def test_the_text_of_a_page_that_was_not_put_off_is_left_to_whoever_asks_later() -> None:
    page = SimpleNamespace(markdown="# Title {#top}\n", content="", toc=[], render=None)
    fast_lane.take(page)
    page.render(None, None)
    rendered = dict(vars(page))
    fast_lane.begin(page)
    fast_lane.end(page)
    assert vars(page) == rendered
    assert page.content == '<h1 id="top">Title</h1>'


@pytest.mark.build
def test_a_built_page_came_by_the_fast_lane(site_of_this_project: Project) -> None:
    """The staged page, converted, stands in the built one."""
    for path in ("en/briefs/ai-chip-race/index.md", "zh/glossary/index.md"):
        text, _ = meta.get_data(
            (site_of_this_project.root / ".cache/staged" / path).read_text(encoding="utf-8")
        )
        quick = fast_lane.convert(text)
        assert quick is not None
        built = site_of_this_project.site / path.removeprefix("en/").replace(".md", ".html")
        assert quick.html in built.read_text(encoding="utf-8")


def test_the_engine_has_the_extensions_that_both_routes_were_compared_with() -> None:
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    names = {
        name if isinstance(name, str) else next(iter(name))
        for name in settings["markdown_extensions"]
    }
    assert names == {"attr_list", "md_in_html", "toc"}
