"""Signed-in browsers: how long a session lasts, whose it is, and how it ends. Letting somebody in is `signing_in`'s."""

from dataclasses import dataclass

from sqlmodel import col, delete, select

from hub.core.errors import NotFound
from hub.core.passwords import new_token, token_hash
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity import reading, rules
from hub.identity.tables import Account, LoginSession
from hub.identity.views import Preferences, Visitor

HANDLE = 16
"""Letters of a session's digest by which its owner names it; the token itself nobody knows from them."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: `token` goes into the cookie and is not kept."""

    token: str
    visitor: Visitor
    expires_ms: int


@dataclass(frozen=True, slots=True)
class SessionView:
    """One signed-in browser, as its owner sees it."""

    handle: str
    browser: str
    created_ms: int
    expires_ms: int
    is_this: bool


def begin(work: UnitOfWork, account: Account, browser: str) -> SignedIn:
    """A new session of an account in use."""
    work.session.exec(delete(LoginSession).where(col(LoginSession.expires_ms) <= work.now_ms))
    token, csrf = new_token(), new_token()
    visitor = reading.visitor(work, account, csrf)
    assert visitor is not None  # noqa: S101 - in use
    expires_ms = work.now_ms + rules.SESSION_MS
    work.session.add(
        LoginSession(
            token_hash=token_hash(token),
            organisation=account.organisation,
            account=visitor.account.id,
            csrf=csrf,
            browser=browser,
            created_ms=work.now_ms,
            expires_ms=expires_ms,
        )
    )
    work.audit.record(visitor.scope, "session.begun", f"account/{account.id}")
    return SignedIn(token, visitor, expires_ms)


def visitor_of(work: UnitOfWork, token: str) -> Visitor | None:
    """Who a session's cookie belongs to, while it lasts."""
    session = work.session.get(LoginSession, token_hash(token))
    if session is None or session.expires_ms <= work.now_ms:
        return None
    return reading.visitor(work, work.session.get(Account, session.account), session.csrf)


def prefer(work: UnitOfWork, token: str, chosen: Preferences) -> None:
    """Keep what was chosen with the account of a session; nothing happens when that has ended."""
    visitor = visitor_of(work, token)
    account = None if visitor is None else work.session.get(Account, visitor.account.id)
    if account is not None:
        account.language = chosen.language or account.language
        account.theme = chosen.theme or account.theme
        work.session.add(account)


def end(work: UnitOfWork, token: str) -> None:
    """Sign out; nothing happens when the session has ended already."""
    ended = col(LoginSession.token_hash) == token_hash(token)
    work.session.exec(delete(LoginSession).where(ended))


def end_all(work: UnitOfWork, account: int, *, but: str | None = None) -> None:
    """Sign an account out everywhere, except where the token `but` is."""
    ended = col(LoginSession.account) == account
    if but is not None:
        ended &= col(LoginSession.token_hash) != token_hash(but)
    work.session.exec(delete(LoginSession).where(ended))


def of_visitor(work: UnitOfWork, visitor: Visitor, token: str | None) -> list[SessionView]:
    """Where the visitor is signed in, the newest first; `token` is the browser's that asks."""
    wanted = select(LoginSession).where(
        col(LoginSession.account) == visitor.account.id,
        col(LoginSession.expires_ms) > work.now_ms,
    )
    this = None if token is None else token_hash(token)
    rows = work.session.exec(wanted.order_by(col(LoginSession.created_ms).desc()))
    return [
        SessionView(
            row.token_hash[:HANDLE], row.browser, row.created_ms, row.expires_ms,
            row.token_hash == this,
        )
        for row in rows
    ]  # fmt: skip


def end_one(work: UnitOfWork, visitor: Visitor, handle: str) -> None:
    """One of the visitor's own."""
    mine = [one.handle for one in of_visitor(work, visitor, None)]
    if handle not in mine:
        raise NotFound(_("This session has ended already."))
    ended = (col(LoginSession.account) == visitor.account.id) & (
        col(LoginSession.token_hash).startswith(handle)
    )
    work.session.exec(delete(LoginSession).where(ended))
    work.audit.record(visitor.scope, "session.ended", f"account/{visitor.account.id}")
