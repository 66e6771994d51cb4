"""The page of settings: what is typed becomes a version, what may not be is named, and an earlier one comes back."""

import pytest
from starlette.testclient import TestClient

from tests.hub.clinic import Clinic, SignedIn

NORTH_PAGE = "/fleet/settings?kind=facility&subject=north"


@pytest.fixture
def operator(clinic: Clinic, client: TestClient) -> SignedIn:
    return SignedIn(client, "fleet")


def save(operator: SignedIn, after: int, **typed: str) -> int:
    form = {name.replace("__", "."): value for name, value in typed.items()}
    form |= {"csrf": operator.csrf, "after": str(after)}
    answer = operator.client.post(NORTH_PAGE, data=form, follow_redirects=False)
    return answer.status_code


def values(operator: SignedIn) -> list[dict[str, object]]:
    query = {"kind": "facility", "subject": "north"}
    return [v["values"] for v in operator.client.get("/api/settings", params=query).json()]


def test_what_is_typed_holds_and_comes_back(operator: SignedIn) -> None:
    assert save(operator, 0, screen__question_s="40", screen__languages="es, ca") == 303
    assert save(operator, 1, screen__question_s="", camera__near="0,2") == 303
    first, second = (
        {"screen": {"question_s": 40, "languages": ["es", "ca"]}},
        {"camera": {"near": 0.2}},
    )
    assert values(operator) == [second, first]
    page = operator.client.get(NORTH_PAGE).text
    assert "es ca" in page
    form = {"csrf": operator.csrf, "version": "1", "after": "2"}
    answer = operator.client.post(
        NORTH_PAGE.replace("settings?", "settings/restore?"), data=form, follow_redirects=False
    )
    assert answer.status_code == 303
    assert values(operator)[0] == first


def test_what_may_not_be_is_named_and_what_was_typed_stays(operator: SignedIn) -> None:
    form = {"csrf": operator.csrf, "after": "0", "outbox.rows": "7", "screen.night": "late"}
    answer = operator.client.post(NORTH_PAGE, data=form)
    assert answer.status_code == 422
    assert "late" in answer.text
    assert "Answers kept without the hub" in answer.text
    assert values(operator) == []
    assert save(operator, 3, outbox__rows="500") == 409


def test_before_there_is_any_facility_what_is_for_all_can_be_set(
    clinic: Clinic, operator: SignedIn
) -> None:
    with clinic.workplace.begin() as work:
        work.connection.exec_driver_sql("DELETE FROM account_role WHERE facility IS NOT NULL")
        for table in ("employee", "device", "touchpoint", "facility"):
            work.connection.exec_driver_sql(f"DELETE FROM {table}")
    assert operator.client.get("/fleet/settings").status_code == 200


def test_a_terminal_s_page_shows_where_it_stands(operator: SignedIn) -> None:
    assert save(operator, 0, screen__brightness="60") == 303
    page = operator.client.get("/fleet/settings?kind=device&subject=desk-1")
    assert page.status_code == 200
    assert 'placeholder="60"' in page.text
    found = operator.client.get("/api/devices/desk-1/settings").json()
    assert found["origins"] == {"screen.brightness": {"kind": "facility", "subject": "north"}}
