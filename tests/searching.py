"""Queries typed into the real search field, and how well they are answered.

`search_queries.yaml` says what must be found. Used by `test_search.py` and `benchmarks/search.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page
from projects import ROOT

from research_brief.yamlfile import read

BRIEF = "briefs/ai-chip-race/"
FIRST = 3
"""Results, and links under a result, that a reader is expected to look at."""

# The worker tells the page of results by messages of type 3; they are shown one task later.
LISTEN = """
window.Worker = class extends Worker {
  constructor(...given) {
    super(...given)
    this.addEventListener("message", event => setTimeout(() => {
      if (event.data.type === 3 && window.whenFound) window.whenFound(performance.now())
      // The theme asks for the empty field as soon as its index is there.
      if (event.data.type === 3) window.searchIsReady = true
    }))
  }
}
"""
READY = "() => window.searchIsReady === true"
ENTER = """async query => {
  const field = document.querySelector(".md-search__input")
  const enter = text => new Promise(resolve => {
    const started = performance.now()
    window.whenFound = now => resolve(now - started)
    field.value = text
    field.dispatchEvent(new InputEvent("input", {bubbles: true}))
  })
  if (field.value) await enter("")
  %s
}"""
ASK = (
    ENTER
    % """
  const taken = await enter(query)
  const told = link => [link.href, link.querySelector("h1, h2").innerText]
  const items = [...document.querySelectorAll(".md-search-result__item")]
  return [taken, items.map(item => [...item.querySelectorAll("a")].map(told))]"""
)
TYPE = (
    ENTER
    % """
  const taken = []
  for (let length = 1; length <= query.length; length++)
    taken.push(await enter(query.slice(0, length)))
  return taken"""
)


@dataclass(frozen=True)
class Query:
    """What a reader types on the site in `language`, and what must be found."""

    language: str
    kind: str
    query: str
    page: str = BRIEF
    claim: str = ""


@dataclass(frozen=True)
class Answer:
    """What was shown: the links of every result with their titles, and the time it took."""

    query: Query
    milliseconds: float
    links: list[list[tuple[str, str]]] = field(repr=False)

    @property
    def addresses(self) -> list[str]:
        return [urlsplit(item[0][0]).path for item in self.links]

    def has_page(self, root: str) -> bool:
        """Whether the page is among the first results; `root` is the language's address."""
        return urlsplit(root + self.query.page).path in self.addresses[:FIRST]

    def has_claim(self, root: str) -> bool:
        """Whether the claim is among the first links under its brief, and that among the first
        results; true where no claim is expected."""
        brief = urlsplit(root + BRIEF).path
        if not self.query.claim:
            return True
        if brief not in self.addresses[:FIRST]:
            return False
        links = self.links[self.addresses.index(brief)]
        anchors = [urlsplit(href).fragment for href, _ in links if urlsplit(href).fragment]
        return self.query.claim in anchors[:FIRST]

    def is_foreign(self, root: str) -> bool:
        """Whether a page of another language is among the first results, by address or title."""
        language = self.query.language
        inside = urlsplit(root).path
        others = [] if language != "en" else [f"{inside}zh/"]
        for address in self.addresses[:FIRST]:
            if not address.startswith(inside) or any(map(address.startswith, others)):
                return True
        return False


def queries(which: str = "list") -> Iterator[Query]:
    """The queries of `search_queries.yaml`: those of the `list`, or those that are `held_out`."""
    name = "tests/search_queries.yaml"
    found = read(ROOT / name, name)
    assert not found.problems
    groups: dict[str, list[dict[str, Any]]] = found.data[which]
    for language, items in groups.items():
        for item in items:
            yield Query(language, **{key: str(value) for key, value in item.items()})


def ask(page: Page, query: Query) -> Answer:
    """Enter the query at once, by an input event, and wait for what is shown."""
    taken, links = page.evaluate(ASK, query.query)
    return Answer(query, taken, links)


def typed(page: Page, query: Query) -> list[float]:
    """Enter the query letter by letter; gives the milliseconds to the results of each."""
    found: list[float] = page.evaluate(TYPE, query.query)
    return found


def is_han(text: str) -> bool:
    return bool(re.search("[\u3400-\u9fff]", text))
