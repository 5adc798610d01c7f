"""MkDocs hooks. A build started by `build.py` is prepared already; plain `mkdocs build` and
`mkdocs serve` are prepared here: they show the main language, from and in `.cache/plain`."""

from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError

from research_brief import alike, engine, fast_lane


def on_config(config: Any) -> Any:
    if not engine.is_driven(config):
        # Not above: each process of a build by `build.py` would load what it has no use for.
        from research_brief import pipeline
        from research_brief.problems import ProblemsFound

        root = Path(config.config_file_path).parent
        try:
            edition, staged = pipeline.prepare_plain(root)
        except ProblemsFound as error:
            raise PluginError(f"the content has faults:\n{error}") from None
        engine.apply(config, edition, staged)
        if Path(config.site_dir).is_relative_to(root / "site"):
            # MkDocs empties its folder, and the other languages would go with it.
            config.site_dir = str(root / ".cache" / "plain" / "site")
        print(f"mkdocs: only '{edition.language}', into {config.site_dir}; all: python build.py")
    return config


def on_files(files: Any, *, config: Any) -> Any:
    engine.stamp(config, files)
    return engine.pass_by(config, files)


def on_env(env: Any, *, config: Any, files: Any) -> Any:
    engine.skip_indexing(config)
    engine.recall(config, files)
    if engine.is_our_theme(config):
        alike.make_once(env)
    return env


def on_pre_page(page: Any, *, config: Any, files: Any) -> Any:
    fast_lane.take(page, late=engine.is_alone(config))
    return page


def on_page_context(context: Any, *, page: Any, config: Any, nav: Any) -> Any:
    fast_lane.begin(page)
    return context


def on_post_page(output: str, *, page: Any, config: Any) -> str:
    fast_lane.end(page)
    return engine.take(config, page, engine.tidy(output))


def on_post_template(output: str, *, template_name: str, config: Any) -> str:
    return engine.tidy(output)


def on_post_build(*, config: Any) -> None:
    engine.finish(config)
