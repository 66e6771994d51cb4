"""What terminals are set to: by layer, in versions that say who changed what, and as it comes out for one terminal.

Decides who may change a layer (whoever manages all the devices that it reaches) and what may be set at all, with the
schema that the terminals have too. How a terminal tries settings, and takes them back, is its own affair.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlmodel import col, select

from contract.settings import BadSetting, Values, checked
from hub.core import conflicts
from hub.core.errors import BadInput, Forbidden, NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.fleet import registry, tagging
from hub.fleet.configuration.rules import Difference, Layer, differences, merged
from hub.fleet.configuration_tables import SettingsVersion
from hub.fleet.events import SettingsChanged
from hub.fleet.tables import Device, DeviceTag
from hub.identity.service import time_zones

Kind = Literal["organisation", "facility", "tag", "device"]
KINDS: tuple[Kind, ...] = ("organisation", "facility", "tag", "device")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a layer, and how it differs from the one before."""

    version: int
    values: Values
    changed_ms: int
    changed_by: str
    restores: int | None
    changes: Sequence[Difference]


@needs(Permission.SEE_DEVICES)
def history(work: UnitOfWork, scope: Scope, kind: Kind, subject: str) -> list[Version]:
    """All versions of a layer, the newest first. Forbidden where the layer reaches beyond the scope."""
    subject, _place = _found(work, scope, kind, subject)
    found: list[Version] = []
    before: Values = {}
    for row in _rows(work, scope.organisation, kind, subject):
        values = json.loads(row.settings)
        changes = differences(before, values)
        found.append(
            Version(row.version, values, row.changed_ms, row.changed_by, row.restores, changes)
        )
        before = values
    return found[::-1]


@needs(Permission.MANAGE_DEVICES)
def set_layer(
    work: UnitOfWork,
    scope: Scope,
    kind: Kind,
    subject: str,
    values: Any,
    *,
    after: int,
    restores: int | None = None,
) -> int:
    """Set a layer as a whole; returns its version. `after` is the version that the caller has seen, 0 for none.

    BadInput names the field that may not be; Conflict: somebody else was faster.
    """
    subject, facility = _found(work, scope, kind, subject)
    try:
        kept = checked(values)
    except BadSetting as error:
        raise BadInput(error.field, error.reason) from error
    known = _rows(work, scope.organisation, kind, subject)
    newest = known[-1].version if known else 0
    if newest != after:
        raise conflicts.changed_meanwhile()
    row = SettingsVersion(
        organisation=scope.organisation,
        kind=kind,
        subject=subject,
        version=newest + 1,
        facility=facility,
        settings=json.dumps(kept, sort_keys=True),
        changed_ms=work.now_ms,
        changed_by=scope.actor,
        restores=restores,
    )
    conflicts.add(work, row, conflicts.changed_meanwhile())
    changed = differences(json.loads(known[-1].settings) if known else {}, kept)
    work.audit.record(
        scope,
        "settings.changed",
        f"{kind}/{_coded(subject)}",
        facility=facility or None,
        version=row.version,
        fields=",".join(one.field for one in changed)[:1000],
        restores=restores,
    )
    for place in [facility] if facility else sorted(time_zones(work, scope)):
        work.tell(SettingsChanged(scope.organisation, place))
    return row.version


@needs(Permission.MANAGE_DEVICES)
def restore(
    work: UnitOfWork, scope: Scope, kind: Kind, subject: str, version: int, *, after: int
) -> int:
    """Set a layer to what it was in an earlier version."""
    for known in history(work, scope, kind, subject):
        if known.version == version:
            return set_layer(
                work, scope, kind, subject, known.values, after=after, restores=version
            )
    raise NotFound(_("There is no such version."))


@needs(Permission.SEE_DEVICES)
def layers_of(work: UnitOfWork, scope: Scope, device: str) -> list[Layer]:
    """What is set for a device, the widest layer first; of layers that set nothing, nothing."""
    found = registry.find(work, {device}).get(device)
    if found is None or not scope.covers(found.organisation, found.facility):
        raise NotFound(_("There is no such device."))
    return _layers(work, [found])[device]


def wanted(work: UnitOfWork, devices: Sequence[Device]) -> dict[str, Values]:
    """What each of these devices is to be set to."""
    return {device: merged(layers) for device, layers in _layers(work, devices).items()}


def _layers(work: UnitOfWork, devices: Sequence[Device]) -> dict[str, list[Layer]]:
    """By device; read at once, because there are many devices and few layers."""
    tags: dict[str, list[str]] = defaultdict(list)
    for given in work.session.exec(select(DeviceTag).order_by(col(DeviceTag.tag))):
        tags[given.device].append(given.tag)
    newest = {
        (row.organisation, row.kind, row.subject): row
        for row in work.session.exec(select(SettingsVersion).order_by(col(SettingsVersion.version)))
    }

    def layers(device: Device) -> Iterator[Layer]:
        places = [
            ("organisation", ""),
            ("facility", device.facility),
            *(("tag", tag) for tag in tags[device.id]),
            ("device", device.id),
        ]
        for kind, subject in places:
            row = newest.get((device.organisation, kind, subject))
            if row is not None:
                yield Layer(kind, subject, json.loads(row.settings))

    return {device.id: list(layers(device)) for device in devices}


def _coded(subject: str) -> str:
    """A tag may be in any script; the audit log keeps codes."""
    return subject if subject.isascii() else subject.encode("punycode").decode()


def _rows(work: UnitOfWork, organisation: str, kind: str, subject: str) -> list[SettingsVersion]:
    mine = select(SettingsVersion).where(
        SettingsVersion.organisation == organisation,
        SettingsVersion.kind == kind,
        SettingsVersion.subject == subject,
    )
    return list(work.session.exec(mine.order_by(col(SettingsVersion.version))))


def _found(work: UnitOfWork, scope: Scope, kind: Kind, subject: str) -> tuple[str, str]:
    """The layer's subject as it is kept, and its facility, empty where it reaches several.

    NotFound or Forbidden where it is not the scope's, BadInput where it can be no tag.
    """
    if kind in {"organisation", "tag"}:
        if scope.facilities is not None:
            raise Forbidden(_("This concerns every facility, and your account is not for all."))
        if (kind == "organisation") == bool(subject):
            raise NotFound(_("There is no such layer."))
        return tagging.checked(subject) if kind == "tag" else "", ""
    if kind == "facility":
        if subject not in time_zones(work, scope):
            raise NotFound(_("There is no such facility."))
        return subject, subject
    found = registry.find(work, {subject}).get(subject)
    if found is None or not scope.covers(found.organisation, found.facility):
        raise NotFound(_("There is no such device."))
    return subject, found.facility
