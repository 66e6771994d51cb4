"""What the pages and the API stand on: made by `hub.app`, handed to `hub.web`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sqlmodel import select

from hub.core.broker import BrokerAddress
from hub.core.clock import Clock
from hub.core.http_probes import ReadinessCheck
from hub.core.inbox import Inbox
from hub.core.languages import Languages, read_languages
from hub.core.metrics import Metrics
from hub.core.passwords import Passwords
from hub.core.privacy.holders import Holders
from hub.core.settings import HubSettings
from hub.core.timeseries.store import TimeSeries
from hub.core.unit_of_work import Workplace
from hub.dashboards.live import Live
from hub.fleet.enrolment_routes import LetIn
from hub.fleet.repository.repository import Repository
from hub.identity.tables import Organisation
from hub.sms.gateways.registry import OpenGateways
from hub.sms.gateways.simulated.network import SimulatedNetwork
from hub.sms.loading import LoadedOnce

ANSWER_PHOTOGRAPHS = "answer-photographs"
"""In the data folder: what cameras saw, sealed."""
PORTRAITS = "photographs"
"""In the data folder: of employees, which everybody may see."""
CASE_FILES = "case-files"
"""In the data folder: what was attached to cases, sealed."""

RELEASES = "releases"
"""In the data folder: the repository from which terminals fetch what they install."""


def _nobody(_device: str, _password: str) -> None:
    """A hub without a broker of its own lets nobody in."""


def _nowhere() -> BrokerAddress:
    """A hub without a broker of its own."""
    return BrokerAddress("127.0.0.1", 1883)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the pages and the API stand on."""

    settings: HubSettings
    clock: Clock
    workplace: Workplace
    inbox: Inbox
    live: Live
    metrics: Metrics
    passwords: Passwords
    series: TimeSeries
    repository: Repository
    gateways: OpenGateways
    interpreter: LoadedOnce
    telephones: SimulatedNetwork | None = None
    """Those of a demonstration."""
    holders: Holders = ()
    let_in: LetIn = _nobody
    broker_address: Callable[[], BrokerAddress] = _nowhere
    """Where a terminal that has just been taken in finds the broker."""
    readiness: Sequence[ReadinessCheck] = ()
    languages: Languages = field(default_factory=read_languages)

    def organisations(self) -> list[str]:
        """All there are on this hub."""
        with self.workplace.read() as work:
            return sorted(work.session.exec(select(Organisation.id)).all())

    def with_readiness(self, checks: Sequence[ReadinessCheck]) -> "Parts":
        """The same parts, asked these questions by `/readyz`."""
        return replace(self, readiness=checks)
