"""Counts of answers, and of people near a terminal, by the hour: kept in the transaction that stores what they count.

Decides what is counted under which key, so that no page has to read the answers themselves. Nothing is decided here
about figures: a flagged answer is counted under `flagged`, and whoever computes leaves it out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Table,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal_column,
    select,
)

from contract.messages import PresenceCounted
from hub.core.arrivals import Arrival
from hub.core.bulk import Row
from hub.core.counting import add_counts, drop_zeros
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.days import coarser, coarser_presence, recount_coarser
from hub.feedback.events import ResponsesFlagged, ResponsesRecorded
from hub.feedback.figures.presence import PRESENCE_SUMS
from hub.feedback.presence_tables import Presence, PresenceCount
from hub.feedback.tables import AnswerCount, Response

HOUR_MS = 3_600_000
SPAN_ENDS_MS = 1
"""A span of time belongs to the hour in which it ended; one that ended with the hour has seen all of it."""

Expression = ColumnElement[Any]
Condition = ColumnElement[bool]

response: Table = Response.__table__  # type: ignore[attr-defined]
presence: Table = Presence.__table__  # type: ignore[attr-defined]
answer_count: Table = AnswerCount.__table__  # type: ignore[attr-defined]
presence_count: Table = PresenceCount.__table__  # type: ignore[attr-defined]


def count_recorded(work: UnitOfWork, event: ResponsesRecorded) -> None:
    """Count answers that have just been stored."""
    counts = Counter(
        (
            a.organisation, a.facility, a.occurred_ms // HOUR_MS, a.survey or "", a.question or "",
            a.touchpoint or "", a.employee or "", a.value or "", bool(a.flags),
        )
        for a in event.responses
    )  # fmt: skip
    rows = [(*key, n) for key, n in counts.items()]
    add_counts(work.connection, {answer_count: rows, **coarser(work, rows)})


def count_flagged(work: UnitOfWork, event: ResponsesFlagged) -> None:
    """Count answers that were plain until now as flagged."""
    by_epoch: dict[int, list[int]] = defaultdict(list)
    for epoch, sequence in event.plain_until_now:
        by_epoch[epoch].append(sequence)
    changes: Counter[Row] = Counter()
    for epoch, sequences in by_epoch.items():
        these = and_(
            response.c.device == event.device,
            response.c.epoch == epoch,
            response.c.sequence.in_(sequences),
        )
        for row in work.connection.execute(
            ANSWERS.summed(these, hour_number(response.c.occurred_ms))
        ):
            *key, _, count = row
            changes[*key, True] += count
            changes[*key, False] -= count
    _change(work, answer_count, ((*key, n) for key, n in changes.items()))


def count_presence(
    work: UnitOfWork, seen: Iterable[tuple[Arrival[PresenceCounted], str | None]]
) -> None:
    """Count how many came near, of messages that have just been stored, each with where the terminal stood."""
    sums: defaultdict[Row, list[int]] = defaultdict(lambda: [0] * len(PRESENCE_SUMS))
    for arrival, touchpoint in seen:
        at, hour = arrival.address, (arrival.occurred_ms - SPAN_ENDS_MS) // HOUR_MS
        counted = sums[at.organisation, at.facility, hour, at.device, touchpoint or ""]
        for i, name in enumerate(PRESENCE_SUMS):
            counted[i] += getattr(arrival.message, name)
    rows = [(*key, *counted) for key, counted in sums.items()]
    add_counts(work.connection, {presence_count: rows, **coarser_presence(work, rows)})


@dataclass(frozen=True, slots=True)
class Rollup:
    """How the rows of `source` are counted in `counted`: what stands for each of its columns, the hour aside."""

    counted: Table
    source: Table
    key: dict[str, Expression]
    measures: dict[str, Expression]
    lag_ms: int = 0
    """A row is counted in the hour that was so long before its time."""

    def hour(self, at_ms: ColumnElement[int]) -> ColumnElement[int]:
        """In which a row is counted whose time is this one."""
        lag: ColumnElement[int] = literal_column(str(self.lag_ms), BigInteger)
        return hour_number(at_ms - lag if self.lag_ms else at_ms)

    def summed(self, these: Condition, *hours: ColumnElement[int]) -> Select[Any]:
        """Key, measures, and between organisation and the rest each of `hours`, in the order of `counted`."""
        place, rest = list(self.key.items())[:2], list(self.key.items())[2:]
        by_hour = [(f"hour_{i}", hour) for i, hour in enumerate(hours)]
        key = [*place, *by_hour, *rest]
        named = [e.label(name) for name, e in [*key, *self.measures.items()]]
        rows = select(*named).where(these).subquery()
        by = [rows.c[name] for name, _ in key]
        sums = [cast(func.sum(rows.c[name]), self.counted.c[name].type) for name in self.measures]
        return select(*by, *sums).group_by(*by)


def move_hours(
    work: UnitOfWork, rollup: Rollup, these: Condition, better: ColumnElement[int]
) -> None:
    """Count these rows in the hour of their `better` time; call it before they are given that time."""
    old, new = rollup.hour(rollup.source.c.occurred_ms), rollup.hour(better)
    measures = len(rollup.measures)
    changes: defaultdict[Row, list[int]] = defaultdict(lambda: [0] * measures)
    for row in work.connection.execute(rollup.summed(and_(these, old != new), old, new)):
        place, (before, after), rest = row[:2], row[2:4], row[4:-measures]
        for hour, sign in ((before, -1), (after, 1)):
            sums = changes[*place, hour, *rest]
            for i, counted in enumerate(row[-measures:]):
                sums[i] += sign * counted
    _change(work, rollup.counted, ((*key, *sums) for key, sums in changes.items()))


def recount(work: UnitOfWork, scope: Scope) -> None:
    """Count everything anew from what is stored. A repair: nothing should ever change by it."""
    for rollup in ROLLUPS:
        work.connection.execute(delete(rollup.counted).where(scope.rows(rollup.counted.c)))
        hour = rollup.hour(rollup.source.c.occurred_ms)
        rows = rollup.summed(scope.rows(rollup.source.c), hour)
        work.connection.execute(insert(rollup.counted).from_select(list(rollup.counted.c), rows))
    recount_coarser(work, scope)


def _change(work: UnitOfWork, table: Table, rows: Iterable[Row]) -> None:
    changed = list(rows)
    summed = coarser if table is answer_count else coarser_presence
    counts = {table: changed, **summed(work, changed)}
    add_counts(work.connection, counts)
    drop_zeros(work.connection, counts)


def hour_number(at_ms: ColumnElement[int]) -> ColumnElement[int]:
    """Whole hours since 1970, rounded down as Python does; databases cut off instead, and before 1970 that is up."""
    length: ColumnElement[int] = literal_column(str(HOUR_MS), BigInteger)
    return at_ms // length - case((at_ms % length < 0, 1), else_=0)


def _place(table: Table) -> dict[str, Expression]:
    return {"organisation": table.c.organisation, "facility": table.c.facility}


_ASKED = ("survey", "question", "touchpoint", "employee", "value")

ANSWERS = Rollup(
    answer_count,
    response,
    {
        **_place(response),
        **{name: func.coalesce(response.c[name], "") for name in _ASKED},
        "flagged": response.c.flags != "",
    },
    {"count": literal_column("1")},
)
PRESENCE = Rollup(
    presence_count,
    presence,
    {
        **_place(presence),
        "device": presence.c.device,
        "touchpoint": func.coalesce(presence.c.touchpoint, ""),
    },
    {name: presence.c[name] for name in PRESENCE_SUMS},
    SPAN_ENDS_MS,
)
ROLLUPS = (ANSWERS, PRESENCE)
