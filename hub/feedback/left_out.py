"""What was answered and is in no figure, and what came late: counted from the answers themselves.

Decides how an answer with several flags is counted (once, under the first), and from when on one is late. Late answers
are in the figures of the day on which they were given.
"""

from collections import Counter
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import Table, and_, func, or_, select

from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.figures.calendar import Step, spans
from hub.feedback.questions import Question
from hub.feedback.tables import Response
from hub.feedback.tallies import Selection
from hub.identity import service as identity

LATE_MS = 24 * 3600 * 1000
HOUR_MS = 3_600_000

response: Table = Response.__table__  # type: ignore[attr-defined]


@dataclass(slots=True)
class LeftOut:
    """`by_flag` is not in the figures, `late` is."""

    by_flag: Counter[str] = field(default_factory=Counter)
    late: int = 0


@needs(Permission.SEE_ANSWERS)
def left_out(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question | None
) -> LeftOut:
    """Of the answers to this question, or to all of them."""
    found = LeftOut()
    c = response.c
    for facility, zone in identity.time_zones(work, selection.narrowed(scope)).items():
        (span,) = spans(selection.period, Step.WHOLE, ZoneInfo(zone))
        meant = and_(
            c.organisation == scope.organisation,
            c.facility == facility,
            c.occurred_ms >= span.from_hour * HOUR_MS,
            c.occurred_ms < span.until_hour * HOUR_MS,
            selection.rows(response),
        )
        if question is not None:
            asked = and_(c.survey == question.survey, c.question == question.question)
            meant = and_(meant, asked)
        is_late = c.received_ms - c.occurred_ms > LATE_MS
        told = select(c.flags, func.count()).where(meant, or_(c.flags != "", is_late))
        for flags, count in work.connection.execute(told.group_by(c.flags)):
            if flags:
                found.by_flag[flags.split()[0]] += count
            else:
                found.late += count
    return found
