"""What the theme makes once for many pages is what it makes for each of them."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from projects import Project

from research_brief import alike


def test_what_is_made_once_is_the_same_on_every_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, spoken = alike._kept, alike._spoken
    seen: Counter[str] = Counter()

    def compared(
        make: Callable[[Any], Iterator[str]], made: dict[Any, str], context: Any
    ) -> Iterator[str]:
        before = len(made)
        said = "".join(kept(make, made, context))
        assert said == "".join(make(context)), context["page"]
        seen["parts"] += 1
        seen["kept"] += len(made) == before and context["page"] is not None
        yield said

    def words(make: Callable[..., Any], made: list[Any], *context: Any) -> Any:
        module, plain = spoken(make, made, *context), make(*context)
        for key in ("search", "language", "direction", "toc", "clipboard.copy", "unknown"):
            assert module.t(key) == plain.t(key)
        seen["words"] += 1
        return module

    monkeypatch.setattr(alike, "_kept", compared)
    monkeypatch.setattr(alike, "_spoken", words)
    run = Project.copied_to(tmp_path / "project").with_content().run_here("--no-pdf")
    assert run.returncode == 0, run.stderr
    assert seen["words"] > 40
    assert seen["parts"] > 150
    assert seen["kept"] > 60
