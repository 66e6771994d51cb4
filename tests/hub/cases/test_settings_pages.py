"""The pages on which it is said how cases are handled: what they store, what they refuse, and whose they are."""

import json
from collections.abc import Iterator

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from hub.cases.casework import listing, workers
from hub.cases.correspondence import templates
from hub.cases.deadlines import calendars
from hub.core.jobs.tables import Job
from hub.core.mail import outgoing
from hub.core.permissions import Role
from hub.core.unit_of_work import Workplace
from hub.identity import accounts
from tests.hub.cases.complaints import AGENT, CHIEF, account, opened
from tests.hub.clinic import PASSWORD, WHOLE, Clinic, SignedIn

WEEK = {f"day{n}": "9-13, 14:00–17:00" for n in range(5)} | {"day5": "", "day6": ""}
TERMS = {"first_call_minutes": "30", "investigation_days": "5", "urgent_days": "2"}


@pytest.fixture
def manager(clinic: Clinic, staffed: Workplace) -> Iterator[SignedIn]:
    """Of `north` alone."""
    with staffed.begin() as work:
        accounts.create_account(
            work,
            WHOLE,
            name="north-manager",
            password_hash=clinic.passwords.hash(PASSWORD),
            role=Role.FACILITY_MANAGER,
            facility="north",
            email="manager@clinic.test",
        )
    with TestClient(clinic.app(), base_url="http://hub.test") as client:
        yield SignedIn(client, "north-manager")


def post(browser: SignedIn, path: str, **form: object) -> tuple[int, str]:
    told = {**form, "csrf": browser.csrf}
    answer = browser.client.post(path, data=told, follow_redirects=True)
    return answer.status_code, answer.text


def test_hours_holidays_and_terms_are_what_deadlines_count(
    manager: SignedIn, staffed: Workplace
) -> None:
    path = "/casework/hours/north"
    days = {"country": "ES", "region": "CT", "closed": ["2030-12-24", "", ""]}
    status, page = post(manager, path, **WEEK, **TERMS, **days, **{"topic-toilet": "1"})
    assert status == 200, page
    assert 'value="09:00-13:00, 14:00-17:00"' in page
    with staffed.read() as work:
        calendar = calendars.calendar_of(work, WHOLE, "north")
        terms = calendars.terms_of(work, WHOLE, "north")
    assert calendar.hours == "Mo-Fr 09:00-13:00,14:00-17:00"
    assert (calendar.country, calendar.region, len(calendar.closed)) == ("ES", "CT", 1)
    assert (terms.first_call_minutes, terms.days("toilet", False), terms.urgent_days) == (30, 1, 2)
    with staffed.read() as work:
        case = opened(staffed)
        assert listing.found(work, WHOLE, listing.Sought()).cases[0].id == case


@pytest.mark.parametrize(
    ("wrong", "shown"),
    [
        ({"day2": "nine to five"}, 'id="day2-problem"'),
        ({f"day{n}": "" for n in range(7)}, 'id="day0-problem"'),
        ({"investigation_days": "0"}, 'id="investigation_days-problem"'),
        ({"first_call_minutes": "soon"}, 'id="first_call_minutes-problem"'),
        ({"country": "XX"}, "country"),
        ({"closed": ["yesterday"]}, "closed"),
    ],
)
def test_a_wrong_field_is_marked_and_nothing_is_stored(
    manager: SignedIn, staffed: Workplace, wrong: dict[str, object], shown: str
) -> None:
    status, page = post(manager, "/casework/hours/north", **WEEK | TERMS | wrong)
    assert status == 422
    assert shown in page
    with staffed.read() as work:
        assert calendars.calendar_of(work, WHOLE, "north").hours == calendars.HOURS


def test_hours_that_no_week_can_say_are_kept_as_they_were_written(
    manager: SignedIn, staffed: Workplace
) -> None:
    told = {"hours": "Mo-Fr 09:00-17:00; Dec 24 off"}
    put = manager.client.put("/api/cases/calendars/north", json=told, headers=manager.headers)
    assert put.status_code == 204
    page = manager.client.get("/casework/hours?facility=north").text
    assert "Dec 24 off" in page
    assert post(manager, "/casework/hours/north", **told, **TERMS)[0] == 200
    with staffed.read() as work:
        assert calendars.calendar_of(work, WHOLE, "north").hours == told["hours"]


def test_somebody_away_has_a_deputy_on_the_page(manager: SignedIn, staffed: Workplace) -> None:
    path = f"/casework/people/north/{account(AGENT)}"
    told = {"name": "Ana", "takes_cases": "true", "languages": ["es", "ca"], "topics": ["toilet"]}
    away = {"away_from": "2020-01-01", "deputy": str(account(CHIEF)), "rank": "2"}
    status, page = post(manager, path, **told, **away, phone="+34600000009")
    assert status == 200, page
    assert "Carla acts for them" in page
    with staffed.read() as work:
        found = {w.account: w for w in workers.workers(work, WHOLE, "north")}[account(AGENT)]
        reach = workers.reach_of(work, WHOLE, account(AGENT))
    assert (found.rank, found.on_duty, sorted(found.languages)) == (2, False, ["ca", "es"])
    assert reach.phone == "+34600000009"
    status, page = post(manager, path, **told, away_from="2020-01-02", away_until="2020-01-01")
    assert status == 422
    assert 'id="away_until-problem"' in page


def test_a_label_is_added_renamed_taken_out_and_brought_back(
    manager: SignedIn, staffed: Workplace
) -> None:
    given = {"name": "With the lawyer", "status": "investigating"}
    assert post(manager, "/casework/labels/north/new", **given)[0] == 200
    with staffed.read() as work:
        (label,) = listing.labels(work, WHOLE, "north")
    path = f"/casework/labels/north/{label.id}"
    assert "At the lawyer" in post(manager, path, **given | {"name": "At the lawyer"})[1]
    assert "is out of use" in post(manager, path, **given, out="yes")[1]
    with staffed.read() as work:
        assert listing.labels(work, WHOLE, "north") == []
    assert post(manager, path, **given)[0] == 200
    assert post(manager, path, **given | {"status": "closed"})[0] == 422
    with staffed.read() as work:
        assert [one.id for one in listing.labels(work, WHOLE, "north")] == [label.id]


def test_a_template_is_written_tried_out_approved_and_brought_back(
    manager: SignedIn, clinic: Clinic, staffed: Workplace
) -> None:
    words = {"subject": "News from $clinic", "body": "Your code is $code, see $address."}
    path = "/casework/mails/north/new/es"
    page = post(manager, path, **words, look="yes")[1]
    assert "News from North" in page
    with staffed.read() as work:
        assert templates.templates(work, WHOLE, "north") == []
    assert post(manager, path, **words | {"body": "$name"})[0] == 422
    assert post(manager, path, **words)[0] == 200
    with staffed.read() as work:
        (one,) = templates.templates(work, WHOLE, "north")
    path = f"/casework/mails/north/{one.id}/es"
    assert "manager@clinic.test" in post(manager, f"{path}/try")[1]
    with staffed.read() as work:
        (job,) = [job for job in work.session.exec(select(Job)) if job.kind == "mail"]
        mail = outgoing.opened(work.vault, json.loads(job.payload))
    assert (mail.to, mail.subject) == ("manager@clinic.test", "News from North")
    assert post(manager, f"{path}/approve")[0] == 409
    assert post(manager, path, **words | {"body": "Another text"})[0] == 200
    other = SignedIn(TestClient(clinic.app(), base_url="http://hub.test"), "facility_manager")
    assert "Approved" in post(other, f"{path}/approve")[1]
    assert "Your code is" in post(manager, f"{path}/restore", version="1")[1]
    with staffed.read() as work:
        found = templates.versions(work, WHOLE, "north", one.id, "es")
    assert [v.version for v in found] == [3, 2, 1]
    assert [v.body == words["body"] for v in found] == [True, False, True]
    assert [v.approved_by is not None for v in found] == [False, True, False]


def test_sheets_lead_to_the_form_of_each_place(manager: SignedIn) -> None:
    page = manager.client.get("/casework/sheets?facility=north").text
    assert "Reception North" in page
    assert page.count('src="data:image/svg') == 2


@pytest.mark.parametrize("tab", ["hours", "people", "labels", "mails", "sheets"])
def test_of_a_neighbour_nothing_is_there(manager: SignedIn, tab: str) -> None:
    assert manager.client.get(f"/casework/{tab}?facility=south").status_code == 404


def test_an_agent_settles_nothing(clinic: Clinic, staffed: Workplace) -> None:
    agent = SignedIn(TestClient(clinic.app(), base_url="http://hub.test"), "agent")
    assert agent.client.get("/casework/hours").status_code == 403
    assert post(agent, "/casework/hours/north", **WEEK | TERMS)[0] == 403
