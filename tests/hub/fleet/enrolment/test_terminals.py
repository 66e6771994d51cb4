"""The terminal's own code against the hub's, over a real port: claims, credentials, renewals, and refusals of them."""

import json
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from starlette.testclient import TestClient

from contract.enrolment import CREDENTIALS, Credentials
from contract.messages import Stamp
from contract.topics import DeviceAddress
from edge.broker import BrokerLogin
from edge.fleet.enrolment.asking import Asking, Board, Hindered, Waiting, collect
from edge.fleet.enrolment.card import Card
from edge.fleet.enrolment.membership import Membership
from edge.fleet.enrolment.renewing import Renewing
from edge.fleet.hub_client import HubClient, HubLogin, Refused
from edge.fleet.identity import IDENTITY, Identity
from hub.core.unit_of_work import Listeners, Workplace
from hub.fleet.authority import issuing
from hub.fleet.events import DeviceRevoked
from tests.fakes.clock import HeldClock
from tests.fakes.waiting import eventually
from tests.hub.clinic import Clinic, SignedIn
from tests.hub.serving import ServedApp

BOARD = Board("Raspberry Pi 5", "10000000abcdef12", "wellheard 0.1.0")
PLACE = {"device": "hall-1", "facility": "north", "name": "Hall"}
DAY_MS = 24 * 3600 * 1000
BOOT = "0b5e9f6e-0000-4000-8000-000000000001"


@dataclass
class Site:
    """A hub on a port, an operator's program, and terminals with folders of their own."""

    clinic: Clinic
    clock: HeldClock
    operator: TestClient
    url: str
    folder: Path

    def terminal(self, name: str, **card: str) -> "Terminal":
        return Terminal(self, Identity(self.folder / name), Card(hub_url=self.url, **card))

    def post(self, path: str, body: object = None, status: int = 204) -> dict:
        answer = self.operator.post(f"/api/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else {}

    def accept(self, code: str, given: dict | None = None, status: int = 204) -> dict:
        return self.post(f"enrolment/codes/{code}", given or PLACE, status)


class Terminal:
    def __init__(self, site: Site, identity: Identity, card: Card) -> None:
        self.identity = identity
        self.client = HubClient(card.hub)
        self.asking = Asking(self.client, identity, card, BOARD)

    def code(self) -> str:
        standing = self.asking.step()
        assert isinstance(standing, Waiting), standing
        return standing.code

    def credentials(self) -> Credentials:
        found = self.asking.step()
        assert isinstance(found, Credentials), found
        return found

    def refusal(self) -> str:
        standing = self.asking.step()
        assert isinstance(standing, Hindered), standing
        assert standing.refused
        return standing.reason

    def is_known(self) -> bool:
        """Whether its password opens what terminals ask for: there is no such photograph, but it may ask."""
        client = HubClient(self.identity.at_hub(self.client.login))
        with pytest.raises(Refused) as refused:
            client.get(f"/api/device/photographs/{'0' * 64}")
        return refused.value.status == 404


@pytest.fixture
def site(
    sqlite_url: str, workplace: Workplace, clinic: Clinic, clock: HeldClock, tmp_path: Path
) -> Iterator[Site]:
    with workplace.begin() as work:
        issuing.succeed(work)
    app = clinic.app()
    server = ServedApp(app, 0, clinic.live.stop)
    with TestClient(app, base_url="http://hub.test") as client:
        operator = SignedIn(client, "fleet")
        client.headers.update(operator.headers)
        yield Site(clinic, clock, client, server.url, tmp_path / "terminals")
    server.stop()


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What differs between databases is asked by the tests of the service."""
    return sqlite_url


def test_from_a_code_to_credentials(site: Site) -> None:
    terminal = site.terminal("new", device="hall-1")
    code = terminal.code()
    assert terminal.code() == code
    seen = site.operator.get(f"/api/enrolment/codes/{code[:3].lower()}-{code[3:]}").json()
    assert (seen["hardware"], seen["wish"]) == ("Raspberry Pi 5", "hall-1")
    site.accept(code)
    found = terminal.credentials()
    assert (found.organisation, found.facility, found.device) == ("clinic", "north", "hall-1")
    certificate = x509.load_pem_x509_certificate(found.certificate.encode())
    (name,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == "hall-1"
    authority = x509.load_pem_x509_certificate(found.authorities.encode())
    certificate.verify_directly_issued_by(authority)
    assert found.expires_ms - site.clock.now_ms() == 30 * DAY_MS
    assert terminal.is_known()
    assert (terminal.identity._folder / "key.pem").stat().st_mode & 0o777 == 0o600
    site.accept(code, status=422)  # once
    assert Identity(terminal.identity._folder).credentials == found


def test_a_code_is_good_for_a_quarter_of_an_hour(site: Site) -> None:
    terminal = site.terminal("slow")
    old = terminal.code()
    site.clock.move(minutes=16)
    assert terminal.code() != old
    assert "code" in site.accept(old, status=422)["detail"]


def test_what_is_not_fresh_or_not_known_gets_nothing(site: Site) -> None:
    terminal = site.terminal("known")
    site.accept(terminal.code())
    terminal.credentials()
    challenge = json.loads(terminal.client.get("/api/enrolment/challenge"))["challenge"]
    captured = {"request": terminal.identity.request(challenge)}
    assert terminal.client.post_json(CREDENTIALS, captured)["device"] == "hall-1"
    site.clock.move(minutes=3)
    stale = (captured, {"request": terminal.identity.request()})
    forged = {"request": terminal.identity.request(f"{site.clock.now_ms()}.{'0' * 32}")}
    for asked in (*stale, forged):
        with pytest.raises(Refused) as refused:
            terminal.client.post_json(CREDENTIALS, asked)
        assert refused.value.status == 409
    with pytest.raises(Refused) as refused:
        collect(terminal.client, site.terminal("stranger").identity)
    assert refused.value.status == 404


def test_a_terminal_that_was_in_a_cupboard_for_months_comes_back_by_its_key(site: Site) -> None:
    terminal = site.terminal("cupboard")
    site.accept(terminal.code())
    before = terminal.credentials()
    site.clock.move(days=200)
    after = collect(terminal.client, terminal.identity)
    assert after.expires_ms - site.clock.now_ms() == 30 * DAY_MS
    assert after.password != before.password
    assert terminal.is_known()


def test_who_is_shut_out_comes_back_only_with_another_key(site: Site, listeners: Listeners) -> None:
    told: list[DeviceRevoked] = []
    listeners.after(DeviceRevoked, told.append)
    terminal = site.terminal("stolen")
    site.accept(terminal.code())
    terminal.credentials()
    site.post("devices/hall-1/revoke")
    assert told == [DeviceRevoked("clinic", "north", "hall-1")]
    assert not terminal.is_known()
    fleet = site.operator.get("/fleet?q=state:shut-out").text
    assert "1 is shut out" in fleet
    assert "Another terminal can take its place." in fleet
    assert "still switched on" not in fleet
    with pytest.raises(Refused) as refused:
        collect(terminal.client, terminal.identity)
    assert refused.value.status == 403
    assert "it is still switched on" in site.operator.get("/fleet").text
    site.post("devices/hall-1/revoke", status=409)
    site.post("devices/hall-1/release", status=409)
    assert "revoked" in terminal.refusal()  # and its key is gone with it
    code = terminal.code()
    site.accept(code, status=409)
    site.accept(code, {"device": "hall-1", "replaces": True})
    assert terminal.credentials().device == "hall-1"


def test_a_terminal_in_the_place_of_another(site: Site) -> None:
    broken, spare = site.terminal("broken"), site.terminal("spare")
    site.accept(broken.code())
    broken.credentials()
    site.accept(spare.code(), {"device": "hall-1", "replaces": True})
    assert spare.credentials().device == "hall-1"
    assert spare.is_known()
    with pytest.raises(Refused) as refused:
        collect(broken.client, broken.identity)
    assert refused.value.status == 403
    page = site.operator.get("/devices/hall-1").text
    assert "the terminal that was here before is still switched on" in page
    assert "Raspberry Pi 5" in page
    assert "Hall" in page


def test_codes_cannot_be_guessed(site: Site) -> None:
    for _ in range(40):
        site.accept("AAAAAA", status=422)
    site.accept("AAAAAA", status=429)
    site.clock.move(minutes=16)
    site.accept(site.terminal("patient").code())


def test_a_token_is_one_terminals_and_once(site: Site) -> None:
    table = "device,facility,name,serial\nhall-1,north,Hall,10000000ABCDEF12\nhall-2,north,B,feed\n"
    listed = site.operator.post("/api/enrolment/expected", content=table).json()
    tokens = {row["device"]: row["token"] for row in listed}
    expected = site.terminal("expected", token=tokens["hall-1"])
    assert expected.credentials().device == "hall-1"
    assert [row["device"] for row in site.operator.get("/api/enrolment/expected").json()] == [
        "hall-2"
    ]
    for token in (*tokens.values(), "no-such-token"):
        stranger = site.terminal(token, token=token)
        assert "token" in stranger.refusal()
        assert stranger.code(), "somebody who stands before it can take it in all the same"
    assert site.operator.delete("/api/enrolment/expected/hall-2").status_code == 204
    # A terminal that lost its settings is known by its key: the spent token does not matter.
    again = Asking(expected.client, expected.identity, Card(hub_url=site.url), BOARD)
    assert isinstance(again.step(), Credentials)


class WornClock:
    """A terminal's clocks, which a test moves."""

    def __init__(self, wall_ms: int) -> None:
        self.wall_ms = wall_ms
        self.passed_s = 0.0

    def stamp(self, at_ns: int | None = None) -> Stamp:
        del at_ns
        return Stamp(wall_ms=self.wall_ms, boot_id=BOOT, uptime_ms=0, synchronised=True)

    def monotonic_ns(self) -> int:
        return int(self.passed_s * 1e9)

    def offset_ms(self) -> float | None:
        return 0.0


def test_credentials_are_renewed_before_they_end_and_when_the_broker_shuts_the_door(
    site: Site,
) -> None:
    terminal = site.terminal("steady")
    site.accept(terminal.code())
    terminal.credentials()
    clock, connected, renewed = WornClock(site.clock.now_ms()), [True], []
    renewing = Renewing(
        terminal.client,
        terminal.identity,
        clock,
        lambda: connected[0],
        renewed.append,
        look_every_s=0.02,
    )
    assert not renewing.is_due()
    clock.wall_ms += 21 * DAY_MS
    assert renewing.is_due()
    site.clock.move(days=21)
    renewing.start()
    try:
        eventually(lambda: len(renewed) == 1)
        eventually(lambda: not renewing.is_due())
        clock.passed_s = 4000.0
        assert not renewing.is_due()
        clock.passed_s, connected[0] = 4100.0, False
        assert not renewing.is_due()
        clock.passed_s = 4200.0
        eventually(lambda: len(renewed) == 2)
        clock.passed_s = 4300.0
        assert not renewing.is_due()  # not again and again
    finally:
        renewing.stop()
    assert terminal.identity.credentials == renewed[-1]


def test_renewing_survives_whatever_becomes_of_new_credentials(site: Site) -> None:
    """And by a clock that runs years ahead, where new ones are old at once, it asks ever more seldom."""
    terminal = site.terminal("far-ahead")
    site.accept(terminal.code())
    terminal.credentials()
    asked: list[float] = []

    def fail(_found: Credentials) -> None:
        asked.append(time.monotonic())
        raise RuntimeError("the place cannot be kept")

    clock = WornClock(site.clock.now_ms() + 9 * 365 * DAY_MS)
    renewing = Renewing(
        terminal.client, terminal.identity, clock, lambda: True, fail, look_every_s=0.02
    )
    renewing.start()
    try:
        eventually(lambda: len(asked) == 5)
    finally:
        renewing.stop()
    assert asked[4] - asked[3] >= 0.02 * 2**4 / 2


def test_damaged_credentials_are_replaced_by_the_key(site: Site) -> None:
    """And a place that the hub gave is taken up where a run ended before it was kept."""
    folder = site.folder / "damaged"
    terminal = Terminal(site, Identity(folder / IDENTITY), Card(hub_url=site.url))
    site.accept(terminal.code())
    found = terminal.credentials()
    settings = folder / "terminal.toml"
    settings.write_text('organisation = "clinic"\nfacility = "elsewhere"\n')
    login = BrokerLogin("127.0.0.1", 1, tls=True)
    begun: list[str] = []

    class Link:
        login: BrokerLogin | None = None
        is_heard = True

    def renewing() -> Renewing:
        member = Membership(folder, login, HubLogin(site.url))
        address = DeviceAddress(found.organisation, "elsewhere", found.device)
        clock = WornClock(site.clock.now_ms())
        made = member.renewing(Link(), clock, address, lambda: begun.append("anew"))  # type: ignore[arg-type]
        assert made is not None
        return made

    assert not renewing().is_due()
    assert begun == ["anew"]
    assert tomllib.loads(settings.read_text())["facility"] == found.facility

    (folder / IDENTITY / "credentials.json").write_bytes(bytes(100))
    damaged = renewing()
    assert damaged.is_due()
    damaged.start()
    try:
        eventually(lambda: len(begun) > 1)
    finally:
        damaged.stop()
    kept = Identity(folder / IDENTITY).credentials
    assert kept is not None
    assert kept.device == found.device
