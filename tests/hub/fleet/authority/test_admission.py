"""What a broker is told: by a real Mosquitto that the hub starts, with its files looked at and a terminal on it."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

from contract.topics import DeviceAddress
from edge.fleet.identity import Identity
from hub.core.broker import Broker, BrokerAddress, open_broker
from hub.core.broker.listening import LOOPBACK, free_port
from hub.core.clock import SystemClock
from hub.core.unit_of_work import Listeners, Workplace
from hub.fleet.authority import issuing
from hub.fleet.authority.admission import Admission
from hub.fleet.authority.certificates import read_request
from hub.fleet.enrolment import claims, keys
from hub.fleet.events import DeviceEnrolled, DeviceRevoked
from tests.fakes.clock import HeldClock
from tests.hub.clinic import WHOLE, Clinic
from tests.hub.core.broker.peer import Peer, eventually

HALL = DeviceAddress("clinic", "north", "hall-1")


class Site:
    """A hub's admission with its broker, and a terminal."""

    def __init__(self, clinic: Clinic, clock: HeldClock, folder: Path) -> None:
        self.workplace: Workplace = clinic.workplace
        self.clock = clock
        self.folder = folder / "broker"
        self.outside = BrokerAddress(LOOPBACK, free_port(), tls=True)
        self.broker: Broker = open_broker("mosquitto", self.folder, None, tls=self.outside)
        self.admission = Admission(self.workplace, self.broker, [LOOPBACK])
        self.identity = Identity(folder / "identity")
        self.serving = folder / "terminal.pem"

    def text(self, name: str) -> str:
        return (self.folder / name).read_text()

    def accept(self) -> None:
        with self.workplace.begin() as work:
            asked = read_request(self.identity.request())
            code = claims.claim(work, asked, claims.Told()).code
            claims.accept(work, WHOLE, code, HALL, name="Hall", touchpoint=None)

    def collect(self) -> ssl.SSLContext:
        with self.workplace.begin() as work:
            granted = keys.grant(work, read_request(self.identity.request(keys.challenge(work))))
        context = ssl.create_default_context(cadata=granted.authorities)
        self.serving.write_text(granted.certificate)
        context.load_cert_chain(self.serving, self.serving.parent / "identity" / "key.pem")
        return context


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def site(clinic: Clinic, clock: HeldClock, listeners: Listeners, tmp_path: Path) -> Iterator[Site]:
    made = Site(clinic, clock, tmp_path)
    made.admission.prepare()
    listeners.after(DeviceEnrolled, made.admission.enrolled)
    listeners.after(DeviceRevoked, made.admission.revoked)
    yield made
    made.broker.stop()


def issuers(text: str) -> list[x509.Name]:
    return [each.subject for each in x509.load_pem_x509_certificates(text.encode())]


def test_a_terminal_is_let_in_from_its_acceptance_to_its_revocation(
    site: Site, clock: HeldClock
) -> None:
    clock.move(ms=SystemClock().now_ms() - clock.now_ms())  # the broker's clock is the machine's
    with site.workplace.begin() as work:
        issuing.succeed(work)
    site.admission.refresh()
    site.broker.start()
    site.accept()
    with Peer(site.outside, "hall-1", tls=site.collect()) as terminal:
        assert eventually(lambda: not terminal.publish(f"{HALL}/state", b"here").is_failure)
        with site.workplace.begin() as work:
            keys.revoke(work, WHOLE, "hall-1")
        assert eventually(lambda: terminal.disconnections > 1)  # it tries again
        assert terminal.connections == 1
        site.admission.look()  # as the ticker has it
        assert terminal.connections == 1


def test_what_a_crash_kept_from_the_broker_is_made_up_for(
    clinic: Clinic, clock: HeldClock, tmp_path: Path
) -> None:
    site = Site(clinic, clock, tmp_path)  # nobody listens to the events
    site.admission.prepare()
    site.accept()
    assert "hall-1" not in site.text("terminals.acl")
    site.admission.look()
    assert "hall-1" in site.text("terminals.acl")
    site.collect()
    with site.workplace.begin() as work:
        keys.revoke(work, WHOLE, "hall-1")
    site.admission.look()
    assert "hall-1" not in site.text("terminals.acl")
    assert len(x509.load_pem_x509_crl(site.text("terminals.crl").encode())) == 1


def test_what_grows_old_is_made_anew(site: Site, clock: HeldClock) -> None:
    certificate, listed = site.text("broker.crt"), site.text("terminals.crl")
    clock.move(hours=1)
    site.admission.look()
    assert (site.text("broker.crt"), site.text("terminals.crl")) == (certificate, listed)
    clock.move(days=1)
    site.admission.look()
    assert site.text("broker.crt") == certificate
    assert site.text("terminals.crl") != listed
    clock.move(days=250)
    site.admission.look()
    assert site.text("broker.crt") != certificate


def test_another_name_is_another_certificate(site: Site) -> None:
    before = site.text("broker.crt")
    Admission(site.workplace, site.broker, ["hub.example", LOOPBACK]).refresh()
    assert site.text("broker.crt") != before


def test_a_successor_is_believed_before_it_signs(site: Site, clock: HeldClock) -> None:
    (first,) = issuers(site.text("terminals-ca.crt"))
    site.accept()
    clock.move(days=8.1 * 365)
    site.admission.look()
    second, old = issuers(site.text("terminals-ca.crt"))
    assert old == first
    assert site.text("terminals.crl").count("BEGIN X509 CRL") == 2
    assert signer(site) == first
    clock.move(days=31)
    assert signer(site) == second
    clock.move(days=2 * 365)
    site.admission.look()
    assert issuers(site.text("terminals-ca.crt")) == [second]


def signer(site: Site) -> x509.Name:
    with site.workplace.begin() as work:
        granted = keys.grant(work, read_request(site.identity.request(keys.challenge(work))))
    return x509.load_pem_x509_certificate(granted.certificate.encode()).issuer
