"""Looking after accounts: who has one, with which roles where, and who may look after whom.

Decides that nobody gives a role, or looks after an account, that may do more than they may. Signing in is
`signing_in`'s affair, links to choose a password are `links`'.
"""

from dataclasses import dataclass

from sqlmodel import col, delete, select

from hub.core import conflicts
from hub.core.errors import BadInput, Conflict, NotFound
from hub.core.passwords import Passwords, generated_password
from hub.core.permissions import Permission, Role
from hub.core.scope import Grant, Scope, may_give, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import links, reading, second_factor, service, sessions
from hub.identity.links import Addresses
from hub.identity.tables import Account, AccountRole
from hub.identity.views import AccountView

FIRST_ADMINISTRATOR = "administrator"
MOST_ACCOUNTS = 2000


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
    email: str | None = None,
) -> AccountView:
    """Somebody who may sign in; names are unique over all organisations, capitals aside."""
    row = Account(
        organisation=scope.organisation,
        name=reading.folded(name),
        password_hash=password_hash,
        created_ms=work.now_ms,
    )
    if email:
        row.email_sealed = work.vault.seal(email.strip().encode())
        row.email_fingerprint = reading.fingerprint(work, email)
    taken = Conflict(_("There is an account of this name or address already."), field="name")
    conflicts.add(work, row, taken)
    work.audit.record(scope, "account.made", f"account/{row.id}", facility=facility)
    _give(work, scope, row, Grant(facility, role))
    return reading.account_view(work, row)


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
def accounts(work: UnitOfWork, scope: Scope) -> list[AccountView]:
    """Whoever has a role in the scope, by name."""
    there = select(AccountRole.account).where(col(AccountRole.organisation) == scope.organisation)
    if scope.facilities is not None:
        there = there.where(col(AccountRole.facility).in_(sorted(scope.facilities)))
    rows = select(Account).where(
        col(Account.organisation) == scope.organisation, col(Account.id).in_(there)
    )
    found = work.session.exec(rows.order_by(col(Account.name)).limit(MOST_ACCOUNTS))
    return reading.account_views(work, found)


def is_in_charge(scope: Scope, account: AccountView) -> bool:
    """Whether the scope may change this account: nobody looks after who may do more than they."""
    return all(may_give(scope, grant) for grant in account.grants)


@needs(Permission.MANAGE_ACCOUNTS)
def account(work: UnitOfWork, scope: Scope, number: int) -> AccountView:
    """One of those that the scope may change."""
    return reading.account_view(work, _in_charge(work, scope, number))


@needs(Permission.MANAGE_ACCOUNTS)
def give_role(work: UnitOfWork, scope: Scope, number: int, grant: Grant) -> None:
    """One role more; nothing happens when the account has it."""
    _give(work, scope, _in_charge(work, scope, number), grant)


@needs(Permission.MANAGE_ACCOUNTS)
def take_role(work: UnitOfWork, scope: Scope, number: int, grant: Grant) -> None:
    """One role less; the last one stays, for an account without any cannot be found again."""
    row = _in_charge(work, scope, number)
    if reading.account_view(work, row).grants == {grant}:
        raise BadInput("role", _("This is the only role. Take the account out of use instead."))
    taken = (
        (col(AccountRole.account) == number)
        & (col(AccountRole.role) == grant.role)
        & col(AccountRole.facility).is_not_distinct_from(grant.facility)
    )
    work.session.exec(delete(AccountRole).where(taken))
    subject = f"account/{number}"
    work.audit.record(
        scope, "account.role_taken", subject, facility=grant.facility, role=grant.role
    )


@needs(Permission.MANAGE_ACCOUNTS)
def set_active(work: UnitOfWork, scope: Scope, number: int, active: bool) -> None:
    """Out of use: signed out everywhere at once, tokens and links asleep; or in use again."""
    row = _in_charge(work, scope, number)
    if scope.actor == f"account/{number}":
        raise BadInput("account", _("You cannot take your own account out of use."))
    row.inactive_ms = None if active else work.now_ms
    work.session.add(row)
    if not active:
        sessions.end_all(work, number)
    action = "account.restored" if active else "account.deactivated"
    work.audit.record(scope, action, f"account/{number}")


@needs(Permission.MANAGE_ACCOUNTS)
def invite_again(work: UnitOfWork, scope: Scope, addresses: Addresses, number: int) -> str:
    """A new link to choose a password; the earlier ones no longer work."""
    row = _in_charge(work, scope, number)
    links.forget(work, number)
    work.audit.record(scope, "account.invited", f"account/{number}")
    return links.invite(work, addresses, row)


@needs(Permission.MANAGE_ACCOUNTS)
def remove_second_factor(work: UnitOfWork, scope: Scope, number: int) -> None:
    """For who has lost both app and recovery codes."""
    second_factor.remove(work, _in_charge(work, scope, number))
    work.audit.record(scope, "second_factor.removed", f"account/{number}")


@needs(Permission.MANAGE_ACCOUNTS)
def set_password(work: UnitOfWork, scope: Scope, name: str, password_hash: str) -> None:
    """A new password; whoever was signed in with the old one is signed out."""
    known = reading.by_name(work, name)
    row = _in_charge(work, scope, known.id if known and known.id else 0)
    row.password_hash = password_hash
    work.session.add(row)
    sessions.end_all(work, row.id or 0)
    work.audit.record(scope, "password.chosen", f"account/{row.id}")


def _anybody(work: UnitOfWork) -> bool:
    return work.session.exec(select(Account.id).limit(1)).first() is not None


def _in_charge(work: UnitOfWork, scope: Scope, number: int) -> Account:
    """Locked until the unit of work ends, where it may write."""
    row = work.session.get(Account, number)
    if (
        row is None
        or row.organisation != scope.organisation
        or not is_in_charge(scope, reading.account_view(work, row))
    ):
        raise NotFound(_("There is no such account."))
    return row


def _give(work: UnitOfWork, scope: Scope, row: Account, grant: Grant) -> None:
    if grant.facility is None and scope.facilities is not None:
        raise BadInput("facility", _("Say which of your facilities the account is for."))
    if grant.facility is not None and grant.facility not in service.time_zones(work, scope):
        raise BadInput("facility", _("There is no such facility."))
    if not may_give(scope, grant):
        raise BadInput("role", _("You cannot give a role that may do more than yours."))
    if grant in reading.account_view(work, row).grants:
        return
    given = AccountRole(
        organisation=row.organisation,
        facility=grant.facility,
        account=row.id or 0,
        role=grant.role,
    )
    work.session.add(given)
    work.session.flush()
    subject = f"account/{row.id}"
    work.audit.record(
        scope, "account.role_given", subject, facility=grant.facility, role=grant.role
    )
