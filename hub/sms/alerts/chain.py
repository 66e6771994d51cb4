"""Who is told of an alert, and when the next person is: by an e-mail with a link and nothing of the patient.

Decides that the first is told at once, that each has their minutes, and that whoever acknowledges ends it. The mail is
a job row of the transaction that raises the alert.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

from sqlmodel import col, delete, select, update

from hub.core.errors import BadInput, NotFound
from hub.core.mail.outgoing import Mail, put_mail
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import service as identity
from hub.sms.alerts.tables import SmsAlert, SmsAlertContact
from hub.sms.events import DetractorFound, MessageUnresolved, PersonNeeded, Told

MINUTE_MS = 60_000
TOGETHER = 50


class Kind(StrEnum):
    """What happened."""

    DETRACTOR = "detractor"
    DANGER = "danger"
    PERSON_NEEDED = "person_needed"
    UNRESOLVED = "unresolved"
    """Of some message nobody knows whether it went out; one alert stands for all that follow."""


_SUBJECTS = {
    Kind.DETRACTOR: "A patient is unhappy",
    Kind.DANGER: "URGENT: a patient may be in danger",
    Kind.PERSON_NEEDED: "A patient needs a person",
    Kind.UNRESOLVED: "It is not known whether an SMS was sent",
}


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert as it is stored."""

    id: str
    organisation: str
    facility: str
    kind: Kind
    conversation: int
    raised_ms: int
    told: int
    acknowledged_ms: int | None
    acknowledged_by: str


@dataclass(frozen=True, slots=True)
class Link:
    """A person of the chain."""

    address: str
    minutes: int


class Alerts:
    """Raises alerts from the news of conversations, and tells the next person when nobody has taken one on."""

    def __init__(self, workplace: Workplace, link_of: Callable[[str], str]) -> None:
        self._workplace = workplace
        self._link_of = link_of

    def detractor_found(self, work: UnitOfWork, event: DetractorFound) -> None:
        """Within the transaction that recorded the score."""
        self._raise(work, event.of, Kind.DETRACTOR)

    def person_needed(self, work: UnitOfWork, event: PersonNeeded) -> None:
        """Within the transaction that heard it."""
        self._raise(work, event.of, Kind.DANGER if event.urgent else Kind.PERSON_NEEDED)

    def message_unresolved(self, work: UnitOfWork, event: MessageUnresolved) -> None:
        """Once, until somebody has seen it."""
        waiting = select(SmsAlert.id).where(
            SmsAlert.organisation == event.of.organisation,
            SmsAlert.facility == event.of.facility,
            SmsAlert.kind == Kind.UNRESOLVED,
            col(SmsAlert.acknowledged_ms).is_(None),
        )
        if work.session.exec(waiting).first() is None:
            self._raise(work, event.of, Kind.UNRESOLVED)

    def step(self) -> bool:
        """Tell the next person where the time of the last one is over; False when no more are due."""
        with self._workplace.read() as work:
            wanted = select(SmsAlert.id).where(col(SmsAlert.due_ms) <= work.now_ms)
            due = work.session.exec(wanted.order_by(col(SmsAlert.due_ms)).limit(TOGETHER)).all()
        for which in due:
            with self._workplace.begin() as work:
                row = work.session.get_one(SmsAlert, which, with_for_update=True)
                if row.due_ms is not None and row.due_ms <= work.now_ms:
                    self._tell_next(work, row)
        return len(due) == TOGETHER

    def _raise(self, work: UnitOfWork, of: Told, kind: Kind) -> None:
        found = select(SmsAlert.id).where(
            SmsAlert.conversation == of.conversation, SmsAlert.kind == kind
        )
        if work.session.exec(found).first() is not None:
            return
        alert = SmsAlert(
            id=uuid4().hex,
            organisation=of.organisation,
            facility=of.facility,
            kind=kind,
            conversation=of.conversation,
            raised_ms=work.now_ms,
        )
        work.session.add(alert)
        self._tell_next(work, alert)

    def _tell_next(self, work: UnitOfWork, alert: SmsAlert) -> None:
        chain = _chain(work, Scope(alert.organisation, frozenset({alert.facility})), alert.facility)
        alert.due_ms = None
        if alert.told < len(chain):
            person = chain[alert.told]
            alert.told += 1
            text = f"{self._link_of(alert.id)}\n"
            put_mail(work, Mail(person.address, _SUBJECTS[Kind(alert.kind)], text))
            if alert.told < len(chain):
                alert.due_ms = work.now_ms + person.minutes * MINUTE_MS
        work.session.add(alert)
        work.session.flush()


@needs(Permission.DIRECT_CASES)
def chain_of(work: UnitOfWork, scope: Scope, facility: str) -> list[Link]:
    """Who is told, the first one first."""
    if not scope.covers(scope.organisation, facility):
        raise NotFound(_("There is no such facility."))
    return _chain(work, scope, facility)


@needs(Permission.DIRECT_CASES)
def set_chain(work: UnitOfWork, scope: Scope, facility: str, chain: list[Link]) -> None:
    """Replace the whole chain; alerts go on with the new one, and those of which nobody was told begin at once."""
    if not scope.covers(scope.organisation, facility):
        raise BadInput("facility", _("There is no such facility."))
    here = (scope.rows(SmsAlertContact), col(SmsAlertContact.facility) == facility)
    work.session.exec(delete(SmsAlertContact).where(*here))
    for position, person in enumerate(chain):
        work.session.add(
            SmsAlertContact(
                organisation=scope.organisation,
                facility=facility,
                position=position,
                sealed=work.vault.seal(person.address.encode()),
                minutes=person.minutes,
            )
        )
    work.session.flush()
    work.audit.record(scope, "alert_chain.changed", f"facility/{facility}", facility=facility)
    _wake_untold(work, scope, facility)


def untold(work: UnitOfWork, scope: Scope) -> list[str]:
    """Facilities of the scope whose alerts reach nobody by e-mail."""
    told = select(SmsAlertContact.facility).where(scope.rows(SmsAlertContact)).distinct()
    reached = set(work.session.exec(told))
    return sorted(identity.time_zones(work, scope).keys() - reached)


def _wake_untold(work: UnitOfWork, scope: Scope, facility: str) -> None:
    """Alerts that were raised when the chain was empty."""
    waiting = (
        update(SmsAlert)
        .where(scope.rows(SmsAlert), col(SmsAlert.facility) == facility)
        .where(col(SmsAlert.acknowledged_ms).is_(None), col(SmsAlert.told) == 0)
    )
    work.session.exec(waiting.values(due_ms=work.now_ms))


@needs(Permission.HANDLE_CASES)
def acknowledge(work: UnitOfWork, scope: Scope, alert: str, by: str) -> Alert:
    """Somebody takes it on; nobody else is told. Whoever was first stays."""
    row = _row(work, scope, alert, locked=True)
    if row.acknowledged_ms is None:
        row.acknowledged_ms, row.acknowledged_by, row.due_ms = work.now_ms, by, None
        work.session.add(row)
        work.session.flush()
    return _alert(row)


@needs(Permission.SEE_CASES)
def get(work: UnitOfWork, scope: Scope, alert: str) -> Alert:
    """The alert that a link leads to."""
    return _alert(_row(work, scope, alert))


@needs(Permission.SEE_CASES)
def listed(
    work: UnitOfWork, scope: Scope, limit: int = 100, *, waiting_only: bool = False
) -> list[Alert]:
    """The newest first."""
    wanted = select(SmsAlert).where(scope.rows(SmsAlert))
    if waiting_only:
        wanted = wanted.where(col(SmsAlert.acknowledged_ms).is_(None))
    rows = work.session.exec(wanted.order_by(col(SmsAlert.raised_ms).desc()).limit(limit))
    return [_alert(row) for row in rows]


def _chain(work: UnitOfWork, scope: Scope, facility: str) -> list[Link]:
    wanted = select(SmsAlertContact).where(
        scope.rows(SmsAlertContact), col(SmsAlertContact.facility) == facility
    )
    rows = work.session.exec(wanted.order_by(col(SmsAlertContact.position)))
    return [Link(work.vault.open(row.sealed).decode(), row.minutes) for row in rows]


def _row(work: UnitOfWork, scope: Scope, alert: str, *, locked: bool = False) -> SmsAlert:
    wanted = select(SmsAlert).where(scope.rows(SmsAlert), col(SmsAlert.id) == alert)
    row = work.session.exec(wanted.with_for_update() if locked else wanted).first()
    if row is None:
        raise NotFound(_("There is no such alert."))
    return row


def _alert(row: SmsAlert) -> Alert:
    told = row.model_dump(exclude={"due_ms", "kind"})
    return Alert(kind=Kind(row.kind), **told)
