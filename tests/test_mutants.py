"""What 100 mutants of the shipped content are told: faults, at places that are there, at once.

`make mutants` tries ten thousand, see `benchmarks/mutants.py`.
"""

from pathlib import Path

import pytest
from mutants import EDITIONS, SHARES, Workshop
from mutations import KINDS
from projects import snapshot

from research_brief import reading
from research_brief.problems import Place, Problem, ProblemsFound

SEED = 7
TRIED = 100


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    shares = {name: share for name, share in SHARES.items() if name != EDITIONS}
    return Workshop(tmp_path_factory.mktemp("mutants") / "project", SEED, shares)


@pytest.mark.parametrize("kind", KINDS)
def test_mutants_get_faults_at_places_that_are_there(kind: str, workshop: Workshop) -> None:
    first = list(KINDS).index(kind)
    outcomes = [workshop.tried(number) for number in range(first, TRIED, len(KINDS))]
    assert {outcome.kind for outcome in outcomes} == {kind}
    assert [outcome for outcome in outcomes if outcome.wrong] == []


def test_a_mutant_is_made_again_by_its_number_and_mended_whole(workshop: Workshop) -> None:
    whole = snapshot(workshop.root)
    names = set(workshop.root.rglob("*"))
    for number in range(3 * len(KINDS)):
        assert workshop.change(number)
        once = snapshot(workshop.root)
        workshop.mend()
        workshop.change(number)
        assert snapshot(workshop.root) == once
        workshop.mend()
    assert snapshot(workshop.root) == whole
    assert set(workshop.root.rglob("*")) == names


def test_a_wrong_place_and_a_traceback_would_be_noticed(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(error: Exception) -> None:
        def read(root: Path, options: object) -> None:
            raise error

        monkeypatch.setattr(reading, "read", read)

    for place in (Place("content/no.yaml"), Place("mkdocs.yml", 9999), Place("mkdocs.yml", 1, 999)):
        failing(ProblemsFound([Problem(place, "x", "y")]))
        assert "there is no such" in workshop.tried(0).wrong
    failing(RecursionError("too deep"))
    assert "too deep" in workshop.tried(0).wrong
