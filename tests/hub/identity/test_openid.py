"""Signing in through an identity provider: those it vouches for and who have an account, and nobody by a false word."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from hub.core.permissions import Role
from hub.identity import accounts
from tests.hub.clinic import WHOLE, Clinic
from tests.hub.identity.identity_provider import CLIENT, SECRET, Provider
from tests.hub.serving import ServedApp

ANA: dict[str, Any] = {"sub": "ana-1", "email": "Ana@clinic.example", "email_verified": True}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    known = Provider("")
    server = ServedApp(known.app())
    known.issuer = server.url
    yield known
    server.stop()


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def browser(clinic: Clinic, provider: Provider, tmp_path: Path) -> Iterator[TestClient]:
    provider.person, provider.lies, provider.signs_with = dict(ANA), {}, provider.key
    with clinic.workplace.begin() as work:
        accounts.create_account(
            work, WHOLE, name="ana", password_hash="", role=Role.AGENT, facility="north",
            email="ana@clinic.example",
        )  # fmt: skip
    app = clinic.app(
        data=str(tmp_path), public_url="http://hub.test", openid_issuer=provider.issuer,
        openid_client=CLIENT, openid_secret=SECRET, openid_name="Clinic login",
    )  # fmt: skip
    with TestClient(app, base_url="http://hub.test", follow_redirects=False) as client:
        yield client


def come_back(browser: TestClient, **changed: str) -> Any:
    """To the provider and back; `changed` replaces what it sends along."""
    there = browser.get("/login/openid", params={"next": "/calls"}).headers["location"]
    back = urlsplit(httpx.get(there).headers["location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == "http://hub.test/login/openid/back"
    given = dict(httpx.QueryParams(back.query)) | changed
    return browser.get(back.path, params=given)


def test_whoever_is_known_by_their_address_is_let_in_and_known_by_their_subject_then(
    browser: TestClient, provider: Provider
) -> None:
    assert "Clinic login" in browser.get("/login").text
    answer = come_back(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/calls")
    assert "ana" in browser.get("/me").text
    provider.person |= {"email": "married@clinic.example"}
    assert come_back(browser).status_code == 303
    provider.person |= {"sub": "somebody-else", "email": ANA["email"]}
    assert come_back(browser).status_code == 401


@pytest.mark.parametrize(
    "lies",
    [
        {"email_verified": False},
        {"email": "nobody@clinic.example"},
        {"nonce": "another"},
        {"aud": "another-client"},
        {"iss": "https://evil.example"},
        {"exp": 1},
    ],
    ids=lambda lies: next(iter(lies)),
)
def test_no_false_or_foreign_word_lets_anybody_in(
    browser: TestClient, provider: Provider, lies: dict[str, Any]
) -> None:
    provider.lies = lies
    assert come_back(browser).status_code == 401
    assert browser.get("/me").status_code == 401


def test_a_token_signed_by_somebody_else_is_no_word(
    browser: TestClient, provider: Provider
) -> None:
    provider.signs_with = RSAKey.generate_key(2048, parameters={"kid": "1"})
    assert come_back(browser).status_code == 401


def test_who_did_not_depart_from_here_cannot_arrive(browser: TestClient) -> None:
    assert come_back(browser, state="forged").status_code == 401
    assert come_back(browser, code="forged").status_code == 401
    browser.cookies.clear()
    assert browser.get("/login/openid/back", params={"state": "x", "code": "x"}).status_code == 401
