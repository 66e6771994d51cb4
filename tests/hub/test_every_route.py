"""For every route: strangers are sent away, nobody sees another facility's rows, no write passes without its token.

The routes are read from the application, so that a new one is asked too.
"""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import inspect, text
from sqlmodel import col, select
from starlette.testclient import TestClient

from contract.codec import encode
from contract.messages import ContactLeft
from hub.cases.tables import PatientCase
from hub.core.arrivals import Delivery
from hub.core.db import Database
from hub.core.permissions import Role
from hub.core.unit_of_work import Listeners, Workplace
from hub.feedback import served
from hub.feedback.served_schemas import NewServed
from hub.feedback.tables import Contact
from hub.identity import accounts
from hub.identity.tables import Account, AccountRole, Employee, Shift, Touchpoint
from hub.migrations import upgrade
from tests.fakes.clock import HeldClock
from tests.fakes.vault import ReversingVault
from tests.hub.app_routes import SIGNED, STREAMS, Route, routes_of
from tests.hub.clinic import PASSWORD, SOUTH, WHOLE, Clinic, SignedIn

ROWS = 1000
MARK = "zyxsouth"
"""In every name of the neighbour's, which also have the word that is searched for."""
HTML = {"accept": "text/html"}
QUERIES = ("", "?facility=south&q=gargoyle&touchpoint=reception-south&period=year")
ROLES = list(Role)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """`south` has a thousand rows of everything, `north` has one account of each role, named `north-…`."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('routes') / 'hub.db'}")
    upgrade(database)
    listeners, clock = Listeners(), HeldClock()
    made = Clinic(Workplace(database, listeners, clock, ReversingVault()), listeners, clock)
    _furnish(made)
    yield made
    database.close()


@pytest.fixture(scope="module")
def app(clinic: Clinic, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return clinic.app(data=str(tmp_path_factory.mktemp("files")))


@pytest.fixture(scope="module")
def stranger(app: FastAPI) -> Iterator[TestClient]:
    with _client(app) as client:
        yield client


@pytest.fixture(scope="module")
def sessions(app: FastAPI) -> Iterator[dict[Role, SignedIn]]:
    """Whoever has a role at `north`, signed in; each keeps a loop for all its requests, which is made once."""
    with ExitStack() as open_clients:
        yield {
            role: SignedIn(open_clients.enter_context(_client(app)), f"north-{role}")
            for role in ROLES
        }


def _client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url="http://hub.test", follow_redirects=False)


def _furnish(clinic: Clinic) -> None:
    hashed = clinic.passwords.hash(PASSWORD)
    with clinic.workplace.begin() as work:
        for role in ROLES:
            if role is not Role.VIEWER:  # the clinic has this one
                accounts.create_account(
                    work,
                    WHOLE,
                    name=f"north-{role}",
                    password_hash=hashed,
                    role=role,
                    facility="north",
                )
        starts = clinic.clock.now_ms()
        place = {"organisation": "clinic", "facility": "south"}
        for number in range(ROWS):
            name, code = f"{MARK} gargoyle {number}", f"zyx-{number}"
            work.session.add(Employee(**place, id=code, name=name, speciality=name))
            work.session.add(Touchpoint(**place, id=code, name=name))
            work.session.add(
                Account(organisation="clinic", name=name, password_hash="", created_ms=0)
            )
        work.session.flush()
        for number, account in enumerate(work.session.exec(_accounts())):
            code, until = f"zyx-{number}", starts + 3_600_000
            when = {"starts_ms": starts, "ends_ms": until}
            work.session.add(Shift(**place, **when, id=code, touchpoint=code, employee=code))
            work.session.add(AccountRole(**place, account=account, role=Role.VIEWER))
            work.session.add(_case(clinic, number))
        day = datetime.fromtimestamp(starts / 1000, UTC).date().isoformat()
        told = {"facility": "south", "day": day, "count": 7}
        given = [NewServed.model_validate(told | {"employee": f"zyx-{n}"}) for n in range(ROWS)]
        served.enter(work, WHOLE, given, MARK)
    clinic.inbox.store([*map(_answer(clinic), range(1, ROWS + 1))])
    with clinic.workplace.begin() as work:
        work.session.add_all([_contact(clinic, number) for number in range(ROWS)])
    clinic.inbox.store([_wish(clinic)])
    clinic.inbox.store([_garbled(number) for number in range(ROWS)])
    clinic.come_online(SOUTH)


def _case(clinic: Clinic, number: int) -> PatientCase:
    at_ms, words = (
        clinic.clock.now_ms(),
        json.dumps({"name": MARK, "words": f"{MARK} gargoyle {number}"}),
    )
    return PatientCase(
        organisation="clinic", facility="south", source="terminal", origin=f"{MARK}/{number}",
        status="new", employee=f"zyx-{number}", visit=f"{MARK}-{number}", receipt=f"{MARK}-{number}",
        sealed=words.encode()[::-1], opened_ms=at_ms, occurred_ms=at_ms, changed_ms=at_ms,
    )  # fmt: skip


def _accounts() -> Any:
    return select(Account.id).where(col(Account.name).startswith(MARK)).order_by(col(Account.id))


def _answer(clinic: Clinic) -> Any:
    def answer(number: int) -> Delivery:
        told = json.loads(clinic.delivery(number, SOUTH, "negative").payload)
        told |= {"employee": f"zyx-{number % ROWS}", "touchpoint": f"zyx-{number % ROWS}"}
        return Delivery(
            f"{SOUTH}/up/ButtonPressed", json.dumps(told).encode(), clinic.clock.now_ms()
        )

    return answer


def _contact(clinic: Clinic, number: int) -> Contact:
    """Stored as it is: by the inbox each would become a case, of which there are enough."""
    told, at_ms = json.dumps({"comment": f"{MARK} gargoyle {number}"}), clinic.clock.now_ms()
    return Contact(
        device=SOUTH.device, epoch=2, sequence=1 + number, organisation="clinic", facility="south",
        visit=str(UUID(int=number)), sealed=told.encode()[::-1], consent="v1", language="es", wall_ms=at_ms,
        boot_id="", uptime_ms=0, occurred_ms=at_ms, time_source="device", received_ms=at_ms,
    )  # fmt: skip


def _wish(clinic: Clinic) -> Delivery:
    left = ContactLeft(
        device=SOUTH.device, epoch=1, sequence=ROWS + 1, time=clinic.stamp(), visit=str(UUID(int=ROWS)),
        phone="+34600000001", comment=f"{MARK} gargoyle", consent="v1", language="es",
    )  # fmt: skip
    return Delivery(f"{SOUTH}/up/ContactLeft", encode(left), clinic.clock.now_ms())


def _garbled(number: int) -> Delivery:
    return Delivery(f"{SOUTH}/up/ButtonPressed", f"{MARK} {number}".encode(), 0)


def _asked(app: FastAPI) -> list[Route]:
    return [route for route in routes_of(app) if not route.is_public and route.path not in SIGNED]


def test_there_are_a_thousand_rows_of_the_neighbour(clinic: Clinic) -> None:
    tables = (
        "response",
        "contact",
        "employee",
        "touchpoint",
        "shift",
        "served",
        "dead_letter",
        "patient_case",
    )
    with clinic.workplace.read() as work:
        for table in tables:
            there = text(f"SELECT count(*) FROM {table} WHERE facility = 'south'")
            assert work.connection.execute(there).scalar_one() >= ROWS, table


def test_strangers_are_sent_to_sign_in_except_where_it_is_public(
    app: FastAPI, stranger: TestClient
) -> None:
    reached = {}
    for route in _asked(app):
        answer = stranger.request(route.method, route.address(), json={})
        page = stranger.request(route.method, route.address(), headers=HTML)
        if answer.status_code != 401 or not (
            page.status_code == 401 or page.headers.get("location", "").startswith("/login?")
        ):
            reached[route] = (answer.status_code, page.status_code)
    assert reached == {}


@pytest.mark.parametrize("path", sorted(SIGNED))
def test_webhooks_are_not_open_either(stranger: TestClient, path: str) -> None:
    for method in ("GET", "POST"):
        assert stranger.request(method, Route(method, path).address()).status_code in {
            401,
            403,
            404,
            405,
        }


@pytest.mark.parametrize("role", ROLES)
def test_nobody_sees_a_row_of_another_facility(
    app: FastAPI, sessions: dict[Role, SignedIn], role: Role
) -> None:
    assert _leaks(sessions[role].client, _asked(app)) == []


def test_a_route_that_forgets_whose_rows_are_meant_would_be_noticed(
    clinic: Clinic, tmp_path: Path
) -> None:
    app = clinic.app(data=str(tmp_path))

    @app.get("/planted")
    def planted() -> list[str]:
        with clinic.workplace.read() as work:
            return list(work.session.exec(select(Employee.name)))

    client = TestClient(app, base_url="http://hub.test")
    SignedIn(client, "north-viewer")
    assert _leaks(client, [Route("GET", "/planted"), Route("GET", "/api/employees")]) == [
        "/planted",
        "/planted" + QUERIES[1],
    ]
    with pytest.raises(KeyError):
        Route("GET", "/planted/{whatever}").address()


def _leaks(client: TestClient, routes: list[Route]) -> list[str]:
    """Where something of the neighbour's is shown."""
    found = []
    for route in routes:
        if route.method != "GET" or route.path in STREAMS:
            continue
        for address in _addresses(route):
            for query in QUERIES:
                answer = client.get(address + query, headers=HTML)
                assert answer.status_code < 500, (route, answer.status_code)
                shown = _without_what_was_asked(answer.text)
                if MARK in shown or re.search(r"zyx-\d", shown) or "Terminal South" in shown:
                    found.append(address + query)
    return found


def _addresses(route: Route) -> list[str]:
    """Of an employee and of a touchpoint where it may be either."""
    return sorted({route.address(entry=entry) for entry in ("anna-south", "zyx-1")})


@pytest.mark.parametrize("role", ROLES)
def test_nobody_changes_a_row_of_another_facility(
    app: FastAPI, clinic: Clinic, sessions: dict[Role, SignedIn], role: Role
) -> None:
    client, headers = sessions[role].client, sessions[role].headers
    form = {"facility": "south", "name": "x", "week": "2026-W01", "version": "1"}
    before = _of_south(clinic)
    for route in _asked(app):
        if route.method == "GET" or route.path.startswith("/me"):
            continue
        for address in _addresses(route):
            answer = client.request(route.method, address, data=form, headers=headers)
            assert answer.status_code < 500, (route, answer.status_code)
    assert _of_south(clinic) == before


def test_no_write_by_cookie_passes_without_the_sessions_token(
    app: FastAPI, sessions: dict[Role, SignedIn]
) -> None:
    client = sessions[Role.ADMINISTRATOR].client
    passed = {
        route: status
        for route in _asked(app)
        if route.method not in {"GET", "HEAD"}
        and (status := client.request(route.method, route.address(), data={}).status_code)
        not in {401, 403, 422}
    }
    assert passed == {}


def test_every_page_is_armoured_and_carries_no_script_of_its_own(
    app: FastAPI, sessions: dict[Role, SignedIn]
) -> None:
    client = sessions[Role.ADMINISTRATOR].client
    pages = 0
    for route in routes_of(app):
        if route.method != "GET" or route.path in STREAMS | SIGNED:
            continue
        if route.path.startswith("/releases/"):  # no browser's: terminals poll it over slow lines
            continue
        answer = client.get(route.address(entry="anna-north", facility="north"), headers=HTML)
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        if answer.headers.get("content-type", "").startswith("text/html"):
            pages += 1
            found = Inline()
            found.feed(answer.text)
            assert found.seen == [], route.path
    assert pages > 20


class Inline(HTMLParser):
    """Scripts, styles and handlers that stand in the page itself."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if (tag == "script" and not named.get("src")) or tag == "style":
            self.seen.append(tag)
        self.seen += [name for name in named if name.startswith("on") or name == "style"]
        self.seen += [
            name for name, value in named.items() if (value or "").startswith("javascript:")
        ]


def _without_what_was_asked(page: str) -> str:
    """A page repeats its own address for the way back, and what was searched for."""
    page = re.sub(r'name="next" value="[^"]*"', "", page)
    page = re.sub(
        r'(href|action|hx-get|data-\w+|sse-connect)="[^"]*[?&/](q|search|touchpoint|facility)[=/][^"]*"',
        "",
        page,
    )
    return re.sub(r'<input[^>]*name="(q|search)"[^>]*>', "", page)


def _of_south(clinic: Clinic) -> dict[str, int]:
    """How the neighbour's rows are, table by table."""
    with clinic.workplace.read() as work:
        names = inspect(work.connection).get_table_names()
        found = {}
        for name in names:
            columns = {column["name"] for column in inspect(work.connection).get_columns(name)}
            if "facility" not in columns:
                continue
            rows = work.connection.execute(
                text(f"SELECT * FROM \"{name}\" WHERE facility = 'south'")
            )
            found[name] = hash(tuple(map(repr, rows)))
        return found


def test_a_session_fixed_beforehand_is_of_no_use_and_cookies_are_kept_from_scripts(
    clinic: Clinic, tmp_path: Path
) -> None:
    app = clinic.app(secure_cookies=True, data=str(tmp_path))
    with TestClient(app, base_url="https://hub.test", follow_redirects=False) as client:
        given = {"name": "north-viewer", "password": PASSWORD}
        fixed = {"Cookie": "__Host-wellheard=fixed-by-somebody-else"}
        first = client.post("/login", data=given, headers=fixed)
        (cookie,) = [c for c in first.headers.get_list("set-cookie") if "__Host-wellheard" in c]
        assert "fixed-by-somebody-else" not in cookie
        assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        former = client.cookies["__Host-wellheard"]
        client.post("/login", data=given)
        assert client.cookies["__Host-wellheard"] != former
        client.cookies.set("__Host-wellheard", former)
        assert client.get("/me").status_code == 401, (
            "the session before ends at the next signing in"
        )


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_form_leads_to_another_site(stranger: TestClient, target: str) -> None:
    given = {"name": "north-viewer", "password": PASSWORD, "next": target}
    assert stranger.post("/login", data=given).headers["location"] == "/"
    assert (
        stranger.post("/preferences", data={"theme": "dark", "next": target}).headers["location"]
        == "/"
    )
    assert "evil" not in re.sub(
        r"<title>.*?</title>", "", stranger.get("/login", params={"next": target}).text
    )
    stranger.cookies.clear()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", b"<script>alert(1)</script>"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("a.png", b"\x89PNG\r\n\x1a\n<script>alert(1)</script>"),
        ("a.html", b"<!doctype html><script>alert(1)</script>"),
    ],
)
def test_a_script_is_not_taken_for_a_picture(
    sessions: dict[Role, SignedIn], name: str, content: bytes
) -> None:
    session = sessions[Role.FACILITY_MANAGER]
    answer = session.client.post(
        "/employees/new",
        data={"name": "Ana", "facility": "north", "speciality": ""},
        files={"photograph": (name, content, "image/jpeg")},
        headers=session.headers | HTML,
    )
    assert answer.status_code == 422
    assert "Ana" not in [one["name"] for one in session.client.get("/api/employees").json()]
