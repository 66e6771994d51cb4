"""Rollouts: which there are, how far each is, and beginning one.

Decides who may begin one: whoever manages every terminal of it. Who sees one sees of it the terminals of their scope.
"""

import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import col, select

from hub.core.errors import BadInput, Conflict, NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.fleet import service as fleet
from hub.fleet.bulk import managed
from hub.fleet.repository.repository import Release
from hub.fleet.rollout_tables import Rollout, RolloutDevice, RolloutEvent, RolloutGroup
from hub.fleet.rollouts.division import divide
from hub.fleet.rollouts.rules import Standing
from hub.fleet.rollouts.schemas import (
    DevicePartModel,
    GroupModel,
    GroupTerms,
    NewRollout,
    RolloutModel,
)
from hub.fleet.rollouts.selecting import selected
from hub.fleet.tagging import tags

OPEN = ("running", "paused")
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class EventView:
    """What happened to a rollout, and by whom."""

    at_ms: int
    by: str
    what: str
    group: int | None
    reason: str


@needs(Permission.MANAGE_DEVICES)
def begin(work: UnitOfWork, scope: Scope, given: NewRollout, release: Release, by: str) -> str:
    """A new rollout, which the ticker carries on from now on; its name.

    BulkDenied when one of the terminals may not be managed, Conflict when one is in another rollout that goes on.
    """
    chosen = given.devices or _meant(work, scope, given)
    devices = managed(work, scope, chosen)
    _check_free(work, chosen)
    rollout = Rollout(
        id=secrets.token_hex(6),
        organisation=scope.organisation,
        release=release.version,
        channel=release.channel,
        lock_sha256=release.lock_sha256,
        note=given.note,
        state="running",
        spread_s=given.spread_minutes * 60,
        bytes_per_s=given.bytes_per_s,
        created_ms=work.now_ms,
        created_by=by,
        watched_from_ms=work.now_ms,
    )
    work.session.add(rollout)
    percents = [group.percent for group in given.groups if group.percent is not None]
    parts = divide(rollout.id, chosen, given.canaries, percents)
    for number, (terms, names) in enumerate(zip(given.groups, parts, strict=True)):
        work.session.add(_group(rollout, number, terms))
        for name in names:
            work.session.add(
                RolloutDevice(
                    rollout=rollout.id,
                    device=name,
                    organisation=devices[name].organisation,
                    facility=devices[name].facility,
                    group=number,
                )
            )
    work.session.flush()
    note(work, scope, rollout, "begun", by)
    return rollout.id


@needs(Permission.SEE_DEVICES)
def rollouts(work: UnitOfWork, scope: Scope) -> list[RolloutModel]:
    """Those with a terminal in the scope, the newest first."""
    seen = select(RolloutDevice.rollout).where(scope.rows(RolloutDevice)).distinct()
    wanted = select(Rollout).where(
        Rollout.organisation == scope.organisation, col(Rollout.id).in_(seen)
    )
    rows = list(
        work.session.exec(wanted.order_by(col(Rollout.created_ms).desc()).limit(MOST_SHOWN))
    )
    return _models(work, scope, rows)


@needs(Permission.SEE_DEVICES)
def rollout(work: UnitOfWork, scope: Scope, name: str) -> RolloutModel:
    """How far one is; NotFound when none of its terminals is in the scope."""
    return _models(work, scope, [find(work, scope, name)])[0]


@needs(Permission.SEE_DEVICES)
def parts(work: UnitOfWork, scope: Scope, name: str) -> list[DevicePartModel]:
    """Its terminals in the scope, group by group."""
    find(work, scope, name)
    return [
        DevicePartModel.model_validate(row, from_attributes=True)
        for row in rows_of(work, scope, name)
    ]


@needs(Permission.SEE_DEVICES)
def events(work: UnitOfWork, scope: Scope, name: str) -> list[EventView]:
    """What happened to it, the oldest first."""
    find(work, scope, name)
    wanted = select(RolloutEvent).where(RolloutEvent.rollout == name).order_by(col(RolloutEvent.id))
    return [
        EventView(row.at_ms, row.by, row.what, row.group, row.reason)
        for row in work.session.exec(wanted)
    ]


def find(work: UnitOfWork, scope: Scope, name: str, *, lock: bool = False) -> Rollout:
    """The row, if one of its terminals is in the scope."""
    wanted = select(Rollout).where(Rollout.id == name, Rollout.organisation == scope.organisation)
    row = work.session.exec(wanted.with_for_update() if lock else wanted).first()
    seen = select(RolloutDevice.device).where(
        scope.rows(RolloutDevice), RolloutDevice.rollout == name
    )
    if row is None or work.session.exec(seen.limit(1)).first() is None:
        raise NotFound(_("There is no such rollout."))
    return row


def rows_of(work: UnitOfWork, scope: Scope, name: str) -> list[RolloutDevice]:
    """A rollout's terminals in the scope, group by group."""
    wanted = select(RolloutDevice).where(scope.rows(RolloutDevice), RolloutDevice.rollout == name)
    return list(work.session.exec(wanted.order_by(col(RolloutDevice.group), RolloutDevice.device)))


def groups_of(work: UnitOfWork, name: str) -> list[RolloutGroup]:
    """A rollout's groups in their order."""
    wanted = select(RolloutGroup).where(RolloutGroup.rollout == name)
    return list(work.session.exec(wanted.order_by(col(RolloutGroup.number))))


def note(
    work: UnitOfWork,
    scope: Scope,
    row: Rollout,
    what: str,
    by: str,
    *,
    group: int | None = None,
    reason: str = "",
) -> None:
    """Remember what happened to it, and audit it."""
    work.session.add(
        RolloutEvent(
            rollout=row.id,
            organisation=row.organisation,
            at_ms=work.now_ms,
            by=by,
            what=what,
            group=group,
            reason=reason,
        )
    )
    work.session.flush()
    work.audit.record(
        scope,
        f"rollout.{what}",
        f"rollout/{row.id}",
        release=row.release,
        group=group,
        reason=reason,
    )


def _meant(work: UnitOfWork, scope: Scope, given: NewRollout) -> list[str]:
    """The terminals of its facilities and tags, as they are now; BadInput where there are none, or other canaries."""
    found = selected(
        fleet.devices(work, scope),
        tags(work, scope),
        facilities=given.facilities,
        wanted=[tag.lower() for tag in given.tags],
    )
    if not found:
        raise BadInput("facilities", _("No terminal stands there and has such a tag."))
    if not set(given.canaries) <= set(found):
        raise BadInput("canaries", _("Not all canaries are among the chosen terminals."))
    return found


def _check_free(work: UnitOfWork, devices: Collection[str]) -> None:
    """A terminal is in one rollout that goes on at a time."""
    wanted = (
        select(RolloutDevice.device)
        .join(Rollout, col(Rollout.id) == RolloutDevice.rollout)
        .where(col(Rollout.state).in_(OPEN))
    )
    busy = sorted(set(work.session.exec(wanted)) & set(devices))
    if busy:
        taken = _("The terminal %(device)s is in another rollout that has not ended.")
        raise Conflict(taken % {"device": busy[0]}, field="devices")


def _group(row: Rollout, number: int, terms: GroupTerms) -> RolloutGroup:
    return RolloutGroup(
        rollout=row.id, number=number, organisation=row.organisation, **terms.model_dump()
    )


def _models(work: UnitOfWork, scope: Scope, rows: list[Rollout]) -> list[RolloutModel]:
    names = [row.id for row in rows]
    counted = _counted(work, scope, names)
    groups: dict[str, list[GroupModel]] = defaultdict(list)
    wanted = select(RolloutGroup).where(col(RolloutGroup.rollout).in_(names))
    for group in work.session.exec(wanted.order_by(col(RolloutGroup.number))):
        count = counted.get((group.rollout, group.number), Counter())
        fields = {n: getattr(group, n) for n in GroupModel.model_fields if hasattr(group, n)}
        standings = {standing.value: count[standing] for standing in Standing}
        groups[group.rollout].append(GroupModel(size=count.total(), standings=standings, **fields))
    return [
        RolloutModel(
            groups=groups[row.id],
            **{n: getattr(row, n) for n in RolloutModel.model_fields if n != "groups"},
        )
        for row in rows
    ]


def _counted(
    work: UnitOfWork, scope: Scope, names: Collection[str]
) -> Mapping[tuple[str, int], Counter[str]]:
    columns = (col(RolloutDevice.rollout), col(RolloutDevice.group), col(RolloutDevice.standing))
    wanted = (
        select(*columns, func.count())
        .where(scope.rows(RolloutDevice), col(RolloutDevice.rollout).in_(names))
        .group_by(*columns)
    )
    found: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for name, group, standing, count in work.session.exec(wanted):
        found[name, group][standing] += count
    return found
