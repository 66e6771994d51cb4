"""Taking answers in: each becomes a row, bound to the shift of its moment for good.

Called by the inbox with messages that are new. The terminal's word on the shift counts; where it did not know, the
rota as it stands now is asked once and the result stored, so that a later change of the rota changes nothing.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, and_, func, or_, select, update

from contract.messages import ButtonPressed, ContactLeft, SurveyAnswered
from hub.core.arrivals import Arrival
from hub.core.bulk import Row, append, take_ids
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.feedback import rollups
from hub.feedback.events import AnswerView, ContactsRecorded, LeftContact, ResponsesRecorded
from hub.feedback.flags import take_awaited
from hub.feedback.presence_tables import Presence, Smiles
from hub.feedback.rules import asked_of, extra_of, joined_flags, score_of, text_of
from hub.feedback.tables import Contact, Response
from hub.fleet.events import BootClockLearned
from hub.fleet.rules import LIVE_TOLERANCE_MS

response: Table = Response.__table__  # type: ignore[attr-defined]
contact: Table = Contact.__table__  # type: ignore[attr-defined]
presence: Table = Presence.__table__  # type: ignore[attr-defined]
smiles: Table = Smiles.__table__  # type: ignore[attr-defined]

_COLUMNS = tuple(column.name for column in response.c)
_CONTACT = tuple(column.name for column in contact.c)

TIMED = (response, contact, presence, smiles)
"""Tables that keep both times of a message, so that the corrected one can be put right."""


Answer = ButtonPressed | SurveyAnswered
Where = tuple[str | None, str | None, int | None]
"""Visit, panel, button."""


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who sat where, by the rota."""

    shift: str
    employee: str


ShiftAt = Callable[[UnitOfWork, Scope, str, int], OnDuty | None]
"""(work, scope, touchpoint, moment in ms) -> whoever was on duty there."""


class AnswerRecorder:
    """The feedback slice's handlers for the inbox."""

    def __init__(self, shift_at: ShiftAt) -> None:
        self._shift_at = shift_at

    def record_presses(self, work: UnitOfWork, arrivals: list[Arrival[ButtonPressed]]) -> None:
        """Store button presses, in one statement, and tell what was stored."""
        self._record(work, arrivals, "button", _on_panel)

    def record_screen_answers(
        self, work: UnitOfWork, arrivals: list[Arrival[SurveyAnswered]]
    ) -> None:
        """Store answers given on a touch screen."""
        self._record(work, arrivals, "screen", _on_screen)

    def record_contacts(self, work: UnitOfWork, arrivals: list[Arrival[ContactLeft]]) -> None:
        """Store wishes to be called, telephone and comment encrypted together."""
        rows: list[Row] = []
        left: list[LeftContact] = []
        for arrival in arrivals:
            message, address = arrival.message, arrival.address
            personal = {"phone": message.phone, "comment": message.comment}
            told = {**(message.model_extra or {}), **personal}
            sealed = work.vault.seal(json.dumps(told).encode())
            consent = (message.consent, message.consent_text, message.language)
            rows.append(
                (*identity_of(arrival), message.visit, sealed, *consent, *times_of(arrival))
            )
            place = (address.organisation, address.facility)
            left.append(
                LeftContact(*place, message.visit, sealed, message.language, arrival.occurred_ms)
            )
        append(work.connection, contact, _CONTACT, rows)
        work.tell(ContactsRecorded(tuple(left)))

    def _record(
        self,
        work: UnitOfWork,
        arrivals: Sequence[Arrival[Answer]],
        kind: str,
        where: Callable[[Any], Where],
    ) -> None:
        views: list[AnswerView] = []
        rows: list[Row] = []
        ids = take_ids(work.connection, response, len(arrivals))
        early = take_awaited(work, arrivals)
        for answer_id, arrival in zip(ids, arrivals, strict=True):
            message, address, time = arrival.message, arrival.address, arrival.message.time
            visit, panel, button = where(message)
            survey, version, question = asked_of(message.asked)
            employee, shift = self._duty(work, arrival)
            value, score = text_of(message.value), score_of(message.value)
            identity = (address.device, message.epoch, message.sequence)
            flags = joined_flags([*message.flags, *early.get(identity, ())])
            place = (address.organisation, address.facility, message.touchpoint)
            views.append(
                AnswerView(
                    answer_id, *place, *identity, kind, panel, button, survey, question, value, score,
                    employee, shift, tuple(flags.split()), arrival.occurred_ms, time.wall_ms,
                    arrival.time_source, arrival.received_ms,
                )
            )  # fmt: skip
            rows.append(
                (
                    answer_id, *place, *identity, kind, visit, panel, button, survey, version, question, value, score,
                    employee, shift, flags, time.wall_ms, time.boot_id, time.uptime_ms, arrival.occurred_ms,
                    arrival.time_source, arrival.received_ms, extra_of(message), None,
                )
            )  # fmt: skip
        append(work.connection, response, _COLUMNS, rows)
        work.tell(ResponsesRecorded(tuple(views)))

    def _duty(self, work: UnitOfWork, arrival: Arrival[Answer]) -> tuple[str | None, str | None]:
        """Employee and shift."""
        message = arrival.message
        if (
            message.shift is not None
            or message.touchpoint is None
            or arrival.time_source == "uncertain"
        ):
            return message.employee, message.shift
        scope = Scope(arrival.address.organisation, frozenset({arrival.address.facility}))
        duty = self._shift_at(work, scope, message.touchpoint, arrival.occurred_ms)
        return (message.employee, None) if duty is None else (duty.employee, duty.shift)


def correct_times(work: UnitOfWork, event: BootClockLearned) -> None:
    """Put the times of one boot right, now that better is known of its clock: as `moment` would place them now."""
    for table in TIMED:
        better = table.c.uptime_ms + event.offset_ms
        worse = table.c.time_source == "uncertain"
        if event.by_hub:
            disagrees = func.abs(table.c.wall_ms - better) > LIVE_TOLERANCE_MS
            worse = or_(
                table.c.time_source.in_(("uncertain", "anchor")),
                and_(table.c.time_source == "device", disagrees),
            )
        rows = and_(
            table.c.organisation == event.organisation,
            table.c.facility == event.facility,
            table.c.device == event.device,
            table.c.boot_id == event.boot_id,
            worse,
        )
        if work.connection.execute(select(table.c.boot_id).where(rows).limit(1)).first() is None:
            continue  # as for nearly every boot: its clock was right when its first message came
        for rollup in rollups.ROLLUPS:
            if rollup.source is table:
                rollups.move_hours(work, rollup, rows, better)
        source = "hub" if event.by_hub else "anchor"
        work.connection.execute(
            update(table).where(rows).values(occurred_ms=better, time_source=source)
        )


def identity_of(arrival: Arrival[Any]) -> Row:
    """Device, epoch, sequence, organisation, facility."""
    message, address = arrival.message, arrival.address
    return (
        address.device,
        message.epoch,
        message.sequence,
        address.organisation,
        address.facility,
    )


def times_of(arrival: Arrival[Any]) -> Row:
    """What the device's clocks said, the corrected time, on whose word, and when it arrived."""
    time = arrival.message.time
    told = (time.wall_ms, time.boot_id, time.uptime_ms)
    return (*told, arrival.occurred_ms, arrival.time_source, arrival.received_ms)


def _on_panel(message: ButtonPressed) -> Where:
    return message.visit, message.panel, message.button


def _on_screen(message: SurveyAnswered) -> Where:
    return message.visit, None, None
