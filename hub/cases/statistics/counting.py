"""What the cases of a period add up to, by topic, doctor, touchpoint or stage.

A patient is won back when their next answer is 9 or 10; the share is of those who answered again. Times to a status are
medians over the cases that reached it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from hub.cases.casework.cases import CaseView
from hub.cases.casework.statuses import WAY, Status
from hub.core.spreadsheet import Cell

RECOVERED_FROM = 9
HOUR_MS = 3_600_000
HEADER = (
    "group", "cases", "open", "closed", "overdue", "reopened", "duplicates", "answered_again", "recovered",
    "labour_minutes", *(f"hours_to_{status.value}" for status in WAY[1:]),
)  # fmt: skip
"""English and unchanging: programs read it."""

By = Callable[[CaseView], str]
GROUPS: Mapping[str, By] = {
    "topic": lambda case: case.topic or "",
    "employee": lambda case: case.employee or "",
    "touchpoint": lambda case: case.touchpoint or "",
    "stage": lambda case: case.status.value,
}


@dataclass(slots=True)
class Row:
    """One group; `hours` are medians from the opening to the first time of a status."""

    group: str
    cases: int = 0
    open: int = 0
    closed: int = 0
    overdue: int = 0
    reopened: int = 0
    duplicates: int = 0
    answered_again: int = 0
    recovered: int = 0
    labour_minutes: int = 0
    hours: dict[Status, float] = field(default_factory=dict)

    def cells(self, name: str) -> list[Cell]:
        """Under HEADER, the group by its name."""
        counts = (
            self.cases, self.open, self.closed, self.overdue, self.reopened, self.duplicates,
            self.answered_again, self.recovered, self.labour_minutes,
        )  # fmt: skip
        return [name, *counts, *(self.hours.get(status) for status in WAY[1:])]


def table(
    cases: Iterable[CaseView],
    by: By,
    *,
    labour: Mapping[int, int],
    reached: Mapping[int, Mapping[Status, int]],
    late: Iterable[int],
) -> list[Row]:
    """`labour` in minutes by case, `reached` the moments of statuses by case, `late` cases past a deadline.

    The groups with the most cases come first.
    """
    overdue = frozenset(late)
    members: dict[str, list[CaseView]] = defaultdict(list)
    for case in cases:
        members[by(case)].append(case)
    rows = [_row(group, found, labour, reached, overdue) for group, found in members.items()]
    return sorted(rows, key=lambda row: (-row.cases, row.group))


def total(rows: Sequence[Row]) -> Row:
    """Of all groups; medians cannot be added, and are left out."""
    names = [name for name in Row.__dataclass_fields__ if name not in {"group", "hours"}]
    return Row("", **{name: sum(getattr(row, name) for row in rows) for name in names})


def _row(
    group: str,
    found: Sequence[CaseView],
    labour: Mapping[int, int],
    reached: Mapping[int, Mapping[Status, int]],
    overdue: frozenset[int],
) -> Row:
    again = [case.next_score for case in found if case.next_score is not None]
    return Row(
        group,
        cases=len(found),
        open=sum(case.closed_ms is None for case in found),
        closed=sum(case.status is Status.CLOSED for case in found),
        overdue=sum(case.id in overdue for case in found),
        reopened=sum(case.reopened > 0 for case in found),
        duplicates=sum(case.status is Status.DUPLICATE for case in found),
        answered_again=len(again),
        recovered=sum(score >= RECOVERED_FROM for score in again),
        labour_minutes=sum(labour.get(case.id, 0) for case in found),
        hours=_hours(found, reached),
    )


def _hours(
    found: Sequence[CaseView], reached: Mapping[int, Mapping[Status, int]]
) -> dict[Status, float]:
    spans: dict[Status, list[float]] = defaultdict(list)
    for case in found:
        for status, at_ms in reached.get(case.id, {}).items():
            spans[status].append((at_ms - case.opened_ms) / HOUR_MS)
    return {status: round(median(hours), 1) for status, hours in spans.items()}
