"""Signing in with a password, and where the account has one with its second factor.

Decides who is let in. Passwords are hashed outside any transaction, because hashing takes long on purpose and must not
hold back the storing of answers. Who knows the password but has not given a code yet gets a challenge: sealed, good for
minutes, and counted like a password when the code is wrong.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from cryptography.fernet import InvalidToken

from hub.core.errors import NotSignedIn
from hub.core.passwords import MAX_PASSWORD_LENGTH, Passwords
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import attempts, reading, rules, second_factor, sessions
from hub.identity.sessions import SignedIn
from hub.identity.tables import Account

CHALLENGE_MS = 5 * 60_000


@dataclass(frozen=True, slots=True)
class Caller:
    """Through which browser somebody signs in; `former_token` is its old session, which ends.

    A session that somebody else fixed beforehand is of no use then.
    """

    address: str
    browser: str = ""
    former_token: str | None = None


class CodeNeeded(NotSignedIn):
    """The password was right; `challenge` comes back with the code."""

    def __init__(self, challenge: str) -> None:
        super().__init__(_("Enter the code that your authenticator app shows."), field="code")
        self.challenge = challenge


def sign_in(
    workplace: Workplace,
    passwords: Passwords,
    caller: Caller,
    *,
    name: str,
    password: str,
    code: str = "",
) -> SignedIn:
    """A new session for whoever knows the password; raises NotSignedIn, CodeNeeded or TooManyAttempts."""
    subjects = rules.attempt_subjects(reading.folded(name), caller.address)
    with workplace.begin() as work:
        attempt = attempts.note(work, subjects)
        account = reading.by_name(work, name)
        stored = account.password_hash if account else None
    fits = len(password) <= MAX_PASSWORD_LENGTH and passwords.verify(stored, password)
    if not fits or stored is None:
        raise NotSignedIn(_("This name and password do not belong together."))
    improved = passwords.hash(password) if passwords.is_outdated(stored) else None
    with workplace.begin() as work:
        account = reading.by_name(work, name)
        if account is None or account.password_hash != stored:
            raise NotSignedIn(_("The password was changed at this moment. Please sign in again."))
        _check_in_use(account)
        if improved is not None:
            account.password_hash = improved
            work.session.add(account)
        if account.totp_sealed is not None and not code:
            attempts.forget(work, subjects[0], attempt)
            challenge = _challenge(work, account)
        else:
            second_factor.check(work, account, code)
            attempts.forget(work, subjects[0], attempt)
            return _let_in(work, account, caller)
    raise CodeNeeded(challenge)


def answer(workplace: Workplace, caller: Caller, challenge: str, code: str) -> SignedIn:
    """A new session for whoever has the second factor as well."""
    with workplace.begin() as work:
        account = _challenged(work, challenge)
        subjects = rules.attempt_subjects(f"code of {account.name}", caller.address)
        attempt = attempts.note(work, subjects)
    with workplace.begin() as work:
        account = _challenged(work, challenge)
        second_factor.check(work, account, code)
        attempts.forget(work, subjects[0], attempt)
        return _let_in(work, account, caller)


def _let_in(work: UnitOfWork, account: Account, caller: Caller) -> SignedIn:
    if caller.former_token is not None:
        sessions.end(work, caller.former_token)
    return sessions.begin(work, account, caller.browser)


def _check_in_use(account: Account) -> None:
    if account.inactive_ms is not None:
        raise NotSignedIn(_("This account is out of use. Ask an administrator."))


def _challenge(work: UnitOfWork, account: Account) -> str:
    told = [account.id, account.password_hash[-16:], work.now_ms + CHALLENGE_MS]
    return urlsafe_b64encode(work.vault.seal(json.dumps(told).encode())).decode()


def _challenged(work: UnitOfWork, challenge: str) -> Account:
    try:
        told = json.loads(work.vault.open(urlsafe_b64decode(challenge)))
        number, password_end, until_ms = told
    except (InvalidToken, ValueError, TypeError):
        raise NotSignedIn(_("Please sign in again.")) from None
    account = work.session.get(Account, number)
    if account is None or until_ms <= work.now_ms or account.password_hash[-16:] != password_end:
        raise NotSignedIn(_("Please sign in again."))
    _check_in_use(account)
    return account
