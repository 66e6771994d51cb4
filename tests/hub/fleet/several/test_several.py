"""What is done to several terminals at once: shown first, done to all or none, audited, followed and taken back."""

import json
import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from contract.messages import JobReported
from hub.core.audit.tables import AuditEntry
from hub.core.permissions import Role
from hub.fleet.authority import issuing
from hub.fleet.enrolment import keys
from hub.identity import accounts
from tests.hub.clinic import NORTH, PASSWORD, SOUTH, WHOLE, Clinic, SignedIn
from tests.hub.terminal import Terminal

BOTH = ["desk-1", "desk-2"]


@pytest.fixture
def operator(clinic: Clinic, client: TestClient) -> SignedIn:
    return SignedIn(client, "fleet")


@pytest.fixture
def northern(clinic: Clinic, client: TestClient) -> SignedIn:
    with clinic.workplace.begin() as work:
        hashed = clinic.passwords.hash(PASSWORD)
        accounts.create_account(
            work, WHOLE, name="north-fleet", password_hash=hashed, role=Role.FLEET, facility="north"
        )
    return SignedIn(client, "north-fleet")


def post(by: SignedIn, path: str, status: int = 200, **fields: object) -> str:
    answer = by.client.post(f"/fleet/{path}", data=fields | {"csrf": by.csrf})
    assert answer.status_code == status, answer.text
    return answer.text


def jobs(by: SignedIn) -> list[dict]:
    found: list[dict] = by.client.get("/api/device-jobs").json()
    return found


def tagged(by: SignedIn, tag: str) -> set[str]:
    found = by.client.get("/api/fleet", params={"q": f"tag:{tag}"}).json()
    return {one["device"] for one in found}


def audited(clinic: Clinic, action: str) -> list[dict]:
    with clinic.workplace.read() as work:
        entries = select(AuditEntry).where(AuditEntry.action == action)  # type: ignore[arg-type]
        return [json.loads(entry.detail) for entry in work.session.execute(entries).scalars()]


def test_a_command_is_shown_with_its_terminals_then_asked_of_all_and_taken_back_where_it_has_not_begun(
    clinic: Clinic, operator: SignedIn
) -> None:
    clinic.come_online(NORTH)
    shown = post(operator, "several", deed="reboot", device=BOTH)
    assert "Start the terminal anew: 2 terminals" in shown
    assert "Terminal North" in shown
    assert "Terminal South" in shown
    assert "1 of them is not connected now" in shown
    assert jobs(operator) == [], "nothing is done before it is confirmed"
    page = post(operator, "several/confirmed", deed="reboot", device="desk-1 desk-2", minutes=60)
    assert "Take back what has not begun (2)" in page
    first, second = sorted(jobs(operator), key=lambda job: job["device"])
    assert first["batch"] == second["batch"]
    assert first["until_ms"] - first["asked_ms"] == 3_600_000
    begun = {"job": first["id"], "outcome": "running", "step": "reboot"}
    clinic.inbox.store([Terminal(clinic.clock, NORTH).deliver(JobReported, **begun)])
    after = post(operator, f"asked/{first['batch']}/take-back")
    assert "Take back" not in after, "what has begun cannot be taken back"
    assert {job["device"]: job["closed"] for job in jobs(operator)} == {
        "desk-1": None,
        "desk-2": "taken_back",
    }
    listed = operator.client.get("/fleet/asked").text
    assert re.search(r"taken back\s+1", listed)
    assert "fleet</span>" in listed, "who asked is named"


def test_one_forbidden_terminal_denies_it_for_all_and_that_is_audited(
    clinic: Clinic, northern: SignedIn
) -> None:
    post(northern, "several", 403, deed="tag", device=BOTH)
    post(northern, "several/confirmed", 403, deed="restart", device="desk-1 desk-2")
    post(northern, "several/confirmed", 403, deed="tag", device="desk-1 desk-2", tag="lobby")
    assert jobs(northern) == []
    assert tagged(northern, "lobby") == set()
    denied = {"denied": 1, "devices": "desk-2"}
    assert audited(clinic, "command.restart.denied") == [denied]
    assert audited(clinic, "several.tag.denied") == [denied, denied]
    given = {"devices": BOTH, "tag": "lobby"}
    program = northern.client.post("/api/fleet/tags", json=given, headers=northern.headers)
    assert program.status_code == 403
    post(northern, "several/confirmed", deed="restart", device="desk-1")
    (own,) = jobs(northern)
    with clinic.workplace.begin() as work:  # it is moved to where its operator may not manage it
        work.connection.exec_driver_sql("UPDATE device SET facility = 'south' WHERE id = 'desk-1'")
    post(northern, f"asked/{own['batch']}/take-back", 403)
    assert audited(clinic, "job.take_back.denied") == [{"denied": 1, "devices": "desk-1"}]


def test_all_of_a_filter_are_those_that_it_means_when_they_are_shown(
    clinic: Clinic, operator: SignedIn
) -> None:
    shown = post(operator, "several", deed="logs", q="facility:south", everything="true")
    assert "Fetch the log: 1 terminal" in shown
    assert 'name="device" value="desk-2"' in shown
    with clinic.workplace.begin() as work:
        issuing.succeed(work)
        keys.revoke(work, WHOLE, SOUTH.device)
    out = post(operator, "several", deed="logs", device=BOTH)
    assert 'name="device" value="desk-1"' in out
    assert "Shut out, and so left out:" in out
    post(operator, "several", 422, deed="logs")


def test_tags_are_given_and_taken_by_undo_from_those_alone_that_got_them(
    clinic: Clinic, operator: SignedIn
) -> None:
    one = {"devices": ["desk-1"], "tag": "Lobby"}
    changed = operator.client.post("/api/fleet/tags", json=one, headers=operator.headers)
    assert changed.json() == ["desk-1"]
    page = post(operator, "several/confirmed", deed="tag", device="desk-1 desk-2", tag="LOBBY")
    assert "1 terminal has it now." in page
    assert tagged(operator, "lobby") == {"desk-1", "desk-2"}
    undone = post(operator, "several/confirmed", deed="untag", device="desk-2", tag="lobby")
    assert "1 terminal has it no longer." in undone
    assert tagged(operator, "lobby") == {"desk-1"}
    wrong = post(operator, "several/confirmed", 422, deed="tag", device="desk-1", tag="two words")
    assert "A tag is one word of at most 40 letters." in wrong
    assert "Terminal North" in wrong, "what was chosen is still there"


def test_settings_of_several_are_those_of_a_tag(clinic: Clinic, operator: SignedIn) -> None:
    post(operator, "several", deed="settings", device=BOTH)
    page = post(operator, "several/confirmed", deed="settings", device="desk-1", tag="Pilot")
    assert tagged(operator, "pilot") == {"desk-1"}
    assert "#pilot</a>" in page
