"""Filters that somebody has given a name: their own, and nobody else's."""

from sqlmodel import col, select

from hub.core.errors import BadInput, NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.listing.matching import checked
from hub.fleet.listing.query import parsed
from hub.fleet.tables import FleetView

MOST_VIEWS = 50


@needs(Permission.SEE_DEVICES)
def views(work: UnitOfWork, scope: Scope, account: int) -> list[tuple[int, str, str]]:
    """Number, name and filter of one's own, by name."""
    return [(row.id or 0, row.name, row.query) for row in _own(work, scope, account)]


@needs(Permission.SEE_DEVICES)
def save(work: UnitOfWork, scope: Scope, account: int, name: str, query: str) -> None:
    """Keep a filter; the same name again replaces it. BadInput where it is none."""
    if query:
        checked(parsed(query))
    kept = {row.name: row for row in _own(work, scope, account)}
    if name not in kept and len(kept) >= MOST_VIEWS:
        raise BadInput("name", _("You have fifty saved views. Delete one first."))
    row = kept.get(name) or FleetView(
        organisation=scope.organisation, account=account, name=name, query=query
    )
    row.query = query
    work.session.add(row)
    work.session.flush()
    work.audit.record(scope, "fleet_view.saved", f"fleet_view/{row.id}")


@needs(Permission.SEE_DEVICES)
def delete(work: UnitOfWork, scope: Scope, account: int, view: int) -> None:
    """One's own; NotFound."""
    row = work.session.get(FleetView, view)
    if row is None or (row.organisation, row.account) != (scope.organisation, account):
        raise NotFound(_("There is no such view."))
    work.session.delete(row)
    work.audit.record(scope, "fleet_view.deleted", f"fleet_view/{view}")


def _own(work: UnitOfWork, scope: Scope, account: int) -> list[FleetView]:
    mine = select(FleetView).where(
        FleetView.organisation == scope.organisation, FleetView.account == account
    )
    return list(work.session.exec(mine.order_by(col(FleetView.name))))
