"""Pages and resources of the cases: what they show, what they refuse and how, and to whom."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from contract.messages import Asked
from contract.receipts import receipt_code
from hub.cases.casework import listing
from hub.cases.casework.listing import Sought
from hub.cases.casework.statuses import WAY
from hub.cases.problems import problems
from hub.cases.receipts import forms
from hub.core.unit_of_work import Workplace
from tests.hub.cases.complaints import WORDS, opened
from tests.hub.clinic import WHOLE, Clinic, SignedIn
from tests.hub.terminal import Terminal


@pytest.fixture
def manager(clinic: Clinic, staffed: Workplace) -> Iterator[SignedIn]:
    with TestClient(clinic.app(), base_url="http://hub.test") as client:
        yield SignedIn(client, "facility_manager")


def post(browser: SignedIn, path: str, **form: object) -> int:
    told = {**form, "csrf": browser.csrf}
    return browser.client.post(path, data=told, follow_redirects=True).status_code


def test_the_whole_way_by_the_pages(manager: SignedIn, staffed: Workplace) -> None:
    case = opened(staffed)
    page = manager.client.get("/cases")
    assert page.status_code == 200
    assert f'href="/cases/{case}"' in page.text
    page = manager.client.get(f"/cases/{case}")
    assert page.status_code == 200
    assert WORDS in page.text
    assert "600123456" not in page.text
    assert post(manager, f"/cases/{case}/status", to="closed", minutes=3) == 409
    assert post(manager, f"/cases/{case}/status", to="contacting") == 422
    for status in WAY[1:]:
        assert post(manager, f"/cases/{case}/status", to=status.value, minutes=3) == 200
    assert post(manager, f"/cases/{case}/comment", text="We spoke", audience="client") == 200
    revealed = manager.client.post(f"/cases/{case}/person", data={"csrf": manager.csrf})
    assert "+34600123456" in revealed.text


def test_the_same_for_programs(manager: SignedIn, staffed: Workplace) -> None:
    client, headers = manager.client, manager.headers
    made = client.post(
        "/api/cases",
        json={"facility": "north", "words": "dirty toilet", "language": "en"},
        headers=headers,
    )
    assert made.status_code == 201, made.text
    at = f"/api/cases/{made.json()['id']}"
    assert (
        client.post(f"{at}/status", json={"to": "contacting"}, headers=headers).status_code == 422
    )
    refused = client.post(f"{at}/status", json={"to": "closed", "minutes": 1}, headers=headers)
    assert refused.status_code == 409
    assert "informed" in refused.json()["detail"]
    change = {"case": made.json()["id"], "to": "contacting"}
    bulk = client.post("/api/cases/status", json={"changes": [change]}, headers=headers)
    assert bulk.status_code == 422
    changes = {"changes": [change | {"minutes": 0}]}
    assert client.post("/api/cases/status", json=changes, headers=headers).status_code == 200
    assert client.get(at).json()["case"]["status"] == "contacting"
    found = client.get("/api/cases", params={"search": "toilets"}).json()["cases"]
    assert [one["id"] for one in found] == [made.json()["id"]]
    for part in ("suggestions", "calls", "labour", "deadlines", "person"):
        assert client.get(f"{at}/{part}").status_code == 200
    hours = {"hours": "Mo-Fr 09:00-13:00,14:00-17:00", "country": "ES", "region": "CT"}
    assert client.put("/api/cases/calendars/north", json=hours, headers=headers).status_code == 204
    wrong = client.put(
        "/api/cases/calendars/north", json={"hours": "nine to five"}, headers=headers
    )
    assert (wrong.status_code, wrong.json()["field"]) == (422, "hours")


def test_a_form_opens_a_case_whose_receipt_tells_what_became_of_it(
    manager: SignedIn, staffed: Workplace
) -> None:
    client = manager.client
    with staffed.read() as work:
        path = forms.address(work.vault, "clinic", "north", "reception-north")
    assert client.get(path[:-1] + "0").status_code in {404, 200 if path.endswith("0") else 404}
    assert client.get(path).status_code == 200
    assert client.post(path, data={"words": "rude", "phone": "+34600123456"}).status_code == 422
    machine = client.post(path, data={"words": "spam", "website": "http://spam.test"})
    assert machine.status_code == 200
    said = client.post(
        path, data={"words": "Nobody greeted me", "phone": "+34600123456", "consent": "true"}
    )
    assert said.status_code == 200
    with staffed.read() as work:
        (case,) = listing.found(work, WHOLE, Sought()).cases
    code = receipt_code(case.visit)
    assert code in said.text
    assert case.source == "qr"
    shown = client.post("/receipt", data={"code": code.lower().replace("-", " ")})
    assert shown.status_code == 200
    assert "Nobody greeted me" not in shown.text
    assert "+346" not in shown.text


def test_codes_cannot_be_guessed(manager: SignedIn) -> None:
    answers = [
        manager.client.post("/receipt", data={"code": f"0000{n:06}"}).status_code for n in range(21)
    ]
    assert set(answers[:20]) == {404}
    assert answers[20] == 429


@pytest.mark.parametrize("by", ["topic", "employee", "touchpoint", "stage"])
def test_statistics_on_a_page_and_in_files(manager: SignedIn, staffed: Workplace, by: str) -> None:
    opened(staffed)
    assert manager.client.get("/cases/statistics", params={"by": by}).status_code == 200
    marks = {"csv": b"\xef\xbb\xbfgroup,cases", "xlsx": b"PK", "pdf": b"%PDF-"}
    for form, mark in marks.items():
        file = manager.client.get("/cases/statistics", params={"by": by, "form": form})
        assert file.status_code == 200
        assert file.content.startswith(mark)


def test_three_complaints_of_a_kind_are_a_problem(
    manager: SignedIn, staffed: Workplace, clinic: Clinic
) -> None:
    numbers = [opened(staffed, n) for n in range(3)]
    for case in numbers:
        assert post(manager, f"/cases/{case}/topic", topic="toilet") == 200
    clinic.clock.move(hours=1)
    with staffed.read() as work:
        (found,) = problems.problems(work, WHOLE)
    at = f"/problems/{found.id}"
    assert manager.client.get("/problems").status_code == 200
    assert post(manager, f"{at}/close") == 409
    assert (
        post(manager, f"{at}/action", action="Clean it hourly", owner=101, due="2030-01-01") == 200
    )
    assert post(manager, f"{at}/done") == 200
    assert post(manager, f"{at}/check") == 409
    assert (
        post(manager, f"{at}/standard", standard="cleaning", title="Cleaning", text="Every hour")
        == 200
    )
    assert post(manager, f"{at}/check") == 409
    assert post(manager, f"{at}/close") == 409
    clinic.clock.move(days=15)
    again = SignedIn(manager.client, "facility_manager")
    assert post(again, f"{at}/check") == 200
    assert post(again, f"{at}/close") == 200
    with staffed.read() as work:
        closed = problems.problem(work, WHOLE, found.id)
    assert closed.cases == tuple(numbers)
    assert closed.checked is not None
    assert closed.checked["before"]["count"] == 3


def test_an_unhappy_answer_is_an_alert_at_once(manager: SignedIn, clinic: Clinic) -> None:
    terminal = Terminal(clinic.clock)
    clinic.inbox.store(
        [
            terminal.answer(
                asked=Asked(survey="express", question="recommend"),
                value="no",
                touchpoint="reception-north",
            )
        ]
    )
    assert "Reception North" in manager.client.get("/cases/alerts").text
    (alert,) = manager.client.get("/api/alerts").json()
    assert post(manager, f"/cases/alerts/{alert['id']}/seen") == 200
    (seen,) = manager.client.get("/api/alerts").json()
    assert seen["seen_by"].startswith("account/")


def test_nothing_of_another_facility(clinic: Clinic, staffed: Workplace) -> None:
    case = opened(staffed, 1, "south")
    with TestClient(clinic.app(), base_url="http://hub.test") as client:
        viewer = SignedIn(client, "north-viewer")
        assert client.get(f"/cases/{case}").status_code == 404
        assert client.get(f"/api/cases/{case}").status_code == 404
        assert client.get("/api/cases").json() == {"cases": [], "more": False}
        assert client.get("/api/cases", params={"search": "lavabo"}).json()["cases"] == []
        assert post(viewer, f"/cases/{case}/status", to="contacting", minutes=1) == 403
