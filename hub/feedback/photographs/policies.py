"""Whether the terminals of a facility photograph with answers. For how long photographs are kept is said elsewhere.

Off until somebody says otherwise. Nothing is changed in place: each change is a new version, with who made it and
when, and taking one back is another, equal to the one before it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import col, select

from contract.documents import PhotographConfiguration
from contract.photographs import Policy
from hub.core import conflicts
from hub.core.errors import NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.events import PhotographPolicyChanged
from hub.feedback.photographs.tables import PhotographPolicy
from hub.identity import service


@dataclass(frozen=True, slots=True)
class PolicyView:
    """One version; number 0 is what holds before anybody has decided."""

    facility: str
    version: int = 0
    policy: Policy = Policy.OFF
    changed_by: str = ""
    at_ms: int = 0


@needs(Permission.ANSWER_PRIVACY)
def versions(work: UnitOfWork, scope: Scope, facility: str) -> list[PolicyView]:
    """Every version of a facility's policy, the newest first, down to none at all; NotFound."""
    if facility not in service.time_zones(work, scope):
        raise NotFound(_("There is no such facility."))
    rows = select(PhotographPolicy).where(
        scope.rows(PhotographPolicy), col(PhotographPolicy.facility) == facility
    )
    found = work.session.exec(rows.order_by(col(PhotographPolicy.version).desc()))
    return [*map(_view, found), PolicyView(facility)]


@needs(Permission.ANSWER_PRIVACY)
def in_force(work: UnitOfWork, scope: Scope, facility: str) -> PolicyView:
    """What holds at a facility now."""
    return versions(work, scope, facility)[0]


@needs(Permission.ANSWER_PRIVACY)
def change(
    work: UnitOfWork,
    scope: Scope,
    facility: str,
    policy: Policy,
    *,
    seen: int,
    by: str,
) -> PolicyView:
    """A new version, unless nothing is different; Conflict when somebody else was faster than who saw `seen`."""
    now = in_force(work, scope, facility)
    if now.version != seen:
        raise conflicts.changed_meanwhile()
    if policy is now.policy:
        return now
    return _store(work, scope, now, PolicyView(facility, 0, policy), by)


@needs(Permission.ANSWER_PRIVACY)
def restore(work: UnitOfWork, scope: Scope, facility: str, *, version: int, by: str) -> PolicyView:
    """An earlier version's policy in a new version."""
    now, *_before = known = versions(work, scope, facility)
    wanted = next((one for one in known if one.version == version), None)
    if wanted is None:
        raise NotFound(_("There is no such version."))
    return _store(work, scope, now, wanted, by)


def for_terminals(
    public_key: str,
) -> Callable[[UnitOfWork, Scope], PhotographConfiguration | None]:
    """What the terminals of one facility are told, with the hub's key; None where nothing is photographed."""

    def told(work: UnitOfWork, scope: Scope) -> PhotographConfiguration | None:
        for facility in service.facilities(work, scope):
            now = in_force(work, scope, facility.id)
            if now.policy is not Policy.OFF:
                return PhotographConfiguration(policy=now.policy.code, key=public_key)
        return None

    return told


def _view(row: PhotographPolicy) -> PolicyView:
    told = row.model_dump(exclude={"organisation", "policy"})
    return PolicyView(policy=Policy.of(row.policy), **told)


def _store(
    work: UnitOfWork, scope: Scope, before: PolicyView, wanted: PolicyView, by: str
) -> PolicyView:
    row = PhotographPolicy(
        organisation=scope.organisation,
        facility=before.facility,
        version=before.version + 1,
        policy=wanted.policy.code,
        changed_by=by,
        at_ms=work.now_ms,
    )
    conflicts.add(work, row, conflicts.changed_meanwhile())
    work.audit.record(
        scope,
        "photograph_policy.changed",
        f"facility/{row.facility}",
        facility=row.facility,
        policy=row.policy,
    )
    work.tell(PhotographPolicyChanged(row.organisation, row.facility))
    return _view(row)
