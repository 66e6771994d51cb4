"""Commands by REST and on their page: to many at once or to none, and files for whoever manages the terminal."""

import json
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from contract.messages import JobReported
from hub.core.audit.tables import AuditEntry
from hub.core.passwords import token_hash
from hub.core.permissions import Role
from hub.fleet import registry
from hub.fleet.enrolment import keys
from hub.fleet.job_tables import JobFile
from hub.fleet.jobs.files import KEPT_MS, LARGEST_BYTES, forgetting_duty
from hub.identity import accounts
from tests.hub.clinic import PASSWORD, WHOLE, Clinic, SignedIn
from tests.hub.terminal import Terminal

DEVICE = ("desk-1", "terminal's own")


@pytest.fixture
def operator(clinic: Clinic, client: TestClient) -> SignedIn:
    with clinic.workplace.begin() as work:
        registry.remember_password(work, DEVICE[0], token_hash(DEVICE[1]))
        hashed = clinic.passwords.hash(PASSWORD)
        accounts.create_account(
            work,
            WHOLE,
            name="north-fleet",
            password_hash=hashed,
            role=Role.FLEET,
            facility="north",
        )
    return SignedIn(client, "north-fleet")


def ask(by: SignedIn, kind: str, *devices: str) -> Any:
    given = {"kind": kind, "devices": list(devices)}
    return by.client.post("/api/device-jobs", json=given, headers=by.headers)


def send(by: SignedIn, job: str, content: bytes, login: tuple[str, str] = DEVICE) -> int:
    status: int = by.client.post(
        f"/api/device/jobs/{job}/file", content=content, auth=login
    ).status_code
    return status


def test_one_that_is_shut_out_is_asked_for_nothing(clinic: Clinic, operator: SignedIn) -> None:
    with clinic.workplace.begin() as work:
        keys.revoke(work, WHOLE, "desk-1")
    assert ask(operator, "reboot", "desk-1").status_code == 409
    assert operator.client.get("/api/device-jobs").json() == []


def test_what_was_never_asked_cannot_be_taken_back(operator: SignedIn) -> None:
    job = ask(operator, "logs", "desk-1").json()["desk-1"]
    for name, status in (("nothing", 404), (job, 204), (job, 204)):
        answer = operator.client.delete(f"/api/device-jobs/{name}", headers=operator.headers)
        assert answer.status_code == status


def test_one_forbidden_terminal_denies_the_deed_and_it_is_audited(
    clinic: Clinic, operator: SignedIn
) -> None:
    assert ask(operator, "reboot", "desk-1", "desk-2").status_code == 403
    assert operator.client.get("/api/device-jobs").json() == []
    with clinic.workplace.read() as work:
        entries = select(AuditEntry).where(AuditEntry.action == "command.reboot.denied")  # type: ignore[arg-type]
        (entry,) = work.session.execute(entries).scalars()
    assert json.loads(entry.detail) == {"denied": 1, "devices": "desk-2"}
    assert entry.actor.startswith("account/")
    assert set(ask(operator, "reboot", "desk-1").json()) == {"desk-1"}


def test_a_file_comes_from_the_terminal_that_was_asked_and_is_forgotten(
    clinic: Clinic, operator: SignedIn
) -> None:
    job = ask(operator, "logs", "desk-1").json()["desk-1"]
    assert send(operator, job, b"[]", ("desk-1", "wrong")) == 401
    assert send(operator, "another", b"[]") == 404
    assert send(operator, job, b"") == 422
    assert send(operator, job, b"x" * (LARGEST_BYTES + 1)) == 413
    assert send(operator, job, b'[{"event": "secret_word"}]') == 204
    with clinic.workplace.read() as work:
        row = work.session.get(JobFile, job)
        assert row is not None
        assert b"secret_word" not in row.sealed
    found = operator.client.get(f"/api/device-jobs/{job}/file")
    assert found.json() == [{"event": "secret_word"}]
    assert found.headers["cache-control"] == "no-store"
    page = operator.client.get("/devices/desk-1/remote")
    assert f"/api/device-jobs/{job}/file" in page.text
    clinic.inbox.store(
        [Terminal(clinic.clock).deliver(JobReported, job=job, outcome="done", step="sent")]
    )
    assert send(operator, job, b"[1]") == 404, "nothing is added once it is closed"
    viewer = SignedIn(operator.client, "viewer")
    assert viewer.client.get(f"/api/device-jobs/{job}/file").status_code == 403
    clinic.clock.move(ms=KEPT_MS + 1)
    forgetting_duty(clinic.workplace).step()
    with clinic.workplace.read() as work:
        assert work.session.get(JobFile, job) is None


def test_the_page_asks_and_shows_what_came_of_it(clinic: Clinic, operator: SignedIn) -> None:
    form = {"kind": "screenshot", "csrf": operator.csrf}
    answer = operator.client.post("/devices/desk-1/remote", data=form, follow_redirects=False)
    assert answer.status_code == 303
    (job,) = operator.client.get("/api/device-jobs").json()
    assert f"{job['id']}/take-back" in operator.client.get("/devices/desk-1/remote").text
    told = {"job": job["id"], "outcome": "failed", "step": "patient", "reason": "somebody came"}
    clinic.inbox.store([Terminal(clinic.clock).deliver(JobReported, **told)])
    page = operator.client.get("/devices/desk-1/remote").text
    assert "a patient was there all the time, and nothing was done." in page
    assert "somebody came" not in page, "it is said in the reader's language"
    assert "take-back" not in page, "what has ended cannot be taken back"
    operator.client.post("/devices/desk-1/remote", data=form | {"kind": "restart"})
    (last,) = (
        one for one in operator.client.get("/api/device-jobs").json() if one["id"] != job["id"]
    )
    back = f"/devices/desk-1/remote/{last['id']}/take-back"
    assert "taken back" in operator.client.post(back, data=form).text
    assert operator.client.get("/devices/desk-2/remote").status_code == 404
