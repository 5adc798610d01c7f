"""A claim that somebody makes names nobody, or a claim of the source itself names a speaker.

What is `stated`, `forecast` or `recommended` is as good as who says it, so it has a `speaker`;
where the source names nobody, that is an entity with `unnamed: true`. An `account` or a
`judgement` is the source's own, and what others say of it would be `stated`.

Bad:

    status: stated

Good:

    status: stated
    speaker: guo-tao
"""

from collections.abc import Iterator

from research_brief.library import Library
from research_brief.models import Status
from research_brief.problems import Problem

SPOKEN = {Status.STATED, Status.FORECAST, Status.RECOMMENDED}
OWN = {Status.ACCOUNT, Status.JUDGEMENT}


def check(library: Library) -> Iterator[Problem]:
    for record in library.claims.values():
        status, speaker = record.claim.status, record.claim.speaker
        if status in SPOKEN and not speaker:
            message = f"a claim that is '{status}' needs a 'speaker'; add who says it"
            yield (record.where / "status").problem(message, "missing-speaker")
        elif status in OWN and speaker:
            message = f"the source itself says what is '{status}'; delete 'speaker', or write"
            yield (record.where / "speaker").problem(f"{message} 'stated'", "missing-speaker")
