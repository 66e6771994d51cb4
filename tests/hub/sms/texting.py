"""A clinic that texts: everything of the hub is real, and only the gateway does as it is told."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from hub.core.jobs.ticker import Duty
from hub.core.scope import Scope
from hub.core.unit_of_work import Listeners, Workplace
from hub.feedback.events import ResponsesFlagged, ResponsesRecorded
from hub.feedback.rollups import count_flagged, count_recorded
from hub.identity import service as identity
from hub.identity.schemas import NewEmployee, NewFacility
from hub.sms import assembly
from hub.sms.campaigns import definitions
from hub.sms.campaigns.definitions import CampaignState
from hub.sms.campaigns.policy import Policy, Trigger
from hub.sms.campaigns.schemas import NewCampaign
from hub.sms.clearing import clearance
from hub.sms.conversations import reading
from hub.sms.conversations.reading import Conversation, Message
from hub.sms.gateways import receiving, registry
from hub.sms.gateways.dispatching import Dispatcher
from hub.sms.gateways.port import DeliveryReport, DeliveryState, Inbound
from hub.sms.gateways.registry import GatewaySettings, NewGateway, OpenGateways
from hub.sms.interpreter.interpreter import Interpreter
from hub.sms.invitations import intake
from hub.sms.invitations.columns import Column
from hub.sms.invitations.enrolling import Enrolled
from tests.fakes.clock import HeldClock
from tests.fakes.gateway import ObedientGateway
from tests.fakes.vault import ReversingVault

WHOLE = Scope("clinic")
NORTH = Scope("clinic", frozenset({"north"}))
ANNA, BORIS = "+34600000001", "+34600000002"
AFTER_VISIT = "after-visit"


@dataclass
class Texting:
    """Patients write with `text`; what they get is in `inbox`."""

    workplace: Workplace
    listeners: Listeners
    clock: HeldClock
    interpreter: Interpreter
    folder: Path
    gateway: ObedientGateway = field(default_factory=ObedientGateway)
    duties: dict[str, Duty] = field(default_factory=dict)
    written: int = 0

    def __post_init__(self) -> None:
        self.clock.move(days=1)  # from a Sunday, on which nobody is asked, to Monday
        self.listeners.within(ResponsesRecorded, count_recorded)
        self.listeners.within(ResponsesFlagged, count_flagged)
        joined = assembly.join(
            self.workplace,
            self.listeners,
            self.clock,
            lambda: self.interpreter,
            pages_url="https://hub.test",
            drop_folder=self.folder,
        )
        self.duties = {duty.name: duty for duty in joined}
        opened = OpenGateways(ReversingVault(), {"obedient": lambda _name, _settings: self.gateway})
        self.dispatcher = Dispatcher(self.workplace, self.clock, opened, clearance)
        with self.workplace.begin() as work:
            identity.ensure_organisation(work, WHOLE, "Clinic", "Europe/Madrid")
            for place in ("north", "south"):
                new = NewFacility(id=place, name=place.title())
                identity.create_facility(work, WHOLE, new)
                doctor = NewEmployee(id=f"anna-{place}", facility=place, name=f"Anna {place}")
                identity.create_employee(work, WHOLE, doctor)
            way = NewGateway("main", "obedient", GatewaySettings(), per_second=1000)
            registry.add(work, WHOLE, way)

    def campaign(
        self, name: str = AFTER_VISIT, *, running: bool = True, **given: object
    ) -> definitions.Campaign:
        """One of the north; what is not given is usual, and what is due is asked for at once."""
        policy = {"delay_minutes": 0, **given.pop("policy", {})}  # type: ignore[dict-item]
        told = {
            "id": name,
            "facility": "north",
            "name": name,
            "trigger": Trigger.VISIT_ENDED,
            **given,
        }
        new = NewCampaign.model_validate({**told, "policy": Policy.model_validate(policy)})
        with self.workplace.begin() as work:
            made = definitions.create(work, WHOLE, new, "tester")
            if running:
                made = definitions.set_state(work, WHOLE, name, CampaignState.RUNNING)
        return made

    def enrol(self, *telephones: str, campaign: str = AFTER_VISIT, **more: str) -> Enrolled:
        rows = [{Column.TELEPHONE: telephone} for telephone in telephones]
        told = {Column(name): value for name, value in more.items()}
        with self.workplace.begin() as work:
            whole = [row | told for row in rows]
            return intake.take_in_rows(work, WHOLE, campaign, whole, by="tester")

    def run(self, *names: str) -> None:
        """Look after these duties (all of them by default), then send what may go out."""
        for name in names or self.duties:
            while self.duties[name].step():
                pass
        while self.dispatcher.step():
            pass

    def text(self, text: str, sender: str = ANNA) -> list[str]:
        """A patient writes; what the patient gets for it."""
        self.written += 1
        before = len(self.gateway.given)
        inbound = Inbound("clinic", "main", f"in-{self.written}", sender, "217", text)
        with self.workplace.begin() as work:
            receiving.receive(work, inbound)
        while self.dispatcher.step():
            pass
        return [m.text for m in self.gateway.given[before:] if m.recipient == sender]

    def talk(self, *texts: str, sender: str = ANNA) -> list[str]:
        """Several, one minute after the other; what is got for the last."""
        got: list[str] = []
        for text in texts:
            self.clock.move(minutes=1)
            got = self.text(text, sender)
        return got

    def inbox(self, telephone: str = ANNA) -> list[str]:
        return [m.text for m in self.gateway.given if m.recipient == telephone]

    def delivered(self, messages: Iterable[str] | None = None) -> None:
        """The network reports that these (all) arrived."""
        for message in [m.id for m in self.gateway.given] if messages is None else messages:
            report = DeliveryReport("clinic", "main", DeliveryState.DELIVERED, message)
            with self.workplace.begin() as work:
                receiving.report(work, report)

    def conversations(self, **how: object) -> list[Conversation]:
        """The oldest first."""
        with self.workplace.read() as work:
            return reading.listed(work, WHOLE, **how)[::-1]  # type: ignore[arg-type]

    def messages(self, conversation: int) -> list[Message]:
        with self.workplace.begin() as work:
            return reading.messages(work, WHOLE, conversation)
