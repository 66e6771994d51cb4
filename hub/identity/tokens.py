"""Programs' tokens: shown once, kept as a digest, allowed as much as their account or less, and taken back at will."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import col, delete, select

from hub.core.errors import BadInput, NotFound
from hub.core.passwords import new_token, token_hash
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import reading
from hub.identity.tables import Account, ApiToken
from hub.identity.views import Visitor

HANDLE = 16
USE_NOTED_EVERY_MS = 60_000


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as its owner sees it; `permissions` None: all that the account has."""

    handle: str
    label: str
    permissions: list[Permission] | None
    created_ms: int
    used_ms: int | None


def create(
    work: UnitOfWork,
    scope: Scope,
    name: str,
    label: str,
    permissions: Collection[Permission] | None = None,
) -> str:
    """A token of the account of this name; returned now and never again.

    Only the hub itself makes tokens of others: a person makes them of their own account.
    """
    row = reading.by_name(work, name)
    if row is None or row.organisation != scope.organisation or not _is_theirs(scope, row):
        raise NotFound(_("There is no such account."))
    if permissions is not None and not permissions:
        raise BadInput("permissions", _("Choose at least one thing that the program may do."))
    token = new_token()
    work.session.add(
        ApiToken(
            token_hash=token_hash(token),
            organisation=row.organisation,
            account=row.id or 0,
            label=label,
            permissions=None if permissions is None else " ".join(sorted(set(permissions))),
            created_ms=work.now_ms,
        )
    )
    work.audit.record(scope, "token.made", f"account/{row.id}")
    return token


def _is_theirs(scope: Scope, row: Account) -> bool:
    return scope.grants is None or scope.actor == f"account/{row.id}"


def visitor_of(workplace: Workplace, token: str) -> Visitor | None:
    """Who a token belongs to; that it was used is noted, to the minute."""
    with workplace.read() as work:
        found = work.session.get(ApiToken, token_hash(token))
        if found is None:
            return None
        owner = work.session.get(Account, found.account)
        visitor = reading.visitor(work, owner, None, _permissions(found))
        must_note = (found.used_ms or 0) + USE_NOTED_EVERY_MS <= work.now_ms
    if visitor is not None and must_note:
        with workplace.begin() as work:
            used = work.session.get(ApiToken, token_hash(token))
            if used is not None:
                used.used_ms = work.now_ms
                work.session.add(used)
    return visitor


def of_visitor(work: UnitOfWork, visitor: Visitor) -> list[TokenView]:
    """The visitor's own, the newest first."""
    mine = select(ApiToken).where(col(ApiToken.account) == visitor.account.id)
    rows = work.session.exec(mine.order_by(col(ApiToken.created_ms).desc()))
    return [
        TokenView(
            row.token_hash[:HANDLE],
            row.label,
            None if row.permissions is None else sorted(_permissions(row) or ()),
            row.created_ms,
            row.used_ms,
        )
        for row in rows
    ]


def revoke(work: UnitOfWork, visitor: Visitor, handle: str) -> None:
    """Take one of the visitor's own back."""
    if handle not in {one.handle for one in of_visitor(work, visitor)}:
        raise NotFound(_("There is no such token."))
    taken = (col(ApiToken.account) == visitor.account.id) & (
        col(ApiToken.token_hash).startswith(handle)
    )
    work.session.exec(delete(ApiToken).where(taken))
    work.audit.record(visitor.scope, "token.revoked", f"account/{visitor.account.id}")


def _permissions(row: ApiToken) -> frozenset[Permission] | None:
    """What a later version no longer knows allows nothing."""
    if row.permissions is None:
        return None
    known = {str(permission) for permission in Permission}
    return frozenset(Permission(one) for one in row.permissions.split() if one in known)
