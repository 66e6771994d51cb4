"""A photograph reaches those who may see it, on the page of its answer, each view recorded; and nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from contract.photographs import Policy
from hub.core.audit.tables import AuditEntry
from hub.core.inbox import Inbox
from hub.core.objects import ObjectFolder
from hub.core.permissions import Role
from hub.feedback.photographs import policies
from hub.feedback.photographs.envelopes import Envelopes
from hub.feedback.photographs.privacy import PhotographHolder
from hub.identity import accounts
from tests.fakes.clock import HeldClock
from tests.hub.clinic import PASSWORD, WHOLE, Clinic, SignedIn
from tests.hub.terminal import PICTURE, Terminal

HTML = {"accept": "text/html"}
PAGE, IMAGE = "/answers/1", "/answers/1/photograph"
SEE = {Role.ADMINISTRATOR, Role.FACILITY_MANAGER, Role.QUALITY_MANAGER}


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The SQL is that of the other tests; pages on one database are enough."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def client(clinic: Clinic, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(clinic.app(data=tmp_path), base_url="http://hub.test") as opened:
        yield opened


@pytest.fixture
def _taken(inbox: Inbox, terminal: Terminal, envelopes: Envelopes) -> None:
    """One answer at the north facility with a photograph, and one without."""
    inbox.store([terminal.press(), terminal.photograph(1, envelopes.public_key), terminal.press()])


def audited(clinic: Clinic) -> list[tuple[str, str, str, str | None]]:
    """What was done with photographs, by whom."""
    wanted = select(AuditEntry.__table__).order_by("number")  # type: ignore[attr-defined]
    with clinic.workplace.read() as work:
        rows = work.connection.execute(wanted).all()
    return [
        (row.action, row.actor, row.subject, row.facility)
        for row in rows
        if row.action.startswith("photograph")
    ]


@pytest.mark.usefixtures("_taken")
def test_whoever_may_see_it_opens_it_and_is_recorded(clinic: Clinic, client: TestClient) -> None:
    SignedIn(client, Role.QUALITY_MANAGER)
    page = client.get(PAGE, headers=HTML).text
    assert "Open the photograph" in page
    assert '<img src="/answers' not in page
    assert audited(clinic) == [], "looking at the answer is not looking at the photograph"
    assert f'src="{IMAGE}"' in client.get(f"{PAGE}?photograph=shown", headers=HTML).text
    answer = client.get(IMAGE)
    assert (answer.status_code, answer.content) == (200, PICTURE)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "no-store"
    ((action, actor, subject, facility),) = audited(clinic)
    assert (action, subject, facility) == ("photograph.read", "photograph/desk-1/1/2", "north")
    assert actor.startswith("account/")
    client.get(IMAGE)
    assert len(audited(clinic)) == 2, "each view"


@pytest.mark.usefixtures("_taken")
def test_nobody_else_sees_it_or_learns_that_there_is_one(
    clinic: Clinic, client: TestClient
) -> None:
    assert client.get(IMAGE).status_code == 401
    for role in Role:
        SignedIn(client, role)
        assert client.get(IMAGE).status_code == (200 if role in SEE else 403), role
        page = client.get(f"{PAGE}?photograph=shown", headers=HTML)
        assert page.status_code == (403 if role is Role.FLEET else 200), role
        assert (IMAGE in page.text) == (role in SEE), role
    assert len(audited(clinic)) == len(SEE)


@pytest.mark.usefixtures("_taken")
def test_a_manager_of_another_facility_finds_nothing(clinic: Clinic, client: TestClient) -> None:
    hashed = clinic.passwords.hash(PASSWORD)
    with clinic.workplace.begin() as work:
        for place in ("north", "south"):
            accounts.create_account(
                work, WHOLE, name=f"{place}-manager", password_hash=hashed,
                role=Role.FACILITY_MANAGER, facility=place,
            )  # fmt: skip
    SignedIn(client, "south-manager")
    assert client.get(IMAGE).status_code == 404
    assert client.get(PAGE).status_code == 404
    SignedIn(client, "north-manager")
    assert client.get(IMAGE).content == PICTURE
    assert client.get("/answers/2/photograph").status_code == 404
    assert client.get("/answers/77/photograph").status_code == 404
    assert [facility for *_, facility in audited(clinic)] == ["north"]


@pytest.mark.usefixtures("_taken")
def test_once_deleted_it_is_gone_and_the_record_stays(
    clinic: Clinic, client: TestClient, folder: ObjectFolder, clock: HeldClock
) -> None:
    with clinic.workplace.begin() as work:
        PhotographHolder(folder).expire(work, WHOLE, clock.now_ms(), 10)
    SignedIn(client, Role.ADMINISTRATOR)
    assert client.get(IMAGE).status_code == 404
    assert "It was deleted on" in client.get(PAGE, headers=HTML).text
    assert audited(clinic) == [("photograph.deleted", "hub", "photograph/desk-1/1/2", "north")]


def test_a_facility_decides_on_a_page_and_can_take_it_back(
    clinic: Clinic, client: TestClient
) -> None:
    session = SignedIn(client, Role.FACILITY_MANAGER)

    def submit(path: str, **fields: str) -> tuple[int, str]:
        form = {"csrf": session.csrf, **fields}
        answer = client.post(f"/photographing/north{path}", data=form, headers=HTML)
        return answer.status_code, answer.text

    assert "Nobody has decided yet." in client.get("/photographing", headers=HTML).text
    status, page = submit("", policy="full", version="0")
    assert (status, "by facility_manager" in page, "Undo" in page) == (200, True, True)
    assert submit("", policy="off", version="0")[0] == 409
    with clinic.workplace.read() as work:
        now = policies.in_force(work, WHOLE, "north")
    assert (now.policy, now.changed_by) == (Policy.FULL, "facility_manager")
    assert "Earlier decisions" in submit("/restore", version="0")[1]
    with clinic.workplace.read() as work:
        assert policies.in_force(work, WHOLE, "north").policy is Policy.OFF
    assert [action for action, *_ in audited(clinic)] == ["photograph_policy.changed"] * 2
    assert submit("", policy="everything", version="2")[0] == 422


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.FACILITY_MANAGER}))
def test_others_do_not_decide(client: TestClient, role: Role) -> None:
    session = SignedIn(client, role)
    form = {"csrf": session.csrf, "policy": "full", "version": "0"}
    assert client.get("/photographing").status_code == 403
    assert client.post("/photographing/north", data=form).status_code == 403
