"""A small clinic on a real database: two facilities, a terminal in each, accounts, and answers through the inbox."""

from uuid import UUID

from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.testclient import TestClient

from contract.codec import encode
from contract.documents import DeviceState
from contract.messages import Asked, ButtonPressed, Stamp
from contract.topics import DeviceAddress
from hub.app import personal_holders
from hub.cases.alerts.still_here import AlertRaised
from hub.cases.events import CaseTouched
from hub.core.arrivals import Delivery
from hub.core.clock import Clock
from hub.core.languages import read_languages
from hub.core.metrics import Metrics
from hub.core.objects import ObjectFolder
from hub.core.passwords import Passwords
from hub.core.permissions import Role
from hub.core.scope import Scope
from hub.core.settings import HubSettings
from hub.core.timeseries.embedded import EmbeddedSeries
from hub.core.timeseries.store import TimeSeries
from hub.core.unit_of_work import Listeners, Workplace
from hub.dashboards.live import Live
from hub.feedback.events import PresenceRecorded, ResponsesFlagged, ResponsesRecorded
from hub.fleet import service as fleet
from hub.fleet.events import DeviceStateChanged
from hub.fleet.repository.repository import Repository
from hub.identity import accounts, service, tokens
from hub.identity.schemas import NewEmployee, NewFacility, NewTouchpoint
from hub.ingest import make_inbox
from hub.parts import RELEASES, Parts
from hub.sms.dictionaries import lexicons
from hub.sms.events import ConversationMoved
from hub.sms.gateways.kannel import gateway as kannel
from hub.sms.gateways.registry import OpenGateways
from hub.sms.gateways.simulated.network import SimulatedNetwork
from hub.sms.gateways.twilio import gateway as twilio
from hub.sms.interpreter.interpreter import Interpreter
from hub.sms.loading import LoadedOnce
from hub.web import create_app
from tests.fakes.vault import ReversingVault

WHOLE = Scope("clinic")
PASSWORD = "correct horse"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

NORTH = DeviceAddress("clinic", "north", "desk-1")
SOUTH = DeviceAddress("clinic", "south", "desk-2")


class Clinic:
    """`administrator`, `viewer`, `fleet` see everything their role may; `north-viewer` one facility."""

    def __init__(self, workplace: Workplace, listeners: Listeners, clock: Clock) -> None:
        self.workplace = workplace
        self.listeners = listeners
        self.clock = clock
        self.metrics = Metrics()
        self.live = Live(clock, self.metrics)
        self.passwords = Passwords(QUICK)
        self.gateways = OpenGateways(
            ReversingVault(), {kannel.KIND: kannel.opened, twilio.KIND: twilio.opened}
        )
        self.telephones: SimulatedNetwork | None = None
        self.series: TimeSeries = EmbeddedSeries(workplace.database)
        self.inbox = make_inbox(workplace, listeners)
        listeners.after(ResponsesRecorded, self.live.responses_recorded)
        listeners.after(ResponsesFlagged, self.live.responses_flagged)
        listeners.after(PresenceRecorded, self.live.presence_recorded)
        listeners.after(DeviceStateChanged, self.live.device_changed)
        listeners.after(ConversationMoved, self.live.conversation_moved)
        listeners.after(CaseTouched, self.live.case_touched)
        listeners.after(AlertRaised, self.live.alert_raised)
        self._furnish()

    def app(self, **settings: object) -> FastAPI:
        return create_app(self.parts(**settings))

    def parts(self, **settings: object) -> Parts:
        known = HubSettings.model_validate(settings)
        return Parts(
            settings=known,
            clock=self.clock,
            workplace=self.workplace,
            inbox=self.inbox,
            live=self.live,
            metrics=self.metrics,
            passwords=self.passwords,
            series=self.series,
            repository=Repository(
                known.data / RELEASES, known.data / "keys", ReversingVault(), self.clock
            ),
            gateways=self.gateways,
            interpreter=LoadedOnce(lambda: Interpreter(lexicons())),
            telephones=self.telephones,
            languages=read_languages(),
            holders=personal_holders(
                ObjectFolder(known.data / "answer-photographs"),
                ObjectFolder(known.data / "case-files"),
            ),
        )

    def press(self, *sequences: int, at: DeviceAddress = NORTH, value: str = "positive") -> None:
        """Store presses in one batch, as if they had just arrived."""
        self.inbox.store([self.delivery(number, at, value) for number in sequences])

    def delivery(
        self, sequence: int, at: DeviceAddress = NORTH, value: str = "positive"
    ) -> Delivery:
        message = ButtonPressed(
            device=at.device,
            epoch=1,
            sequence=sequence,
            time=self.stamp(),
            panel="main",
            button=2,
            asked=Asked(survey="visit", question="q1"),
            value=value,
            touchpoint=f"reception-{at.facility}",
            shift="early",
            employee=f"anna-{at.facility}",
        )
        return Delivery(f"{at}/up/ButtonPressed", encode(message), self.clock.now_ms())

    def come_online(self, at: DeviceAddress = NORTH, highest: int = 0, pending: int = 0) -> None:
        state = DeviceState(
            online=True,
            instance=str(UUID(int=1)),
            epoch=1,
            highest=highest,
            pending=pending,
            software="0.1.0",
            time=self.stamp(),
        )
        payload = state.model_dump_json().encode()
        self.inbox.store([Delivery(f"{at}/state", payload, self.clock.now_ms())])

    def garble(self, payload: bytes, at: DeviceAddress = NORTH) -> None:
        """Something arrives that is no message."""
        self.inbox.store([Delivery(f"{at}/up/ButtonPressed", payload, self.clock.now_ms())])

    def enrol(self, at: DeviceAddress) -> None:
        with self.workplace.begin() as work:
            fleet.enrol(work, WHOLE, at)

    def token(self, name: str) -> str:
        with self.workplace.begin() as work:
            return tokens.create(work, WHOLE, name, "test")

    def stamp(self) -> Stamp:
        return Stamp(
            wall_ms=self.clock.now_ms(),
            boot_id=str(UUID(int=7)),
            uptime_ms=60_000,
            synchronised=True,
        )

    def _furnish(self) -> None:
        hashed = self.passwords.hash(PASSWORD)
        with self.workplace.begin() as work:
            service.ensure_organisation(work, WHOLE, "Clinic", "Europe/Madrid")
            for at in (NORTH, SOUTH):
                place = at.facility
                service.create_facility(work, WHOLE, NewFacility(id=place, name=place.title()))
                service.create_touchpoint(
                    work,
                    WHOLE,
                    NewTouchpoint(
                        id=f"reception-{place}", facility=place, name=f"Reception {place.title()}"
                    ),
                )
                service.create_employee(
                    work,
                    WHOLE,
                    NewEmployee(id=f"anna-{place}", facility=place, name=f"Anna {place.title()}"),
                )
                fleet.enrol(work, WHOLE, at, f"Terminal {place.title()}", f"reception-{place}")
            for role in Role:
                accounts.create_account(work, WHOLE, name=role, password_hash=hashed, role=role)
            accounts.create_account(
                work,
                WHOLE,
                name="north-viewer",
                password_hash=hashed,
                role=Role.VIEWER,
                facility="north",
            )


class SignedIn:
    """A browser's or a program's requests after signing in by the API."""

    def __init__(self, client: TestClient, name: str) -> None:
        answer = client.post("/api/login", json={"name": name, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.client = client
        self.csrf: str = answer.json()["csrf"]
        self.headers = {"X-CSRF-Token": self.csrf}
