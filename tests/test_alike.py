"""What the theme makes once for many pages is what it makes for each of them."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mkdocs.config import load_config
from projects import ROOT, Project

import hooks
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


def test_of_another_theme_nothing_is_taken_for_alike(tmp_path: Path) -> None:
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    plain = settings.replace("name: material\n  custom_dir: templates/theme", "name: mkdocs")
    (tmp_path / "mkdocs.yml").write_text(plain.partition("\nplugins:")[0], encoding="utf-8")
    (tmp_path / "hooks.py").touch()
    (tmp_path / "content").mkdir()
    config = load_config(str(tmp_path / "mkdocs.yml"), watch=[], plugins=[])
    env = config.theme.get_env()
    assert hooks.on_env(env, config=config, files={}) is env
