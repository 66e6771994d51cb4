"""Clients served as staff enter them: a day by hand or a table, nothing half-stored, and a way back."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from hub.core.clock import as_datetime
from tests.fakes.clock import HeldClock
from tests.hub.clinic import SignedIn

HTML = {"accept": "text/html"}
ANNA, DESK, ALL = "employee.anna-north", "touchpoint.reception-north", "touchpoint."


@pytest.fixture
def session(client: TestClient) -> SignedIn:
    return SignedIn(client, "administrator")


@pytest.fixture
def today(clock: HeldClock) -> str:
    return str(as_datetime(clock.now_ms()).date())


def submit(session: SignedIn, path: str, **fields: str) -> tuple[int, str]:
    answer = session.client.post(path, data={"csrf": session.csrf, **fields}, headers=HTML)
    return answer.status_code, answer.text


def enter(session: SignedIn, day: str, **numbers: str) -> tuple[int, str]:
    return submit(session, "/served", facility="north", day=day, **numbers)


def stored(session: SignedIn) -> dict[tuple[str, str], int]:
    rows = session.client.get("/api/served").json()
    return {(r["employee"] or r["touchpoint"] or "all", r["source"]): r["count"] for r in rows}


def take_back(session: SignedIn, page: str, day: str) -> int:
    path = re.search(r"/served/entries/\d+/restore", page)
    assert path is not None, "there is no way back"
    return submit(session, path[0], day=day)[0]


def upload(session: SignedIn, text: str, source: str = "ticket_queue") -> tuple[int, str]:
    answer = session.client.post(
        "/served/table",
        data={"csrf": session.csrf, "facility": "north", "source": source},
        files={"table": ("week.csv", text.encode(), "text/csv")},
        headers=HTML,
    )
    return answer.status_code, answer.text


def test_a_days_numbers_are_entered_changed_emptied_and_taken_back(
    session: SignedIn, today: str
) -> None:
    assert enter(session, today, **{ANNA: "30", DESK: "60", ALL: "200"})[0] == 200
    first = {
        ("anna-north", "typed_in"): 30,
        ("reception-north", "typed_in"): 60,
        ("all", "typed_in"): 200,
    }
    assert stored(session) == first
    _, page = enter(session, today, **{ANNA: "31", DESK: "", ALL: "200"})
    assert stored(session) == {("anna-north", "typed_in"): 31, ("all", "typed_in"): 200}
    assert take_back(session, page, today) == 200
    assert stored(session) == first


def test_what_was_changed_since_is_not_taken_back(session: SignedIn, today: str) -> None:
    _, page = enter(session, today, **{ANNA: "30"})
    enter(session, today, **{ANNA: "33"})
    assert take_back(session, page, today) == 409
    assert stored(session) == {("anna-north", "typed_in"): 33}


def test_an_entry_is_taken_back_once(session: SignedIn, today: str) -> None:
    _, page = enter(session, today, **{ANNA: "30"})
    assert [take_back(session, page, today) for _ in range(2)] == [200, 409]
    assert stored(session) == {}


@pytest.mark.parametrize("wrong", ["many", "-1", "1.5", "9999999"])
def test_one_wrong_number_stores_none(session: SignedIn, today: str, wrong: str) -> None:
    status, page = enter(session, today, **{ANNA: "30", DESK: wrong})
    assert status == 422
    assert f'id="{DESK}-problem"' in page
    assert f'value="{wrong}"' in page
    assert stored(session) == {}


def test_a_table_is_shown_before_it_is_stored_with_its_source(
    session: SignedIn, today: str, clock: HeldClock
) -> None:
    yesterday = as_datetime(clock.now_ms()).date() - timedelta(days=1)
    enter(session, today, **{ANNA: "3"})
    table = f"facility;day;count;employee;source\nnorth;{today};7;anna-north;typed_in\nnorth;{yesterday};9;;\n"
    status, page = upload(session, table)
    assert status == 200
    assert "2 numbers can be stored" in page
    assert "1 of them replaces" in page
    assert stored(session) == {("anna-north", "typed_in"): 3}
    fields = {"facility": "north", "source": "ticket_queue", "text": table}
    _, page = submit(session, "/served/table/store", **fields)
    assert stored(session) == {("anna-north", "typed_in"): 7, ("all", "ticket_queue"): 9}
    assert take_back(session, page, today) == 200
    assert stored(session) == {("anna-north", "typed_in"): 3}


def test_every_bad_row_is_named_and_none_is_stored(session: SignedIn, today: str) -> None:
    table = f"facility,day,count,employee\nnorth,{today},7,anna-north\nsouth,{today},7,\nnorth,{today},x,\n"
    status, page = upload(session, table)
    assert status == 422
    assert "Store them" not in page
    assert page.count("<tr data-row>") == 1, "what cannot be read is told first"
    status, page = upload(session, table.replace(",x,", ",8,nobody"))
    assert page.count("<tr data-row>") == 2
    fields = {"facility": "north", "source": "typed_in", "text": table}
    assert submit(session, "/served/table/store", **fields)[0] == 422
    assert stored(session) == {}


def test_a_file_that_is_no_table_is_explained(session: SignedIn) -> None:
    for content in ("", "\0\0", "x" * 300_000, "facility,day\n"):
        status, page = upload(session, content)
        assert (status, "Nothing was stored" in page) == (422, True)


def test_only_administrators_enter_numbers(client: TestClient, today: str) -> None:
    session = SignedIn(client, "viewer")
    assert client.get("/served", headers=HTML).status_code == 403
    assert enter(session, today, **{ANNA: "1"})[0] == 403
