"""Who is let in, for how long, and what is kept of it."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from sqlalchemy import inspect, text

from hub.core.db import Database
from hub.core.errors import Conflict, HubError, NotSignedIn, TooManyAttempts
from hub.core.jobs import queue
from hub.core.mail import outgoing
from hub.core.passwords import Passwords
from hub.core.permissions import Role
from hub.core.scope import Grant, Scope
from hub.core.unit_of_work import Workplace
from hub.identity import accounts, links, sessions, signing_in, tokens
from hub.identity.rules import ATTEMPT_WINDOW_MS, SESSION_MS
from hub.identity.sessions import SignedIn
from hub.identity.signing_in import Caller
from tests.fakes.clock import HeldClock
from tests.hub.clinic import QUICK

SCOPE = Scope("clinic")
EMAIL = "ana@clinic.example"
ADDRESS = "192.0.2.7"


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(QUICK)


@pytest.fixture
def password(workplace: Workplace, passwords: Passwords) -> str:
    """Of the first administrator."""
    made = accounts.create_first_administrator(
        workplace, SCOPE, passwords, "Clinic", "Europe/Madrid"
    )
    assert made is not None
    assert made.name == "administrator"
    return made.password


@pytest.fixture
def sign_in(workplace: Workplace, passwords: Passwords) -> Callable[..., SignedIn]:
    def sign_in(password: str, name: str = "administrator", address: str = ADDRESS) -> SignedIn:
        caller = Caller(address)
        return signing_in.sign_in(workplace, passwords, caller, name=name, password=password)

    return sign_in


def everything_stored(database: Database) -> str:
    with database.reading() as connection:
        tables = inspect(connection).get_table_names()
        rows = [connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in tables]
    return repr(rows)


def test_the_first_start_makes_one_administrator_and_the_next_none(
    workplace: Workplace, database: Database, passwords: Passwords, password: str
) -> None:
    again = accounts.create_first_administrator(
        workplace, SCOPE, passwords, "Clinic", "Europe/Madrid"
    )
    assert again is None
    assert len(password.replace("-", "")) == 16
    assert password not in everything_stored(database)


def test_whoever_knows_the_password_is_let_in(
    workplace: Workplace, database: Database, password: str, sign_in: Callable[..., SignedIn]
) -> None:
    session = sign_in(password, name="  Administrator ")
    with workplace.read() as work:
        visitor = sessions.visitor_of(work, session.token)
    assert visitor is not None
    assert visitor.account.name == "administrator"
    assert visitor.account.grants == {Grant(None, Role.ADMINISTRATOR)}
    assert visitor.scope == Scope(SCOPE.organisation, None, visitor.account.grants)
    stored = everything_stored(database)
    assert session.token not in stored
    assert ADDRESS not in stored


@pytest.mark.parametrize("name", ["administrator", "nobody"])
def test_a_wrong_name_and_a_wrong_password_are_answered_alike(
    password: str, sign_in: Callable[..., SignedIn], name: str
) -> None:
    with pytest.raises(NotSignedIn) as refused:
        sign_in("wrong", name=name)
    assert refused.value.detail == "This name and password do not belong together."


def test_after_five_failures_even_the_right_password_waits(
    clock: HeldClock, password: str, sign_in: Callable[..., SignedIn]
) -> None:
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            sign_in("wrong")
    with pytest.raises(TooManyAttempts):
        sign_in(password)
    assert sign_in(password, address="192.0.2.8").token, "others at other places are not locked out"
    clock.move(ms=ATTEMPT_WINDOW_MS)
    assert sign_in(password).token


def test_success_forgets_the_failures_before_it(
    password: str, sign_in: Callable[..., SignedIn]
) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(NotSignedIn):
                sign_in("wrong")
        sign_in(password)


def test_attempts_at_the_same_time_are_counted_too(
    password: str, sign_in: Callable[..., SignedIn]
) -> None:
    def attempt(number: int) -> type[HubError]:
        try:
            sign_in(f"wrong {number}")
        except HubError as error:
            return type(error)
        raise AssertionError("let in with a wrong password")

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(16)))
    assert outcomes.count(NotSignedIn) <= 5 + 7, (
        "five, and those that seven others counted meanwhile"
    )
    assert TooManyAttempts in outcomes


def test_one_account_cannot_be_tried_from_everywhere(
    sign_in: Callable[..., SignedIn], password: str
) -> None:
    outcomes = []
    for place in range(60):
        with pytest.raises(HubError) as refused:
            sign_in("wrong", address=f"198.51.100.{place}")
        outcomes.append(type(refused.value))
    assert outcomes[:50] == [NotSignedIn] * 50
    assert outcomes[50:] == [TooManyAttempts] * 10


def test_a_session_ends(
    workplace: Workplace, clock: HeldClock, password: str, sign_in: Callable[..., SignedIn]
) -> None:
    session = sign_in(password)
    clock.move(ms=SESSION_MS - 1)
    with workplace.read() as work:
        assert sessions.visitor_of(work, session.token) is not None
    clock.move(ms=1)
    with workplace.read() as work:
        assert sessions.visitor_of(work, session.token) is None


def test_signing_out_ends_it_at_once(
    workplace: Workplace, password: str, sign_in: Callable[..., SignedIn]
) -> None:
    mine, other = sign_in(password), sign_in(password)
    with workplace.begin() as work:
        sessions.end(work, mine.token)
    with workplace.read() as work:
        assert sessions.visitor_of(work, mine.token) is None
        assert sessions.visitor_of(work, other.token) is not None


def test_a_new_password_signs_out_whoever_used_the_old_one(
    workplace: Workplace, passwords: Passwords, password: str, sign_in: Callable[..., SignedIn]
) -> None:
    session = sign_in(password)
    with workplace.begin() as work:
        accounts.set_password(work, SCOPE, "administrator", passwords.hash("another one"))
    with workplace.read() as work:
        assert sessions.visitor_of(work, session.token) is None
    with pytest.raises(NotSignedIn):
        sign_in(password)
    assert sign_in("another one").token


def test_a_weak_hash_is_made_anew_at_sign_in(
    workplace: Workplace, database: Database, password: str, sign_in: Callable[..., SignedIn]
) -> None:
    before = everything_stored(database)
    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    known = {"name": "administrator", "password": password}
    signing_in.sign_in(workplace, stronger, Caller(ADDRESS), **known)
    assert "m=8,t=1,p=1" in before
    assert "m=8,t=1,p=1" not in everything_stored(database)
    assert sign_in(password).token


def test_a_token_has_its_accounts_rights(workplace: Workplace, password: str) -> None:
    with workplace.begin() as work:
        token = tokens.create(work, SCOPE, "administrator", "a program")
    visitor = tokens.visitor_of(workplace, token)
    assert tokens.visitor_of(workplace, token + "x") is None
    with workplace.read() as work:
        assert sessions.visitor_of(work, token) is None
    assert visitor is not None
    assert visitor.csrf is None


def test_names_are_unique_whatever_their_capitals(workplace: Workplace, password: str) -> None:
    with pytest.raises(Conflict), workplace.begin() as work:
        accounts.create_account(
            work, SCOPE, name="ADMINISTRATOR", password_hash="x", role=Role.VIEWER
        )


def test_a_link_to_choose_a_password_can_be_read_by_nobody_but_the_sender_of_mails(
    workplace: Workplace, database: Database, password: str
) -> None:
    addresses = links.Addresses("https://hub.clinic.test")
    with workplace.begin() as work:
        accounts.create_account(
            work, SCOPE, name="ana", password_hash=password, role=Role.AGENT, email=EMAIL
        )
    links.ask_for_reset(workplace, addresses, EMAIL, ADDRESS)
    stored = everything_stored(database)
    assert "hub.clinic.test" not in stored
    assert EMAIL not in stored
    with workplace.begin() as work:
        (job,) = queue.claim(work, outgoing.KIND, 10, 1000).jobs
        mail = outgoing.opened(work.vault, job.payload)
        (token,) = re.findall(r"https://hub\.clinic\.test/password/(\S+)", mail.text)
        assert (mail.to, links.is_good(work, token)) == (EMAIL, True)
    assert token not in stored
