"""Accounts, signing in and out, and programs' tokens.

Decides who is let in and for how long. Passwords are hashed outside any transaction, because hashing takes long on
purpose and must not hold back the storing of answers.
"""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import delete, func
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from hub.core.errors import BadInput, Conflict, NotFound, NotSignedIn, TooManyAttempts
from hub.core.passwords import (
    MAX_PASSWORD_LENGTH,
    Passwords,
    generated_password,
    new_token,
    token_hash,
)
from hub.core.permissions import Permission, Role
from hub.core.scope import Grant, Scope, may_give, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import rules, service
from hub.identity.tables import Account, AccountRole, ApiToken, LoginAttempt, LoginSession
from hub.identity.views import AccountView, Preferences, Visitor

FIRST_ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: `token` goes into the cookie and is not kept."""

    token: str
    visitor: Visitor
    expires_ms: int


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """To be told to the operator, once."""

    name: str
    password: str


@needs(Permission.MANAGE_ACCOUNTS)
def create_account(
    work: UnitOfWork,
    scope: Scope,
    *,
    name: str,
    password_hash: str,
    role: Role,
    facility: str | None = None,
) -> AccountView:
    """Somebody who may sign in; names are unique over all organisations, capitals aside."""
    row = Account(
        organisation=scope.organisation,
        name=_folded(name),
        password_hash=password_hash,
        created_ms=work.now_ms,
    )
    work.session.add(row)
    try:
        work.session.flush()
    except IntegrityError as error:
        raise Conflict(_("There is an account of this name already."), field="name") from error
    grant(work, scope, row.name, role, facility)
    return _account_view(work, row)


@needs(Permission.MANAGE_ACCOUNTS)
def grant(
    work: UnitOfWork, scope: Scope, name: str, role: Role, facility: str | None = None
) -> None:
    """Give an account a role at a facility, or at all of them; nobody gives more than they may themselves."""
    if facility is not None and not scope.covers(scope.organisation, facility):
        raise BadInput("facility", _("There is no such facility."))
    if facility is None and scope.facilities is not None:
        raise BadInput("facility", _("Say which of your facilities the account is for."))
    if not may_give(scope, Grant(facility, role)):
        raise BadInput("role", _("You cannot give a role that may do more than yours."))
    account = _of_scope(work, scope, name)
    work.session.add(
        AccountRole(
            organisation=scope.organisation, facility=facility, account=account.id or 0, role=role
        )
    )
    work.audit.record(
        scope, "account.role_given", f"account/{account.id}", facility=facility, role=role
    )
    work.session.flush()


def create_first_administrator(
    workplace: Workplace, scope: Scope, passwords: Passwords, name: str, time_zone: str
) -> FirstAdministrator | None:
    """On a hub without any account: the organisation and its administrator; None when somebody is there already."""
    with workplace.read() as work:
        if _anybody(work):
            return None
    password = generated_password()
    hashed = passwords.hash(password)
    try:
        with workplace.begin() as work:
            if _anybody(work):
                return None
            service.ensure_organisation(work, scope, name, time_zone)
            create_account(
                work, scope, name=FIRST_ADMINISTRATOR, password_hash=hashed, role=Role.ADMINISTRATOR
            )
    except Conflict:  # another hub on this database started at the same moment, and was first
        return None
    return FirstAdministrator(FIRST_ADMINISTRATOR, password)


@needs(Permission.MANAGE_ACCOUNTS)
def set_password(work: UnitOfWork, scope: Scope, name: str, password_hash: str) -> None:
    """A new password; whoever was signed in with the old one is signed out."""
    account = _of_scope(work, scope, name)
    account.password_hash = password_hash
    work.session.add(account)
    work.session.exec(delete(LoginSession).where(col(LoginSession.account) == account.id))
    work.audit.record(scope, "account.password_set", f"account/{account.id}")


@needs(Permission.ADMINISTER)
def create_token(work: UnitOfWork, scope: Scope, name: str, label: str) -> str:
    """A program's token with the account's rights; shown now and never again."""
    account = _account_view(work, _of_scope(work, scope, name))
    token = new_token()
    work.session.add(
        ApiToken(
            token_hash=token_hash(token),
            organisation=account.organisation,
            account=account.id,
            label=label,
            created_ms=work.now_ms,
        )
    )
    work.audit.record(scope, "token.made", f"account/{account.id}")
    return token


def sign_in(
    workplace: Workplace,
    passwords: Passwords,
    *,
    name: str,
    password: str,
    address: str,
    former_token: str | None = None,
) -> SignedIn:
    """A new session for whoever knows the password; raises NotSignedIn or TooManyAttempts.

    An attempt counts as failed from its beginning until it has succeeded, so that attempts made at the same time are
    counted too. `former_token`, the browser's old session, ends: a session fixed by somebody else is of no use.
    """
    folded = _folded(name)
    subjects = rules.attempt_subjects(folded, address)
    with workplace.begin() as work:
        attempt = _note_attempt(work, subjects)
        account = work.session.exec(select(Account).where(col(Account.name) == folded)).first()
        stored = account.password_hash if account else None
    fits = len(password) <= MAX_PASSWORD_LENGTH and passwords.verify(stored, password)
    if not fits or stored is None:
        raise NotSignedIn(_("This name and password do not belong together."))
    improved = passwords.hash(password) if passwords.is_outdated(stored) else None
    with workplace.begin() as work:
        account = work.session.exec(select(Account).where(col(Account.name) == folded)).first()
        if account is None or account.password_hash != stored:
            raise NotSignedIn(_("The password was changed at this moment. Please sign in again."))
        if improved is not None:
            account.password_hash = improved
            work.session.add(account)
        _forget_attempts(work, subjects[0], attempt)
        if former_token is not None:
            sign_out(work, former_token)
        return _new_session(work, _account_view(work, account))


def prefer(work: UnitOfWork, token: str, chosen: Preferences) -> None:
    """Keep what was chosen with the account of a session; nothing happens when that has ended."""
    visitor = visitor_of_session(work, token)
    account = None if visitor is None else work.session.get(Account, visitor.account.id)
    if account is not None:
        account.language = chosen.language or account.language
        account.theme = chosen.theme or account.theme
        work.session.add(account)


def sign_out(work: UnitOfWork, token: str) -> None:
    """End a session; nothing happens when it has ended already."""
    ended = col(LoginSession.token_hash) == token_hash(token)
    work.session.exec(delete(LoginSession).where(ended))


def visitor_of_session(work: UnitOfWork, token: str) -> Visitor | None:
    """Who a session's cookie belongs to, while it lasts."""
    session = work.session.get(LoginSession, token_hash(token))
    if session is None or session.expires_ms <= work.now_ms:
        return None
    account = work.session.get(Account, session.account)
    return None if account is None else _visitor(_account_view(work, account), session.csrf)


def visitor_of_token(work: UnitOfWork, token: str) -> Visitor | None:
    """Who an API token belongs to."""
    found = work.session.get(ApiToken, token_hash(token))
    account = None if found is None else work.session.get(Account, found.account)
    return None if account is None else _visitor(_account_view(work, account), None)


def _new_session(work: UnitOfWork, account: AccountView) -> SignedIn:
    work.session.exec(delete(LoginSession).where(col(LoginSession.expires_ms) <= work.now_ms))
    token = new_token()
    row = LoginSession(
        token_hash=token_hash(token),
        organisation=account.organisation,
        account=account.id,
        csrf=new_token(),
        created_ms=work.now_ms,
        expires_ms=work.now_ms + rules.SESSION_MS,
    )
    work.session.add(row)
    return SignedIn(token, _visitor(account, row.csrf), row.expires_ms)


def _note_attempt(work: UnitOfWork, subjects: tuple[rules.AttemptSubject, ...]) -> list[int | None]:
    began = work.now_ms - rules.ATTEMPT_WINDOW_MS
    work.session.exec(delete(LoginAttempt).where(col(LoginAttempt.at_ms) <= began))
    for subject in subjects:
        counted = select(func.count()).where(col(LoginAttempt.subject) == _digest(subject))
        if work.session.exec(counted).one() >= subject.allowed:
            raise TooManyAttempts(
                _("Too many attempts to sign in. Wait a quarter of an hour and try again."),
                retry_after_s=rules.ATTEMPT_WINDOW_MS // 1000,
            )
    rows = [LoginAttempt(subject=_digest(subject), at_ms=work.now_ms) for subject in subjects]
    work.session.add_all(rows)
    work.session.flush()
    return [row.id for row in rows]


def _forget_attempts(
    work: UnitOfWork, person: rules.AttemptSubject, attempt: list[int | None]
) -> None:
    """This attempt, and the person's earlier ones; what others tried on the account or the place stays counted."""
    forgotten = (col(LoginAttempt.subject) == _digest(person)) | col(LoginAttempt.id).in_(attempt)
    work.session.exec(delete(LoginAttempt).where(forgotten))


def _digest(subject: rules.AttemptSubject) -> str:
    return sha256(subject.name.encode()).hexdigest()


def _anybody(work: UnitOfWork) -> bool:
    return work.session.exec(select(Account.id).limit(1)).first() is not None


def _of_scope(work: UnitOfWork, scope: Scope, name: str) -> Account:
    wanted = select(Account).where(
        col(Account.organisation) == scope.organisation, col(Account.name) == _folded(name)
    )
    found = work.session.exec(wanted).first()
    if found is None:
        raise NotFound(_("There is no such account."))
    return found


def _folded(name: str) -> str:
    return name.strip().casefold()


def _visitor(account: AccountView, secret: str | None) -> Visitor:
    return Visitor(account, secret, account.scope())


def _account_view(work: UnitOfWork, row: Account) -> AccountView:
    assert row.id is not None  # noqa: S101 - stored
    given = select(AccountRole).where(col(AccountRole.account) == row.id)
    grants = frozenset(Grant(one.facility, Role(one.role)) for one in work.session.exec(given))
    chosen = Preferences(row.language, row.theme)
    return AccountView(row.id, row.organisation, row.name, grants, chosen)
