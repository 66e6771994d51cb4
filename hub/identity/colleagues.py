"""Who of the staff may do something where, for slices that give them work: names and where notices reach them.

Decides nothing about what they are given. Looking after the accounts themselves is `accounts`' affair.
"""

from dataclasses import dataclass

from sqlmodel import col, select

from hub.core.permissions import HOLDERS, Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.identity import reading
from hub.identity.tables import Account, AccountRole


@dataclass(frozen=True, slots=True)
class Colleague:
    """`in_use`: the account can sign in."""

    account: int
    name: str
    in_use: bool


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
    rows = select(Account.id, Account.name, Account.inactive_ms).where(
        Account.organisation == scope.organisation, col(Account.id).in_(holding)
    )
    found = work.session.exec(rows.order_by(col(Account.name)))
    return [Colleague(number or 0, name, inactive is None) for number, name, inactive in found]


def address_of(work: UnitOfWork, scope: Scope, account: int) -> str:
    """The e-mail address of an account, or nothing; for sending notices, never for showing."""
    row = work.session.get(Account, account)
    if row is None or row.organisation != scope.organisation or row.inactive_ms is not None:
        return ""
    return reading.email_of(work, row) or ""
