"""What people do to a rollout: pause and resume it, approve a group, end it, have a group return to the version before.

Decides that each of these is a deed on all of its terminals: whoever may not manage every one of them may do none.
"""

from collections.abc import Callable

from hub.core.errors import Conflict, NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.bulk import managed
from hub.fleet.repository.repository import Release
from hub.fleet.rollout_tables import Rollout, RolloutDevice, RolloutGroup
from hub.fleet.rollouts import asking, service
from hub.fleet.rollouts.advancing import pause as _pause
from hub.fleet.rollouts.advancing import take_back_unbegun
from hub.fleet.rollouts.facts import present
from hub.fleet.rollouts.rules import Reason, Standing

FindRelease = Callable[[str], Release | None]
"""By version, in any channel."""


@needs(Permission.MANAGE_DEVICES)
def pause(work: UnitOfWork, scope: Scope, name: str, by: str) -> None:
    """Nobody else is asked until it is resumed."""
    row = _steered(work, scope, name, "running")
    _pause(work, scope, row, by, Reason.BY_HAND)


@needs(Permission.MANAGE_DEVICES)
def resume(work: UnitOfWork, scope: Scope, name: str, by: str) -> None:
    """Go on, in spite of whatever failed so far: only what fails from now on stops it again."""
    row = _steered(work, scope, name, "paused")
    groups = service.groups_of(work, name)
    if any(group.returned_ms is not None for group in groups):
        raise Conflict(_("A group went back to the version before. Begin a new rollout instead."))
    row.state, row.reason = "running", ""
    row.watched_from_ms = work.now_ms
    work.session.add(row)
    parts = service.rows_of(work, Scope(scope.organisation), name)
    for part in parts:
        if part.standing == Standing.FAILED:
            part.passed_over = True
            work.session.add(part)
    begun = {group.number for group in groups if group.begun_ms is not None}
    again = [p for p in parts if p.group in begun and p.standing == Standing.WAITING]
    asking.ask(work, scope, row, again, present(work, {part.device for part in again}))
    service.note(work, scope, row, "resumed", by)


@needs(Permission.MANAGE_DEVICES)
def approve(work: UnitOfWork, scope: Scope, name: str, group: int, by: str) -> None:
    """Let a group begin when its turn comes."""
    row = _steered(work, scope, name, "running", "paused")
    found = _group(work, name, group)
    if not found.needs_approval or found.approved_ms is not None:
        raise Conflict(_("This group needs no approval any more."))
    found.approved_ms, found.approved_by = work.now_ms, by
    work.session.add(found)
    service.note(work, scope, row, "approved", by, group=group)


@needs(Permission.MANAGE_DEVICES)
def abort(work: UnitOfWork, scope: Scope, name: str, by: str) -> None:
    """End it for good. What is being installed is finished; nobody is asked any more."""
    row = _steered(work, scope, name, "running", "paused")
    take_back_unbegun(work, scope, row)
    row.state, row.ended_ms = "aborted", work.now_ms
    work.session.add(row)
    service.note(work, scope, row, "aborted", by)


@needs(Permission.MANAGE_DEVICES)
def return_group(
    work: UnitOfWork, scope: Scope, name: str, group: int, *, by: str, find: FindRelease
) -> int:
    """Ask every terminal of a group that was asked for the release for the version that it ran before; how many are.

    A rollout that runs is paused. Conflict where a version before is no release of this hub: it cannot be fetched.
    """
    row = _steered(work, scope, name, "running", "paused", "aborted", "done")
    found = _group(work, name, group)
    if found.begun_ms is None or found.returned_ms is not None:
        raise Conflict(_("There is nothing in this group that could go back."))
    if row.state == "running":
        _pause(work, scope, row, by, Reason.BY_HAND, group=group)
    everything = Scope(scope.organisation)
    parts = [
        part
        for part in service.rows_of(work, everything, name)
        if part.group == group and part.asked_ms is not None and part.before
    ]
    channels = _channels(parts, find)
    asking.take_back(work, scope, [p.job for p in parts if p.job and p.standing == "under_way"])
    asking.ask_back(work, scope, row, parts, channels)
    found.returned_ms = work.now_ms
    work.session.add(found)
    service.note(work, scope, row, "returned", by, group=group)
    return len(parts)


def _channels(parts: list[RolloutDevice], find: FindRelease) -> dict[str, str]:
    channels = {}
    for version in sorted({part.before for part in parts}):
        release = find(version)
        if release is None:
            gone = _("The version before, %(version)s, is no release of this hub.")
            raise Conflict(gone % {"version": version})
        channels[version] = release.channel
    return channels


def _steered(work: UnitOfWork, scope: Scope, name: str, *states: str) -> Rollout:
    """The rollout, locked, if it is in one of these states and every terminal of it may be managed."""
    row = service.find(work, scope, name, lock=True)
    every = service.rows_of(work, Scope(scope.organisation), name)
    managed(work, scope, {part.device for part in every})
    if row.state not in states:
        raise Conflict(_("The rollout is no longer in a state in which this can be done."))
    return row


def _group(work: UnitOfWork, name: str, number: int) -> RolloutGroup:
    found = work.session.get(RolloutGroup, (name, number))
    if found is None:
        raise NotFound(_("There is no such group."))
    return found
