"""The race with other generators (`make benchmark`) still runs, and counts what it says."""

import json
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import audit
import checks
import contestants
import generator
import peers
import phases
import pytest
import tables
from measuring import Cost
from projects import ROOT, Project, faults_of, snapshot

from research_brief.evidence.normalisation import digest

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc (Linux)")
BRIEFS = 3


def run(*command: str) -> str:
    """What a program of `benchmarks/` prints, in a process of its own."""
    path = os.pathsep.join(str(ROOT / name) for name in ("tests", "benchmarks", ""))
    ran = subprocess.run(
        [sys.executable, *command],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_generated_briefs_are_the_same_for_a_seed_valid_and_of_the_size_of_real_ones(
    project: Project, tmp_path: Path
) -> None:
    generator.write(project.root / "content", BRIEFS, 1)
    for name, seed in (("again", 1), ("other", 2)):
        generator.write(tmp_path / name, BRIEFS, seed)
    made = snapshot(project.root / "content")
    assert made == snapshot(tmp_path / "again")
    assert made != snapshot(tmp_path / "other")
    assert faults_of(project.root) == []
    for brief in sorted((project.root / "content" / "briefs").iterdir()):
        text = b"".join(snapshot(brief).values())
        assert text.count(b"\n    evidence:\n") == generator.EVERY
        assert 10_000 < len(text) < 16_000


@LINUX
def test_processes_of_a_program_are_counted_even_those_left_behind(tmp_path: Path) -> None:
    burn = "import time\nwhile time.process_time() < 0.4: pass\n"
    (tmp_path / "burn.py").write_text(burn)
    (tmp_path / "main.py").write_text(
        "import subprocess, sys\n"
        "command = [sys.executable, 'burn.py']\n"
        "subprocess.run(command)\n"
        # Its parent ends at once.
        "middle = f'import subprocess; subprocess.Popen({command!r})'\n"
        "subprocess.run([sys.executable, '-c', middle])\n"
        "held = b'x' * 100_000_000\n"
        "open('written', 'wb').write(held[:5_000_000])\n"
    )
    told = run(
        "-c",
        "import json, sys, measuring\nfrom dataclasses import asdict\nfrom pathlib import Path\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "cost = measuring.measure([sys.executable, 'main.py'], folder, folder / 'log')\n"
        "print(json.dumps(asdict(cost)))",
    )
    cost = Cost(**json.loads(told))
    assert 0.8 <= cost.cpu < 3
    assert cost.memory > 100_000_000
    assert cost.wall > 0.4


@LINUX
def test_a_program_that_fails_is_no_result(tmp_path: Path) -> None:
    told = run(
        "-c",
        "import sys, measuring\nfrom pathlib import Path\n"
        "command = [sys.executable, '-c', 'print(6 * 7); raise SystemExit(3)']\n"
        f"try: measuring.measure(command, Path('.'), Path({str(tmp_path / 'log')!r}))\n"
        "except measuring.Failed as error: print(error)",
    )
    assert told.endswith("ended with 3: 42\n")


@LINUX
@pytest.mark.build
def test_the_race_runs_and_the_others_would_get_our_pages(tmp_path: Path) -> None:
    chosen = ["--tasks", "full", "--only", "none", "--no-phases", "--rounds", "1"]
    places = ["--folder", str(tmp_path / "race"), "--output", str(tmp_path / "report.md")]
    script = str(ROOT / "benchmarks" / "race.py")
    told = run(script, "--briefs", str(BRIEFS), *chosen, *places)
    assert (tmp_path / "report.md").read_text(encoding="utf-8") == told
    [row] = [line for line in told.splitlines() if line.startswith("| Research Brief |")]
    _, _, task, cpu, wall, memory, written, site, _ = row.split("|")
    assert task.strip() == "no caches"
    assert float(cpu) > 0.5
    assert float(wall) > 0.5
    assert float(memory.replace(",", "")) > 50
    assert float(written) > 1
    assert float(site) > 5

    ours = contestants.ours(tmp_path / "race" / "ours", sys.executable)
    page = ours.folder / "site" / ours.page / "index.html"
    assert page.is_file()
    assert ours.edit(1) != ours.edit(2)
    assert ours.edited.read_text(encoding="utf-8").count("Edited ") == 1
    assert faults_of(ours.folder) == []

    staged = {code: ours.folder / ".cache" / "staged" / code for code in ("en", "zh")}
    folder = tmp_path / "peers"
    _, lay = peers.mkdocs(sys.executable)
    laid = [
        lay(folder / "mkdocs", staged),
        contestants.eleventy(folder / "eleventy", staged, ["eleventy"]),
        contestants.hugo(folder / "hugo", staged, "hugo", {"en": "a", "zh": "b"}),
    ]
    for one in laid:
        word = one.edit(12)
        assert one.edited.read_text(encoding="utf-8").count(word) == 1
        pages = [path for path in one.folder.rglob("*.md") if "theme" not in path.parts]
        assert len(pages) == sum(1 for docs in staged.values() for _ in docs.rglob("*.md"))


def test_every_phase_is_a_function_that_is_there() -> None:
    assert set(phases.functions()) == set(phases.PHASES)


def test_what_checks_remember_is_forgotten_between_rounds() -> None:
    digest("words")
    checks.forget()
    assert digest.cache_info().currsize == 0


def test_a_phase_does_not_count_what_is_within_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = phases.Clock()
    ticks = iter(range(1, 5))
    monkeypatch.setattr("time.process_time", lambda: float(next(ticks)))
    clock.timed("render", clock.timed("stage", lambda: None))()
    assert clock.spent[phases.START] == 1
    assert clock.spent["render"] == 2  # before and after the inner one
    assert clock.spent["stage"] == 1


def test_the_table_has_medians_and_ratios_of_the_same_task() -> None:
    results = {
        ("Research Brief", "no caches"): [Cost(cpu, cpu, 1) for cpu in (9.0, 2.0, 3.0)],
        ("Research Brief", "check again"): [Cost(1, 1, 1)],
        ("Hugo", "no caches"): [Cost(1.5, 1, 2_000_000, 3_000_000)],
    }
    lines = [*tables.race(results, {"Research Brief": 5_000_000, "Hugo": 0})]
    assert lines[2] == "| Research Brief | no caches | 3.00 | 2.00 | 3.00 | 0 |  | 5.0 |"
    assert lines[3] == "|  | check again | 1.00 |  | 1.00 | 0 |  |  |"
    assert lines[4] == "| Hugo | no caches | 1.50 | 1.00 | 1.00 | 2 | 3.0 | 0.0 |"


def test_where_lighthouse_gives_up_the_other_pages_are_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def audited(url: str, options: list[str], _report: Path) -> dict[str, Any]:
        if url == "zh/" and options:
            raise subprocess.CalledProcessError(1, "node")
        return {"categories": {key: {"score": 1} for key in audit.SCORES}}

    monkeypatch.setattr(audit, "hosted", lambda _: nullcontext(("", None)))
    monkeypatch.setattr(audit, "audited", audited)
    assert audit.main() == 1
    told = capsys.readouterr().out
    assert told.count("| 100 | 100 | 100 | 100 |") == 4 * len(audit.PAGES) - 1
    assert told.endswith("\nhome, zh, desktop: Lighthouse gave up\n")
