"""Rollouts by pages and by REST: begun, seen, steered, refused and proved by a table."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from hub.core.audit.tables import AuditEntry
from hub.core.permissions import Role
from hub.identity import accounts
from hub.identity.tables import Facility
from tests.fakes.clock import HeldClock
from tests.hub.clinic import PASSWORD, WHOLE, Clinic, SignedIn
from tests.hub.fleet.repository.operator import published
from tests.hub.fleet.rollouts.fleet import NEW, OLD, Fleet

HOME = "/fleet/rollouts"
GROUPS = [{"soak_minutes": 0}, {"percent": 100, "soak_minutes": 0, "needs_approval": True}]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def fleet(clinic: Clinic) -> Fleet:
    made = Fleet(clinic, 4)
    hashed = clinic.passwords.hash(PASSWORD)
    with clinic.workplace.begin() as work:
        accounts.create_account(
            work, WHOLE, name="north-fleet", password_hash=hashed, role=Role.FLEET, facility="north"
        )
    return made


@pytest.fixture
def client(fleet: Fleet, clock: HeldClock, tmp_path: Path) -> Iterator[TestClient]:
    """Of a hub to which the old and the new release are published."""
    published(fleet.clinic.parts(data=str(tmp_path)).repository, clock, OLD, NEW)
    with TestClient(fleet.clinic.app(data=str(tmp_path)), base_url="http://hub.test") as opened:
        yield opened


def begun(person: SignedIn, fleet: Fleet, **other: object) -> str:
    given = {
        "release": NEW, "channel": "stable", "devices": fleet.names, "canaries": ["t-01"], "groups": GROUPS,
        "note": "=spring", **other,
    }  # fmt: skip
    answer = person.client.post("/api/rollouts", json=given, headers=person.headers)
    assert answer.status_code == 201, answer.text
    name: str = answer.json()["id"]
    return name


def test_a_rollout_is_begun_by_the_form(fleet: Fleet, client: TestClient) -> None:
    person = SignedIn(client, "fleet")
    page = client.get(HOME).text
    assert "No rollout yet." in page
    form = {
        "csrf": person.csrf, "release": f"stable/{NEW}", "facilities": ["north"], "steps": "50, 50",
        "needs_approval": "true", "kilobytes_per_s": "200", "soak_minutes": "0",
    }  # fmt: skip
    wrong = client.post(
        f"{HOME}/new", data=form | {"facilities": [], "steps": "50", "least": "x", "release": ""}
    )
    assert wrong.status_code == 422
    for sentence in ("Choose facilities", "add up to 100", "A whole number.", "Choose a release."):
        assert sentence in wrong.text
    assert client.get(f"{HOME}/new").status_code == 200
    gone = client.post(f"{HOME}/new", data=form | {"release": "stable/9.9"})
    assert (gone.status_code, "no such release" in gone.text) == (422, True)
    made = client.post(f"{HOME}/new", data=form)
    assert (made.status_code, f"Rollout of {NEW}" in made.text) == (200, True)
    (listed,) = client.get("/api/rollouts").json()
    assert [g["needs_approval"] for g in listed["groups"]] == [False, True]
    assert sum(g["size"] for g in listed["groups"]) == 3, "two and the clinic's own terminal"
    again = client.post(f"{HOME}/new", data=form)
    assert (again.status_code, "in another rollout" in again.text) == (422, True)


def test_a_rollout_is_followed_and_steered(fleet: Fleet, client: TestClient) -> None:
    person = SignedIn(client, "fleet")
    name = begun(person, fleet)
    act = f"/api/rollouts/{name}"
    fleet.look()
    fleet.report(["t-01"], "failed", OLD, reason="health gate: <screen>")
    fleet.look(minutes=1)
    page = client.get(f"{HOME}/{name}").text
    for text in (
        "Too few terminals confirmed",
        "health gate: &lt;screen&gt;",
        "needs approval",
        "it says that it failed",
    ):
        assert text in page, text
    assert client.post(f"{act}/resume", headers=person.headers).status_code == 204
    form = {"csrf": person.csrf}
    assert client.post(f"{HOME}/{name}/groups/1/approve", data=form).status_code == 200
    fleet.look(minutes=1)
    fleet.take(fleet.names[1:])
    fleet.look(minutes=1)
    assert client.get(act).json()["state"] == "done"
    returned = client.post(f"{act}/groups/1/return", headers=person.headers)
    assert returned.status_code == 204
    assert client.post(f"{act}/pause", headers=person.headers).status_code == 409
    assert client.post(f"{act}/dance", headers=person.headers).status_code == 422
    assert client.get(f"{HOME}/{name}/progress").text.count("back: asked") == 3

    table = client.get(f"{act}/evidence")
    rows = list(csv.DictReader(table.content.decode("utf-8-sig").splitlines()))
    assert [row["device"] for row in rows] == fleet.names
    first, last = rows[0], rows[-1]
    assert (first["standing"], first["reason"], first["approved_by"]) == ("failed", "reported", "")
    assert (last["standing"], last["version_before"], last["approved_by"]) == (
        "confirmed",
        OLD,
        "fleet",
    )
    assert len(first["lock_sha256"]) == 64


def test_a_deed_with_one_forbidden_terminal_is_denied_whole_and_audited(
    fleet: Fleet, client: TestClient
) -> None:
    person = SignedIn(client, "north-fleet")
    given = {
        "release": NEW,
        "channel": "stable",
        "devices": ["t-01", "t-02"],
        "groups": [{"percent": 100}],
    }
    answer = client.post("/api/rollouts", json=given, headers=person.headers)
    assert answer.status_code == 403
    name = begun(SignedIn(client, "fleet"), fleet)
    person = SignedIn(client, "north-fleet")
    seen = client.get(f"/api/rollouts/{name}/devices").json()
    assert [part["device"] for part in seen] == ["t-01", "t-03"]
    for act in ("pause", "groups/1/approve", "groups/0/return"):
        denied = client.post(f"/api/rollouts/{name}/{act}", headers=person.headers)
        assert denied.status_code == 403, act
    fleet.look()
    assert fleet.told() == ["t-01"]
    with fleet.clinic.workplace.read() as work:
        denials = select(AuditEntry.action).where(col(AuditEntry.action).endswith(".denied"))
        assert sorted(work.session.exec(denials)) == [
            "rollout.approve.denied", "rollout.begin.denied", "rollout.pause.denied", "rollout.return.denied",
        ]  # fmt: skip


def test_facilities_have_their_hours(fleet: Fleet, client: TestClient) -> None:
    person = SignedIn(client, "fleet")
    night = {"starts-0": "22:30", "ends-0": "05:00", "days-0": ["0", "6"]}
    noon = {"starts-1": "13:00", "ends-1": "14:00", "days-1": ["2"]}
    form = {"csrf": person.csrf, **night, **noon}
    more = client.post("/fleet/hours/north", data=form | {"act": "add"}).text
    assert 'name="starts-2" value="22:00"' in more
    assert "Not saved yet." in more
    assert client.get("/api/maintenance").json() == {}
    page = client.post("/fleet/hours/north", data=form | {"act": "save"}).text
    assert "22:30–05:00" in page
    assert "13:00–14:00" in page
    both = [
        {"starts": 1350, "ends": 300, "days": [0, 6]},
        {"starts": 780, "ends": 840, "days": [2]},
    ]
    assert client.get("/api/maintenance").json() == {"north": {"windows": both}}
    fewer = client.post("/fleet/hours/north", data=form | {"act": "remove-0"}).text
    assert 'name="starts-0" value="13:00"' in fewer
    assert client.get("/api/maintenance").json() == {"north": {"windows": both}}, "not yet"
    for wrong in ({"starts-1": "late"}, {"ends-0": "24:00"}, {"days-1": []}):
        refused = client.post("/fleet/hours/north", data=form | wrong)
        assert (
            refused.status_code,
            'aria-invalid="true"' in refused.text or "Choose the days" in refused.text,
        ) == (422, True)
    assert client.get("/api/maintenance").json() == {"north": {"windows": both}}
    nothing = client.put("/api/maintenance/north", json={"windows": []}, headers=person.headers)
    assert nothing.status_code == 204
    assert "22:30" not in client.get("/fleet/hours").text.split("south")[0].split("<p><strong")[-1]
    SignedIn(client, "viewer")
    assert client.post("/fleet/hours/north", data=form).status_code == 403
    assert 'name="days-0"' not in client.get("/fleet/hours").text


def test_terminals_are_chosen_by_facility_and_tag(fleet: Fleet, client: TestClient) -> None:
    person = SignedIn(client, "fleet")
    given = {"devices": ["t-01", "t-02", "desk-1"], "tag": "Pilot"}
    assert client.post("/api/fleet/tags", json=given, headers=person.headers).is_success
    chosen = client.get(f"{HOME}/new/chosen", params={"facilities": "north", "tags": "pilot"}).text
    assert "These are 2 terminals." in chosen
    assert "No terminal is chosen yet." in client.get(f"{HOME}/new/chosen").text
    form = {"csrf": person.csrf, "release": f"stable/{NEW}", "tags": ["pilot"], "steps": "100"}
    made = client.post(f"{HOME}/new", data=form)
    assert made.status_code == 200
    (listed,) = client.get("/api/rollouts").json()
    taking = client.get(f"/api/rollouts/{listed['id']}/devices").json()
    assert {part["device"] for part in taking} == {"t-01", "t-02", "desk-1"}
    terms = {"release": NEW, "channel": "stable", "groups": [{"percent": 100}]}
    asked = terms | {"facilities": ["south"], "canaries": []}
    made = client.post("/api/rollouts", json=asked, headers=person.headers)
    assert made.status_code == 409, "one of them is in the other rollout"
    for wrong, field in (
        ({"tags": ["nothing"]}, "facilities"),
        ({"tags": ["pilot"], "facilities": ["south"], "canaries": ["t-01"]}, "canaries"),
        ({"tags": ["pilot"], "devices": ["t-01"]}, "body"),
        ({}, "body"),
    ):
        groups = [{}, {"percent": 100}] if "canaries" in wrong else [{"percent": 100}]
        asked = terms | {"groups": groups} | wrong
        refused = client.post("/api/rollouts", json=asked, headers=person.headers)
        assert (refused.status_code, refused.json().get("field") in {field, None, ""}) == (
            422,
            True,
        )


def test_times_are_those_of_the_facilities_that_it_goes_to(
    fleet: Fleet, client: TestClient
) -> None:
    with fleet.clinic.workplace.begin() as work:
        for place in work.session.exec(select(Facility)):
            place.time_zone = "Atlantic/Canary" if place.id == "north" else "Europe/Moscow"
            work.session.add(place)
    operator = SignedIn(client, "fleet")
    one = begun(operator, fleet, devices=["t-01"], canaries=[], groups=GROUPS[1:])
    assert _zones(client.get(f"{HOME}/{one}").text) == {"Atlantic/Canary"}, "of its terminals"
    assert _zones(client.get(HOME).text) == {"Europe/Madrid"}, "of several: the organisation's"
    client.cookies.clear()
    SignedIn(client, "north-fleet")
    assert _zones(client.get(HOME).text) == {"Atlantic/Canary"}


def _zones(page: str) -> set[str]:
    assert "UTC" not in page
    return set(re.findall(r'data-zone="([^"]+)"', page))
