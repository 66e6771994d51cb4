"""The audit log on its page: found, taken away, verified, and whose entries are shown to whom."""

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from hub.core.permissions import Role
from hub.core.scope import Grant, Scope
from hub.core.unit_of_work import Workplace
from hub.identity import accounts
from tests.hub.clinic import PASSWORD, WHOLE, Clinic, SignedIn

AT_NORTH = Scope(
    "clinic",
    frozenset({"north"}),
    frozenset({Grant("north", Role.FACILITY_MANAGER)}),
    actor="account/5",
)


@pytest.fixture
def browsers(clinic: Clinic) -> dict[str, SignedIn]:
    """An administrator, a manager of `north`, and an agent."""
    hashed = clinic.passwords.hash(PASSWORD)
    with clinic.workplace.begin() as work:
        accounts.create_account(
            work,
            WHOLE,
            name="north-manager",
            password_hash=hashed,
            role=Role.FACILITY_MANAGER,
            facility="north",
        )
        work.audit.record(AT_NORTH, "case.read", "case/17", facility="north")
        work.audit.record(AT_NORTH, "case.read", "case/170", facility="north")
        work.audit.record(WHOLE, "photograph.read", "answer/4", facility="south")
        work.audit.record(WHOLE, "keys.rotated", "keys", count=2)
    app = clinic.app()
    names = ("administrator", "north-manager", "agent")
    return {n: SignedIn(TestClient(app, base_url="http://hub.test"), n) for n in names}


def shown(browser: SignedIn, query: str = "") -> str:
    answer = browser.client.get(f"/audit{query}")
    assert answer.status_code == 200
    return answer.text.partition("<tbody>")[2]


def test_entries_are_found_by_what_whom_and_when(browsers: dict[str, SignedIn]) -> None:
    whole = browsers["administrator"]
    assert "keys.rotated" in shown(whole)
    by_subject = shown(whole, "?subject=case/17")
    assert "case/17<" in by_subject
    assert "case/170" not in by_subject
    by_kind = shown(whole, "?action=photograph")
    assert "answer/4" in by_kind
    assert "case/17" not in by_kind
    assert "case/17" in shown(whole, "?action=case.read&actor=account/5")
    assert shown(whole, "?first=2001-01-01&last=2001-01-02") == ""


def test_only_those_of_ones_own_facilities(browsers: dict[str, SignedIn]) -> None:
    page = shown(browsers["north-manager"])
    assert "case/17" in page
    for elsewhere in ("answer/4", "keys.rotated"):
        assert elsewhere not in page
    assert browsers["agent"].client.get("/audit").status_code == 403
    assert browsers["agent"].client.get("/audit/export").status_code == 403


def test_taking_it_away_is_an_entry_itself(browsers: dict[str, SignedIn]) -> None:
    whole = browsers["administrator"]
    file = whole.client.get("/audit/export?subject=case/17")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "number,at_utc,facility,actor,action,subject,detail"
    assert len(lines) == 2
    assert "audit.exported" in shown(whole, "?action=audit")


def test_one_changed_letter_is_told(clinic: Clinic, browsers: dict[str, SignedIn]) -> None:
    whole = browsers["administrator"]

    def verified() -> str:
        return whole.client.post("/audit/verify", data={"csrf": whole.csrf}).text

    assert "as they were written" in verified()
    tamper(clinic.workplace)
    assert "The log was changed." in verified()


def tamper(workplace: Workplace) -> None:
    with workplace.begin() as work:
        changed = "UPDATE audit_entry SET subject = 'case/18' WHERE subject = 'case/17'"
        work.connection.execute(text(changed))
