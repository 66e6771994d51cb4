"""What an operator types: sentences for what they can mend, and nothing half-done."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from cryptography.fernet import Fernet
from sqlalchemy import text
from typer.testing import CliRunner

from contract.topics import DeviceAddress
from hub.app import Hub, wire
from hub.cli import app
from hub.core.arrivals import Delivery
from hub.core.dead_letters import dead_letters
from hub.core.errors import HubError
from hub.core.logs import configure_logs
from hub.core.permissions import Role
from hub.core.scope import Scope
from hub.core.settings import HubSettings
from hub.feedback.service import recent
from hub.fleet.service import enrol
from hub.identity.accounts import create_account
from hub.identity.schemas import NewFacility
from hub.identity.service import create_facility
from hub.identity.signing_in import Caller, sign_in
from tests.fakes.clock import HeldClock
from tests.hub.terminal import Terminal

WHOLE = Scope("clinic")
STRANGER = DeviceAddress("clinic", "north", "stranger")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A folder and a terminal wide enough; the log goes back to where it was."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    yield
    configure_logs()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """The same database, beside the command."""
    opened = wire(HubSettings(data=tmp_path / "data"))
    yield opened
    opened.database.close()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_help_names_every_command_and_setting() -> None:
    shown = run("--help")
    assert shown.exit_code == 0
    for word in ("token", "dead-letters", "--data", "--host", "--port", "--broker", "--json"):
        assert word in shown.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "99999"),
        ("PORT", "http"),
        ("BROKER_PORT", "-1"),
        ("BATCH_MESSAGES", "0"),
        ("ORGANISATION", "Our Clinic"),
        ("TIME_ZONE", "Europe/Nowhere"),
        ("DATABASE", "mysql://elsewhere/x"),
        ("DATABASE", "hub.db"),
    ],
)
def test_a_setting_that_cannot_be_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.setenv(f"WELLHEARD_{name}", value)
    refused = run()
    assert refused.exit_code == 2
    assert refused.stderr.startswith(f"{name.lower()}: ")
    assert len(refused.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "70000"], "port: "),
        (["--broker", "carrier-pigeon", "token", "administrator"], "broker: "),
        (["token", "nobody"], "account"),
        (["dead-letters", "replay"], "--all"),
        (["dead-letters", "replay", "7", "--all"], "--all"),
    ],
)
def test_a_wrong_argument_is_answered_by_a_sentence(arguments: list[str], said: str) -> None:
    refused = run(*arguments)
    assert refused.exit_code in {1, 2}
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""


def test_a_database_that_is_away_is_said_without_its_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = f"postgresql://hub:s3cret@/hub?host={tmp_path}"
    monkeypatch.setenv("WELLHEARD_DATABASE", url)
    refused = run("token", "administrator")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("database: ")
    assert "s3cret" not in refused.stderr


def test_a_spoilt_file_of_keys_is_named(tmp_path: Path) -> None:
    keys = tmp_path / "data" / "keys" / "personal.keys"
    keys.parent.mkdir(parents=True)
    keys.write_text("nonsense")
    refused = run("token", "administrator")
    assert refused.exit_code == 1
    assert "personal.keys" in refused.stderr


def test_a_token_before_the_first_start_tells_the_administrator_s_password() -> None:
    first = run("token", "administrator")
    assert first.exit_code == 0
    assert len(first.stdout.split()) == 1
    assert "First administrator: administrator, password " in first.stderr
    second = run("token", "administrator")
    assert (second.exit_code, second.stderr) == (0, "")
    assert second.stdout != first.stdout


def test_a_new_password_holds_at_once(hub: Hub) -> None:
    assert hub.first_administrator is not None
    name, old = hub.first_administrator.name, hub.first_administrator.password
    new = "horses eat clover"

    def given(*typed: str) -> Result:
        return CliRunner().invoke(app, ["password", name], input="\n".join([*typed, ""]))

    def signs_in(password: str) -> bool:
        known = {"name": name, "password": password}
        caller = Caller("192.0.2.1")
        try:
            sign_in(hub.parts.workplace, hub.parts.passwords, caller, **known)
        except HubError:
            return False
        return True

    assert given("short", "short").exit_code == 2
    assert signs_in(old)
    changed = given(new, new)
    assert changed.exit_code == 0
    assert new not in changed.output
    assert (signs_in(old), signs_in(new)) == (False, True)
    assert CliRunner().invoke(app, ["password", "nobody"], input=f"{new}\n{new}\n").exit_code == 1


def test_dead_letters_are_listed_and_stored_after_all(hub: Hub) -> None:
    terminal = Terminal(HeldClock(), STRANGER)
    poison = Delivery(f"{STRANGER}/up/ButtonPressed", b"{", 1)
    hub.parts.inbox.store([*terminal.presses(2), poison])
    listed = run("dead-letters", "list").stdout.splitlines()
    assert [line.split("\t")[:3] for line in listed] == [
        ["3", "waiting", "unknown_device"],
        ["2", "waiting", "unknown_device"],
        ["1", "waiting", "invalid_json"],
    ]
    assert len(run("dead-letters", "list", "--limit", "1").stdout.splitlines()) == 1

    too_early = run("dead-letters", "replay", "2")
    assert (too_early.exit_code, "not enrolled" in too_early.stderr) == (1, True)

    with hub.parts.workplace.begin() as work:
        create_facility(work, WHOLE, NewFacility(id="north", name="North"))
        enrol(work, WHOLE, STRANGER)
    one = run("dead-letters", "replay", "2")
    assert (one.exit_code, one.stdout) == (0, "2: stored\n")
    rest = run("dead-letters", "replay", "--all")
    assert (rest.exit_code, rest.stdout) == (1, "3: stored\n")
    assert rest.stderr.startswith("1: It still cannot be understood")
    again = run("dead-letters", "replay", "2")
    assert (again.exit_code, "already" in again.stderr) == (1, True)
    with hub.parts.workplace.read() as work:
        assert len(recent(work, WHOLE)) == 2
        states = [letter.state for letter in dead_letters(work, WHOLE)]
    assert states == ["replayed", "replayed", "waiting"]


def test_the_audit_log_is_verified_and_a_changed_byte_is_found(hub: Hub) -> None:
    first = json.loads(run("audit", "verify", "--json").stdout)
    assert (first["whole"], first["broken"]) == (True, None)
    noted = f"{first['count']}:{first['digest']}"
    with hub.parts.workplace.begin() as work:
        for number in range(3):
            work.audit.record(WHOLE, "case.read", f"case/{number}")
    later = run("audit", "verify", "--noted", noted)
    assert (later.exit_code, f"{first['count'] + 3} entries fit" in later.stdout) == (0, True)
    assert run("audit", "verify", "--noted", "nonsense").exit_code == 2
    elsewhere = run("audit", "verify", "--noted", f"{first['count']}:{'0' * 64}")
    assert (elsewhere.exit_code, "not the one that was noted" in elsewhere.stderr) == (1, True)
    with hub.parts.workplace.begin() as work:
        changed = "UPDATE audit_entry SET subject = 'case/9' WHERE subject = 'case/1'"
        work.connection.execute(text(changed))
    broken = run("audit", "verify")
    assert broken.exit_code == 1
    assert f"After entry {first['count'] + 1}: The next entry was changed" in broken.stderr


def test_keys_are_rotated_and_all_stays_readable(hub: Hub) -> None:
    with hub.parts.workplace.begin() as work:
        hashed = hub.parts.passwords.hash("correct horse")
        given = {"name": "ana", "role": Role.VIEWER, "email": "ana@clinic.example"}
        create_account(work, WHOLE, password_hash=hashed, **given)
    file = hub.parts.settings.data / "keys" / "personal.keys"
    (old,) = file.read_bytes().split()
    rotated = run("keys", "rotate", "--now")
    assert (rotated.exit_code, "All of them are." in rotated.stdout) == (0, True)
    newest, former = file.read_bytes().split()
    assert former == old
    with hub.parts.workplace.read() as work:
        sealed = text("SELECT email_sealed FROM account WHERE name = 'ana'")
        clear = Fernet(newest).decrypt(work.connection.execute(sealed).scalar_one())
        assert hub.keys.open(Fernet(old).encrypt(b"from before")) == b"from before"
    assert clear == b"ana@clinic.example"
    again = run("keys", "rotate")
    assert (again.exit_code, "in the background" in again.stdout) == (0, True)
    assert run("audit", "verify").exit_code == 0
