"""The events of a timeline do not stand in the order of their dates, earliest first.

Where a date is less precise than another one that it may contain, both orders are right.

Bad:

    events: [{date: 2025-09, ...}, {date: 2018, ...}]

Good:

    events: [{date: 2018, ...}, {date: 2025-09, ...}]
"""

from collections.abc import Iterator

from research_brief.library import Library
from research_brief.problems import Problem
from research_brief.sections.timeline import Timeline


def check(library: Library) -> Iterator[Problem]:
    for brief in library.briefs.values():
        for record in brief.sections:
            if not isinstance(record.section, Timeline):
                continue
            latest = record.section.events[0].date
            for number, event in enumerate(record.section.events):
                if event.date.numbers < latest.numbers[: len(event.date.numbers)]:
                    where = record.where / "events" / number / "date"
                    message = f"{event.date} stands behind {latest}; move it up: earliest first"
                    yield where.problem(message, "event-order")
                latest = max(latest, event.date, key=lambda date: date.numbers)
