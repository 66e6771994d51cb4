"""A deed on several devices at once: each of them is asked about, and one that is forbidden forbids the deed.

A refusal undoes the unit of work that it happens in, so that it is audited in one of its own.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from hub.core.errors import Forbidden
from hub.core.permissions import Permission
from hub.core.scope import Scope, require
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.fleet import registry
from hub.fleet.tables import Device

MOST_NAMED = 20
"""Of the devices that the audit log names for one refusal."""


class BulkDenied(Forbidden):
    """Nothing was done to any device, because `devices` are not the asker's."""

    def __init__(self, devices: list[str]) -> None:
        super().__init__(_("Not all of these devices are yours to manage. Nothing was done."))
        self.devices = devices


def managed(work: UnitOfWork, scope: Scope, devices: Collection[str]) -> dict[str, Device]:
    """These devices by id, if the scope may manage every one; BulkDenied otherwise, for unknown ones too."""
    held = require(scope, Permission.MANAGE_DEVICES)
    found = registry.find(work, set(devices))
    denied = sorted(
        device
        for device in set(devices)
        if device not in found
        or not held.covers(found[device].organisation, found[device].facility)
    )
    if denied:
        raise BulkDenied(denied)
    return found


@contextmanager
def refusals_audited(workplace: Workplace, scope: Scope, action: str) -> Iterator[UnitOfWork]:
    """A unit of work that may write; that it was refused is audited as `{action}.denied`."""
    try:
        with workplace.begin() as work:
            yield work
    except Forbidden as error:
        denied = error.devices if isinstance(error, BulkDenied) else []
        named = ",".join(denied[:MOST_NAMED])
        with workplace.begin() as work:
            work.audit.record(
                scope, f"{action}.denied", "devices", denied=len(denied), devices=named
            )
        raise
