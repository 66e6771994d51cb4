"""Who of the staff may do something where, for slices that give them work: names and where notices reach them.

Also who they are among those whom patients judge: what a patient said of somebody is not for that somebody's eyes.
Decides nothing about what they are given. Looking after the accounts themselves is `accounts`' affair.
"""

from dataclasses import dataclass

from sqlmodel import col, select

from hub.core.errors import Conflict
from hub.core.permissions import HOLDERS, Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity import reading
from hub.identity.tables import Account, AccountRole


@dataclass(frozen=True, slots=True)
class Colleague:
    """`in_use`: the account can sign in; `language`: what its owner has chosen to read, None where nothing."""

    account: int
    name: str
    in_use: bool
    language: str | None = None


@needs(Permission.SEE_PLACES)
def colleagues(work: UnitOfWork, scope: Scope, permission: Permission) -> list[Colleague]:
    """Whoever holds a permission somewhere in the scope, by name; those out of use, too, for what they did stays."""
    holding = select(AccountRole.account).where(
        AccountRole.organisation == scope.organisation,
        col(AccountRole.role).in_(sorted(HOLDERS[permission])),
    )
    if scope.facilities is not None:
        here = col(AccountRole.facility).in_(sorted(scope.facilities))
        holding = holding.where(here | col(AccountRole.facility).is_(None))
    rows = select(Account.id, Account.name, Account.inactive_ms, Account.language).where(
        Account.organisation == scope.organisation, col(Account.id).in_(holding)
    )
    found = work.session.exec(rows.order_by(col(Account.name)))
    return [
        Colleague(number or 0, name, inactive is None, language)
        for number, name, inactive, language in found
    ]


@needs(Permission.SEE_PLACES)
def names_by_actor(work: UnitOfWork, scope: Scope, permission: Permission) -> dict[str, str]:
    """What those are called, as rows and the audit log name them: `account/5`."""
    return {f"account/{one.account}": one.name for one in colleagues(work, scope, permission)}


def address_of(work: UnitOfWork, scope: Scope, account: int) -> str:
    """The e-mail address of an account, or nothing; for sending notices, never for showing."""
    row = work.session.get(Account, account)
    if row is None or row.organisation != scope.organisation or row.inactive_ms is not None:
        return ""
    return reading.email_of(work, row) or ""


def language_of(work: UnitOfWork, scope: Scope, account: int) -> str | None:
    """What the owner of an account has chosen to read; None where they have chosen nothing."""
    row = work.session.get(Account, account)
    return None if row is None or row.organisation != scope.organisation else row.language


def account_of(scope: Scope) -> int | None:
    """The account that asks; None for the hub itself."""
    kind, _slash, number = scope.actor.partition("/")
    return int(number) if kind == "account" and number.isdecimal() else None


def employee_of(work: UnitOfWork, scope: Scope) -> str | None:
    """Who the one that asks is, among those whom patients judge."""
    account = account_of(scope)
    return None if account is None else employees_of(work, scope).get(account)


def is_oneself(work: UnitOfWork, scope: Scope, employee: str | None) -> bool:
    """Whether whoever asks is this employee, whom a patient has judged."""
    return bool(employee) and employee_of(work, scope) == employee


def employees_of(work: UnitOfWork, scope: Scope) -> dict[int, str]:
    """By account, who somebody of the organisation is; those who are nobody among them are left out."""
    rows = select(Account.id, Account.employee).where(
        Account.organisation == scope.organisation, col(Account.employee).is_not(None)
    )
    return {number or 0: employee or "" for number, employee in work.session.exec(rows)}


@needs(Permission.DIRECT_CASES)
def say_who(work: UnitOfWork, scope: Scope, account: int, employee: str | None) -> None:
    """Who somebody is among those whom patients judge; Conflict for whoever would say it of themselves.

    That the account is one of the scope's is the caller's to see to.
    """
    if employees_of(work, scope).get(account) == employee:
        return
    if account_of(scope) == account:
        raise Conflict(
            _("Somebody else says who you are among those whom patients judge."), field="employee"
        )
    row = work.session.get_one(Account, account)
    row.employee = employee
    work.session.add(row)
    work.session.flush()
