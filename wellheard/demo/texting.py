"""The demonstration's past conversations by SMS: invented patients, heard and answered by the hub itself.

Each is one transaction whose clock is put back: nothing of it ever waits to be sent, and the hub that runs meanwhile
waits for none of them long. The patients are of a campaign whose name says that they are invented.
"""

from datetime import UTC, datetime, timedelta
from random import Random

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.sms.campaigns import participations
from hub.sms.conversations import reading
from hub.sms.gateways import receiving, service
from hub.sms.gateways.port import DeliveryReport, DeliveryState, Inbound
from hub.sms.gateways.progress import State, advance
from hub.sms.gateways.simulated.gateway import PHONE
from hub.sms.invitations import intake
from hub.sms.invitations.columns import Column
from hub.sms.invitations.inviting import look_at
from wellheard.demo.cast import AFTER_VISIT, PEOPLE
from wellheard.demo.past import HOUR_S, Past
from wellheard.demo.story import OPENS

DAYS = 28
MINUTE_MS = 60_000
LATEST_S = 8 * HOUR_S
"""After the clinic has opened; answers come in daylight."""
_AFTER_VISIT_MS = 121 * MINUTE_MS
_BY = "demonstration"
_CLINIC = "960160206"

PATIENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("es", ("SI", "10")),
    ("es", ("Sí", "un 9, muy amables")),
    ("ca", ("SI", "9")),
    ("es", ("si", "4", "Esperé dos horas en la sala", "si")),
    ("en", ("YES", "10")),
    ("ru", ("да", "9")),
    ("es", ("NO",)),
    ("es", ("vale", "8")),
    ("es", ()),
    ("ru", ("да", "3", "Долго ждал приёма", "нет")),
    ("es", ("SI", "10")),
    ("ca", ("si", "10")),
    ("es", ("SI", "7", "gracias")),
    ("en", ("yes", "9")),
    ("es", ("BAJA",)),
    ("es", ("SI", "9")),
    ("es", ("SI", "2", "Nadie me explicó el tratamiento", "SI")),
    ("es", ("si", "10")),
    ("ca", ("si", "8")),
    ("es", ()),
    ("ru", ("да", "10")),
    ("es", ("SI", "6", "El teléfono no lo coge nadie", "NO")),
    ("es", ("SI", "9")),
    ("es", ("si", "9")),
)
"""Language, and what each writes; who writes nothing is asked in vain."""


def text(workplace: Workplace, scope: Scope, past: Past, seed: int) -> None:
    """Write the conversations of the last weeks, by day."""
    chance = Random(seed)  # noqa: S311 - invented patients, not secrets
    doctors = [code for code, who in PEOPLE.items() if who.facility == "demo" and "Dr " in who.name]
    for number, (language, replies) in enumerate(PATIENTS):
        ago = DAYS - number * (DAYS - 2) // len(PATIENTS)
        visit_s = OPENS * HOUR_S + chance.randrange(LATEST_S)
        visited_ms = past.moment(past.today - timedelta(days=ago), visit_s)
        row = {
            Column.TELEPHONE: f"+34600200{number + 1:03}",
            Column.LANGUAGE: language,
            Column.EMPLOYEE: chance.choice(doctors),
            Column.HAPPENED: datetime.fromtimestamp(visited_ms / 1000, UTC).isoformat(),
        }
        with workplace.begin() as work:
            _talk(work, scope, row, visited_ms, replies)


def _talk(
    work: UnitOfWork,
    scope: Scope,
    row: dict[Column, str],
    visited_ms: int,
    replies: tuple[str, ...],
) -> None:
    """One patient, from the list to the last answer."""
    work.now_ms = visited_ms
    intake.take_in_rows(work, scope, AFTER_VISIT, [row], by=_BY)
    work.now_ms = visited_ms + _AFTER_VISIT_MS
    for due in participations.due(work, 1):
        look_at(work, due)
    talk = reading.listed(work, scope, campaign=AFTER_VISIT, limit=1)[0]
    _arrive(work, scope, talk.id)
    for reply in replies:
        work.now_ms += 2 * MINUTE_MS
        telephone = row[Column.TELEPHONE]
        identity = f"history-{talk.id}-{work.now_ms}"
        receiving.receive(
            work, Inbound(scope.organisation, PHONE, identity, telephone, _CLINIC, reply)
        )
        _arrive(work, scope, talk.id)


def _arrive(work: UnitOfWork, scope: Scope, conversation: int) -> None:
    """What waits for this patient has been sent and delivered."""
    work.session.flush()
    for message in service.progress(work, scope, [f"conversation:{conversation}"]):
        if message.state is State.WAITING:
            advance(work, message.id, State.ACCEPTED, since=(State.WAITING,))
            news = (scope.organisation, PHONE, DeliveryState.DELIVERED, message.id)
            receiving.report(work, DeliveryReport(*news))
