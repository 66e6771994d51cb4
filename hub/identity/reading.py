"""How accounts are read: by name, e-mail address or number; what they show, and who visits with them."""

from collections.abc import Iterable

from sqlmodel import col, select

from hub.core.permissions import Permission, Role
from hub.core.scope import Grant
from hub.core.unit_of_work import UnitOfWork
from hub.identity.tables import Account, AccountRole
from hub.identity.views import AccountView, Preferences, Visitor


def folded(text: str) -> str:
    """Names and addresses are the same whatever their capitals and the blanks around them."""
    return text.strip().casefold()


def by_name(work: UnitOfWork, name: str) -> Account | None:
    """Whoever signs in with this name or e-mail address."""
    wanted = folded(name)
    if "@" in wanted:
        known = select(Account).where(col(Account.email_fingerprint) == fingerprint(work, wanted))
        if (found := work.session.exec(known).first()) is not None:
            return found
    return work.session.exec(select(Account).where(col(Account.name) == wanted)).first()


def fingerprint(work: UnitOfWork, email: str) -> str:
    """By which an address is found that lies there sealed."""
    return work.vault.fingerprint(f"email:{folded(email)}")


def email_of(work: UnitOfWork, row: Account) -> str | None:
    """Where its owner gets mail."""
    return None if row.email_sealed is None else work.vault.open(row.email_sealed).decode()


def account_views(work: UnitOfWork, rows: Iterable[Account]) -> list[AccountView]:
    """With what each may do where."""
    known = list(rows)
    given = select(AccountRole).where(col(AccountRole.account).in_([row.id for row in known]))
    grants: dict[int, set[Grant]] = {}
    for one in work.session.exec(given):
        grants.setdefault(one.account, set()).add(Grant(one.facility, Role(one.role)))
    return [
        AccountView(
            id=row.id,
            organisation=row.organisation,
            name=row.name,
            grants=frozenset(grants.get(row.id, ())),
            preferences=Preferences(row.language, row.theme),
            has_second_factor=row.totp_sealed is not None,
            has_password=bool(row.password_hash),
            inactive_ms=row.inactive_ms,
        )
        for row in known
        if row.id is not None
    ]


def account_view(work: UnitOfWork, row: Account) -> AccountView:
    """Of one."""
    return account_views(work, [row])[0]


def visitor(
    work: UnitOfWork,
    row: Account | None,
    secret: str | None,
    permissions: frozenset[Permission] | None = None,
) -> Visitor | None:
    """Who visits with this account; nobody with one that is out of use."""
    if row is None or row.inactive_ms is not None:
        return None
    account = account_view(work, row)
    return Visitor(account, secret, account.scope(permissions))
