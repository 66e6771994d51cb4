"""Answers that no terminal took: by SMS, and whatever else asks patients directly.

Decides that such an answer is a response like any other, under the name of its channel and the number that whoever
asked has given it: recorded twice, it counts once.
"""

from dataclasses import dataclass

from sqlalchemy import Table, select, update

from hub.core.bulk import insert_new, take_ids
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.events import AnswerView, ResponsesFlagged, ResponsesRecorded
from hub.feedback.rules import score_of, text_of, with_flag
from hub.feedback.tables import Response

response: Table = Response.__table__  # type: ignore[attr-defined]

_COLUMNS = tuple(column.name for column in response.c)
_EPOCH = 1
ON_OUR_WORD = "hub"
"""Whose clock the time is by."""


@dataclass(frozen=True, slots=True)
class ChannelAnswer:
    """`number` is the asker's own, unique within the channel."""

    channel: str
    number: int
    facility: str
    survey: str
    question: str
    value: int | str
    occurred_ms: int
    campaign: str | None = None
    employee: str | None = None
    touchpoint: str | None = None


def record(work: UnitOfWork, scope: Scope, given: ChannelAnswer) -> bool:
    """Store it and tell; False when it is there already."""
    if not scope.covers(scope.organisation, given.facility):
        raise ValueError("an answer is recorded for a facility of its asker's scope")
    if _stored_flags(work, given.channel, given.number) is not None:
        return False
    (answer_id,) = take_ids(work.connection, response, 1)
    row = {
        "id": answer_id,
        "organisation": scope.organisation,
        "facility": given.facility,
        "touchpoint": given.touchpoint,
        "device": given.channel,
        "epoch": _EPOCH,
        "sequence": given.number,
        "kind": given.channel,
        "survey": given.survey,
        "question": given.question,
        "value": text_of(given.value),
        "score": score_of(given.value),
        "employee": given.employee,
        "flags": "",
        "wall_ms": given.occurred_ms,
        "boot_id": "",
        "uptime_ms": 0,
        "occurred_ms": given.occurred_ms,
        "time_source": ON_OUR_WORD,
        "received_ms": work.now_ms,
        "campaign": given.campaign,
    }
    whole = {column: row.get(column) for column in _COLUMNS}
    insert_new(work.connection, response, _COLUMNS, [tuple(whole.values())])
    work.tell(ResponsesRecorded((AnswerView.of_row(whole),)))
    return True


def flag(work: UnitOfWork, scope: Scope, channel: str, number: int, reason: str) -> None:
    """Leave an answer out of the figures from now on; nothing happens where there is none."""
    found = _stored_flags(work, channel, number)
    if found is None:
        return
    facility, flags = found
    here = (response.c.device == channel) & (response.c.sequence == number)
    work.connection.execute(
        update(response).where(scope.rows(response.c), here).values(flags=with_flag(flags, reason))
    )
    these = ((_EPOCH, number),)
    plain = () if flags else these
    work.tell(ResponsesFlagged(scope.organisation, facility, channel, reason, these, plain))


def _stored_flags(work: UnitOfWork, channel: str, number: int) -> tuple[str, str] | None:
    """Facility and flags."""
    c = response.c
    wanted = select(c.facility, c.flags).where(
        c.device == channel, c.epoch == _EPOCH, c.sequence == number
    )
    row = work.connection.execute(wanted.with_for_update()).first()
    return None if row is None else (row.facility, row.flags)
