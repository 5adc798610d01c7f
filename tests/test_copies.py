"""The Markdown copies and what language models are told, read by a CommonMark parser."""

import json
import re
from typing import Any
from urllib.parse import unquote, urljoin

import pytest
import yaml
from exporting import HOSTILE, SITE, addresses_of_pages, hostile, of, real, saying
from projects import BASE
from test_commonmark import kinds, read, tokens

from research_brief import exports
from research_brief.exports import llms, markdown_copies
from research_brief.library import COLLECTED


def parts(text: str) -> tuple[dict[str, Any], str]:
    """The front matter of a copy, and its Markdown."""
    _, front, body = re.split(r"^---$", text, maxsplit=2, flags=re.MULTILINE)
    return yaml.safe_load(front), body


@pytest.mark.parametrize("site_url", [SITE, None])
def test_every_page_has_a_copy_whose_links_lead_to_what_is_there(site_url: str | None) -> None:
    publication = real(site_url)
    made = exports.files(publication)
    pages = addresses_of_pages(publication)
    copies = {file.path: file.text for file in markdown_copies.export(publication)}
    assert set(copies) == {f"{path}index.md" for path in pages}
    count = 0
    for path, text in copies.items():
        _, body = parts(text)
        for link in (
            str(token.attrs["href"]) for token in tokens(body) if token.type == "link_open"
        ):
            target = unquote(urljoin(urljoin(SITE, path), link)).partition("#")[0]
            if target.startswith(SITE):
                assert target.removeprefix(SITE) in pages | set(made), f"{path}: {link}"
                assert link.startswith("https://") == bool(site_url)
                count += 1
            else:
                assert target.startswith(("https://", "mailto:"))
    assert count > 3000


def test_a_copy_says_what_it_is_a_copy_of() -> None:
    made = exports.files(real())
    front, body = parts(made["zh/briefs/ai-chip-race/index.md"])
    assert front["title"] == "AI芯片：互联网大厂为何自己造芯"
    assert front["language"] == "zh-Hans"
    assert front["permalink"] == f"{SITE}zh/briefs/ai-chip-race/"
    assert f"**[4]({SITE}" not in body
    assert (
        f"[**3**]({SITE}zh/briefs/ai-chip-race/#alibaba-small-models) "
        "股价变动之前有未经证实的消息说，阿里巴巴在训练小规模模型时已经用上自家芯片。\n\n未证实消息"
    ) in body
    assert "\n> 此前有消息称……阿里巴巴已……小规模模型……训练……使用自研芯片\n" in body
    front, _ = parts(exports.files(real(None))["index.md"])
    assert "permalink" not in front


def test_whatever_a_title_says_it_is_text_in_a_copy() -> None:
    made = exports.files(hostile())
    for number, words in enumerate(HOSTILE):
        for path in (
            f"briefs/h{number}/",
            f"briefs/h{number}/evidence/",
            f"sources/source-h{number}/",
        ):
            front, body = parts(made[f"{path}index.md"])
            assert words in front["title"]
            assert words.replace(" ", "") in read(body).replace(" ", "")
            assert not kinds(body) & {"html_inline", "html_block", "image", "code_block", "hr"}
            links = {
                str(token.attrs["href"]) for token in tokens(body) if token.type == "link_open"
            }
            # The licence is the settings' own.
            assert {link for link in links if not link.startswith(SITE)} <= {
                "https://example.org/by"
            }


def lists(text: str) -> dict[str, list[tuple[str, str]]]:
    """The names and addresses in a llms.txt by their headings, in the form of llmstxt.org."""
    lines = text.split("\n")
    assert lines[0].startswith("# ")
    assert lines[2].startswith("> ")
    found: dict[str, list[tuple[str, str]]] = {}
    heading = ""
    for line in lines[1:]:
        assert not line.startswith("# ")
        if line.startswith("## "):
            heading = line[3:]
        elif heading and line:
            item = re.fullmatch(r"- \[(.+?)\]\((\S+?)\)(: .+)?", line)
            assert item, line
            found.setdefault(heading, []).append((item[1], item[2]))
    return found


@pytest.mark.parametrize("site_url", [SITE, None])
def test_llms_txt_lists_the_copies(site_url: str | None) -> None:
    made = exports.files(real(site_url))
    found = {path: lists(made[path]) for path in ("llms.txt", "zh/llms.txt")}
    for path, listed in found.items():
        for items in listed.values():
            for _, address in items:
                target = urljoin(urljoin(SITE, path), address).removeprefix(SITE)
                assert target in made, address
    assert [name for name, _ in found["zh/llms.txt"]["简报"]] == ["AI芯片：互联网大厂为何自己造芯"]
    assert found["llms.txt"]["Other languages"][0][0] == "中文"
    assert list(found["llms.txt"])[-1] == "Optional"


def test_llms_txt_stays_a_list_whatever_titles_say() -> None:
    made = exports.files(hostile())
    names = {read(f"x {name}")[2:] for name, _ in lists(made["llms.txt"])["Briefs"]}
    assert names >= {" ".join(words.split()) for words in HOSTILE if "]" not in words}
    assert kinds(made["llms.txt"]) <= {
        "heading", "inline", "text", "blockquote", "paragraph", "bullet_list", "list_item", "link",
        "softbreak",
    }  # fmt: skip


def test_llms_full_holds_the_newest_briefs_whole(tmp_path: Any) -> None:
    publication = real()
    text = exports.files(publication)["zh/llms-full.txt"]
    page = next(page for page in publication.pages["zh"] if page.path == "briefs/ai-chip-race")
    assert markdown_copies.body(publication, page, "zh/llms-full.txt") in text
    briefs = [
        saying(f"Brief {n}", f"b{n}", published=f"2025-11-{n + 1:02}") for n in range(COLLECTED + 2)
    ]
    text = exports.files(of(tmp_path, *briefs))["llms-full.txt"]
    headings = re.findall(r"^# Brief (\d+)$", text, flags=re.MULTILINE)
    assert headings == [str(n) for n in reversed(range(2, COLLECTED + 2))]
    assert f"This file holds the newest {COLLECTED} of {COLLECTED + 3} briefs." in text


def test_pages_that_are_listed_are_there() -> None:
    paths = {page.path for page in real().pages["en"]}
    assert paths >= {*llms.LISTED, *llms.OPTIONAL}


def test_front_matter_is_yaml_whatever_stands_in_it() -> None:
    assert (BASE / "content").is_dir()
    made = exports.files(hostile())
    for text in (text for path, text in made.items() if path.endswith("index.md")):
        front, _ = parts(text)
        assert set(front) == {"title", "description", "language", "permalink"}
        assert json.dumps(front, ensure_ascii=False)
