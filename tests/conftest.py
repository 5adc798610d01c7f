"""What all tests share: the options, and how a missing tool is treated."""

import os
from collections.abc import Generator, Iterator
from typing import Any

import hypothesis
import pytest
from filelock import FileLock
from hypothesis.database import DirectoryBasedExampleDatabase
from playwright.sync_api import Browser, sync_playwright
from projects import ROOT, Project
from web_tools import QUIET, Site, chromium, largest_pages, served

# No test fails for being slow, and examples that failed are kept with all that is made.
hypothesis.settings.register_profile(
    "here",
    deadline=None,
    database=DirectoryBasedExampleDatabase(ROOT / ".cache" / "hypothesis"),
)
hypothesis.settings.load_profile("here")


def pytest_addoption(parser: pytest.Parser) -> None:
    help = "write tests/golden/*/expected.*.html anew"
    parser.addoption("--update-golden", action="store_true", help=help)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With RB_REQUIRE_ALL (as in CI) nothing is skipped: a skip is a failure."""
    report = yield
    if report.skipped and os.environ.get("RB_REQUIRE_ALL"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"RB_REQUIRE_ALL is set, and this was skipped. {reason}"
    return report


@pytest.fixture
def project(tmp_path: Any) -> Project:
    """A copy of this project without content, to build and to break."""
    return Project.copied_to(tmp_path / "研究 brief's project")


@pytest.fixture(scope="session")
def site_of_this_project(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Project:
    """This project with its real content, built once for all tests, whichever process they are in;
    nobody changes it."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":  # each process of pytest-xdist has a folder in the one of all
        shared = shared.parent
    project = Project(shared / "site")
    with FileLock(shared / "site.lock"):
        if not (project.site / "manifest.json").exists():
            Project.copied_to(project.root).with_content(ROOT / "content")
            run = project.run()
            assert run.returncode == 0, run.stdout + run.stderr
    return project


@pytest.fixture(scope="session")
def web(site_of_this_project: Project) -> Iterator[Site]:
    """The same, served."""
    with served(site_of_this_project.site) as address:
        yield Site(site_of_this_project, address, largest_pages(site_of_this_project))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()
