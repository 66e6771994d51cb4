"""Signing in through an identity provider of the organisation's own (OpenID Connect, authorization code with PKCE).

Decides whom the provider's word lets in: the account that it once let in, or the account of an e-mail address that the
provider has verified. It never makes an account. What the provider asks of people, a second factor too, is its affair.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import httpx
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from cryptography.fernet import InvalidToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlmodel import col, select

from hub.core.errors import NotSignedIn, Unavailable
from hub.core.passwords import is_same
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import reading, sessions
from hub.identity.sessions import SignedIn
from hub.identity.signing_in import Caller
from hub.identity.tables import Account

WAIT_S = 10.0
UNDERWAY_MS = 10 * 60_000
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures alone: no token is taken that only shows the client's own secret."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where the provider is, and who we are to it; `issuer` without a slash at its end."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser goes, and what it keeps until it comes back."""

    address: str
    kept: str


def depart(workplace: Workplace, provider: Provider, target: str) -> Departure:
    """Send a browser to the provider; `target` is where it goes once signed in."""
    known = _discovered(provider)
    nonce, verifier = generate_token(43), generate_token(64)
    with _client(provider) as client:
        address, state = client.create_authorization_url(
            known["authorization_endpoint"], nonce=nonce, code_verifier=verifier
        )
    with workplace.read() as work:
        told = [state, nonce, verifier, target, work.now_ms + UNDERWAY_MS]
        kept = urlsafe_b64encode(work.vault.seal(json.dumps(told).encode())).decode()
    return Departure(address, kept)


def arrive(
    workplace: Workplace, provider: Provider, caller: Caller, kept: str, *, state: str, code: str
) -> tuple[SignedIn, str]:
    """The session of whoever came back, and where they wanted to go; NotSignedIn for nobody we know."""
    with workplace.read() as work:
        expected, nonce, verifier, target = _underway(work, kept)
    if not is_same(state, expected):
        raise NotSignedIn(_("Please sign in again."))
    claims = _claims(provider, code, verifier, nonce)
    with workplace.begin() as work:
        account = _account(work, claims)
        if account is None or account.inactive_ms is not None:
            raise NotSignedIn(_("There is no account of yours here yet. Ask an administrator."))
        if caller.former_token is not None:
            sessions.end(work, caller.former_token)
        return sessions.begin(work, account, caller.browser), target


def _underway(work: UnitOfWork, kept: str) -> tuple[str, str, str, str]:
    try:
        state, nonce, verifier, target, until_ms = json.loads(
            work.vault.open(urlsafe_b64decode(kept))
        )
    except (InvalidToken, ValueError, TypeError):
        raise NotSignedIn(_("Please sign in again.")) from None
    if until_ms <= work.now_ms:
        raise NotSignedIn(_("Please sign in again."))
    return state, nonce, verifier, target


def _claims(provider: Provider, code: str, verifier: str, nonce: str) -> Mapping[str, Any]:
    known = _discovered(provider)
    try:
        with _client(provider) as client:
            token = client.fetch_token(known["token_endpoint"], code=code, code_verifier=verifier)
            answer = client.request("GET", known["jwks_uri"], withhold_token=True)
            keys = answer.raise_for_status().json()
        read = jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms=ALGORITHMS)
        options = {"iss": {"values": [provider.issuer]}, "aud": {"values": [provider.client_id]}}
        asked = {"nonce": nonce, "client_id": provider.client_id}
        claims = CodeIDToken(read.claims, read.header, options, asked)
        claims.validate(leeway=60)
    except httpx.HTTPError as error:
        raise _away() from error
    except (OAuthError, JoseError, KeyError, ValueError) as error:
        raise NotSignedIn(_("The identity provider did not confirm who you are.")) from error
    return dict(claims)


def _account(work: UnitOfWork, claims: Mapping[str, Any]) -> Account | None:
    digest = sha256(f"{claims['iss']}\n{claims['sub']}".encode()).hexdigest()
    known = work.session.exec(select(Account).where(col(Account.openid) == digest)).first()
    email = claims.get("email")
    if known is not None or claims.get("email_verified") is not True or not isinstance(email, str):
        return known
    found = reading.by_name(work, email) if "@" in email else None
    if found is None or found.openid is not None:
        return None
    found.openid = digest
    work.session.add(found)
    return found


def _discovered(provider: Provider) -> dict[str, str]:
    try:
        answer = httpx.get(f"{provider.issuer}/.well-known/openid-configuration", timeout=WAIT_S)
        known: dict[str, str] = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise _away() from error
    if known.get("issuer", "").rstrip("/") != provider.issuer:
        raise _away()
    return known


def _away() -> Unavailable:
    return Unavailable(_("The identity provider does not answer. Try again, or use a password."))


def _client(provider: Provider) -> OAuth2Client:
    return OAuth2Client(
        provider.client_id,
        provider.client_secret,
        scope="openid email",
        redirect_uri=provider.redirect_uri,
        code_challenge_method="S256",
        timeout=WAIT_S,
    )
