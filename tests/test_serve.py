"""The preview shows edits and faults by itself, on this machine only."""

import errno
import json
import os
import re
import shutil
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from projects import DEADLINE, Project, snapshot, until

from research_brief import building, locking, page_store, reading
from research_brief.serving import Preview

pytestmark = pytest.mark.build

BRIEF = "content/briefs/first/brief.yaml"


def fetch(url: str, host: str = "") -> tuple[int, str]:
    """Status and text of an address."""
    request = urllib.request.Request(url, headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@contextmanager
def serving(project: Project) -> Iterator[str]:
    """The address of a preview that is running."""
    process = project.start("serve", "--port", "0")
    try:
        assert process.stdout
        line = ""
        while "http://" not in line:
            line = process.stdout.readline()
            assert line, "the preview ended"
        yield line.split()[1]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=DEADLINE)


def state(address: str, after: str = "") -> dict[str, object]:
    found: dict[str, object] = json.loads(fetch(f"{address}.rb/state?after={after}")[1])
    return found


@pytest.mark.skipif(os.name != "posix", reason="sends the signal of Ctrl+C (POSIX)")
def test_the_preview_follows_edits_and_faults_and_keeps_the_last_good_page(
    project: Project,
) -> None:
    project.with_content()
    project.edit(BRIEF, "topics: [chips]", "topics: [chip]")
    with serving(project) as address:
        # It begins even with a fault.
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
        status, text = fetch(address)
        assert status == 503
        assert "unknown entity" in text
        project.edit(BRIEF, "topics: [chip]", "topics: [chips]")
        until(lambda: fetch(address)[0] == 200, "the repair")

        page, chinese = f"{address}briefs/first/", f"{address}zh/briefs/first/"
        assert "The chip race" in fetch(page)[1]
        assert "芯片竞赛" in fetch(chinese)[1]
        assert '<meta name="robots" content="noindex">' in fetch(page)[1]

        # An edit is shown, in every language.
        project.edit(BRIEF, "The chip race, zh: 芯片竞赛", "Another title, zh: 另一个标题")
        until(lambda: "Another title" in fetch(page)[1], "the edit")
        assert "另一个标题" in fetch(chinese)[1]

        # A fault is told, and the last good page stays.
        project.edit(BRIEF, "topics: [chips]", "topics: [chip]")
        until(lambda: bool(state(address)["faults"]), "the fault")
        assert f"{BRIEF}:5:10: error: unknown entity 'chip'" in str(state(address)["faults"])
        assert "Another title" in fetch(page)[1]

        # Mended, it goes on.
        project.edit(BRIEF, "topics: [chip]", "topics: [chips]")
        until(lambda: not state(address)["faults"], "the repair")

        # Templates and settings count as well, and so do drafts.
        project.edit("templates/words/en.yaml", "label: English", "label: Inglese")
        until(lambda: "Inglese" in fetch(chinese)[1], "the edit of a template")
        project.edit("mkdocs.yml", "en: Research Brief,", "en: Our Desk,")
        until(lambda: "Our Desk" in fetch(address)[1], "the edit of the settings")
        builds = state(address)["build"]
        project.edit(BRIEF, "language: en", "language: en\nstatus: draft")
        until(lambda: state(address)["build"] != builds, "the build of the draft")
        assert "Another title" in fetch(page)[1]

        # Whoever asks by another name is refused; missing pages are missing.
        assert fetch(address, host="example.org")[0] == 403
        assert fetch(f"{address}nowhere/")[0] == 404
        assert fetch(f"{address}../../mkdocs.yml")[0] == 404
    assert [path.name for path in project.site.iterdir()] == [".gitignore"]


def test_a_full_disk_is_told_in_one_line_and_an_edit_meanwhile_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    preview = Preview(tmp_path, strict=False, say=said.append)
    ends = [OSError(errno.ENOSPC, "No space left on device"), locking.Changed("an edit")]

    def build(*_: object, **__: object) -> None:
        raise ends.pop(0)

    monkeypatch.setattr(building, "build", build)
    assert preview.build()
    assert said == ["No space left on device"]
    assert not preview.build()
    assert (preview.builds, preview.faults) == (1, "No space left on device")


def test_languages_are_made_the_same_by_processes_that_stay(
    project: Project, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    project.with_content()
    preview = Preview(project.root, strict=False, say=print)
    monkeypatch.setattr("research_brief.serving.cores", lambda: 2)
    preview.employ()
    assert isinstance(preview.workers, ProcessPoolExecutor)

    @request.addfinalizer
    def end() -> None:
        if preview.workers:
            preview.workers.shutdown()

    for edit in (("race", "race"), ("The chip", "A chip"), ("芯片竞赛", "芯片之争")):
        project.edit(BRIEF, *edit)
        assert preview.build()
        assert preview.faults == ""
    [worker] = preview.workers._processes.values()
    made = snapshot(preview.site)
    worker.kill()
    worker.join()
    preview.build()
    assert "killed" in preview.faults
    assert snapshot(preview.site) == made
    preview.build()
    assert preview.faults == ""
    assert snapshot(preview.site) == made
    shutil.rmtree(project.root / ".cache")
    building.build(project.root, preview.options)
    assert snapshot(preview.site) == made


def test_a_process_that_stays_makes_what_was_lost_or_damaged_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_remembered", None)
    monkeypatch.setattr(page_store, "_held", None)
    reading.remember()
    project.with_content()
    preview = Preview(project.root, strict=False, say=print)
    pages = project.root / preview.options.work / "pages"

    def build(old: str, new: str) -> dict[str, bytes]:
        project.edit(BRIEF, old, new)
        assert preview.build()
        assert preview.faults == ""
        return snapshot(preview.site)

    first = build("race", "race")
    build("The chip", "A chip")
    for number, path in enumerate(sorted(pages.iterdir())):
        if number % 3 == 0:
            path.unlink()
        elif number % 3 == 1:
            path.write_bytes(path.read_bytes()[:-1])
    assert build("A chip", "The chip") == first
    shutil.rmtree(pages)
    changed = build("The chip", "A chip")
    shutil.rmtree(project.root / ".cache")
    reading._remembered, page_store._held = None, None
    assert preview.build()
    assert snapshot(preview.site) == changed != first


def test_a_port_that_is_taken_is_told_in_one_line(project: Project) -> None:
    project.with_content()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = project.run("serve", "--port", port)
    assert run.returncode == 2
    assert run.stderr.startswith(f"build.py: port {port}: ")
    assert run.stderr.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="sends the signal of Ctrl+C (POSIX)")
def test_plain_mkdocs_serve_follows_edits_of_the_main_language(project: Project) -> None:
    project.with_content()
    with socket.create_server(("127.0.0.1", 0)) as free:
        host = f"127.0.0.1:{free.getsockname()[1]}"
    process = project.start_mkdocs("serve", "--dev-addr", host)

    def shows(words: str) -> bool:
        try:
            return words in fetch(f"http://{host}/briefs/first/")[1]
        except urllib.error.URLError:
            assert process.poll() is None, "mkdocs serve ended"
            return False

    try:
        until(lambda: shows("The chip race"), "the first build")
        project.edit(BRIEF, "The chip race", "Another title")
        until(lambda: shows("Another title"), "the edit")
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=DEADLINE)
    assert [path.name for path in project.site.iterdir()] == [".gitignore"]
