"""Tags: words that operators give terminals, to filter, configure and update several at once."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Table, delete, select

from hub.core.bulk import insert_new
from hub.core.errors import BadInput, NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.fleet import registry
from hub.fleet.bulk import managed
from hub.fleet.events import DeviceStateChanged, SettingsChanged
from hub.fleet.tables import Device, DeviceTag

device_tag: Table = DeviceTag.__table__  # type: ignore[attr-defined]

MOST_TAGS = 20
TAG = re.compile(r"[\w.-]{1,40}")
"""One word, in any script, so that a filter can name it without quotes."""


def normal(word: str) -> str:
    """How a tag is kept, whatever way it was typed."""
    return word.strip().lower()


def checked(word: str) -> str:
    """The tag as it is kept; BadInput where it can be none."""
    tag = normal(word)
    if TAG.fullmatch(tag) is None:
        raise BadInput("tag", _("A tag is one word of at most 40 letters."))
    return tag


@needs(Permission.SEE_DEVICES)
def tags(work: UnitOfWork, scope: Scope) -> Mapping[str, frozenset[str]]:
    """The tags of each device of the scope that has any."""
    rows = select(device_tag.c.device, device_tag.c.tag).where(scope.rows(device_tag.c))
    found: dict[str, set[str]] = defaultdict(set)
    for device, tag in work.connection.execute(rows):
        found[device].add(tag)
    return {device: frozenset(given) for device, given in found.items()}


@needs(Permission.MANAGE_DEVICES)
def set_tags(work: UnitOfWork, scope: Scope, device: str, words: Iterable[str]) -> None:
    """These instead of the ones that the device had; letters are made small."""
    given = sorted(set(map(normal, words)))
    if len(given) > MOST_TAGS or not all(TAG.fullmatch(tag) for tag in given):
        raise BadInput("tags", _("Up to 20 tags, each one word of at most 40 letters."))
    found = registry.find(work, {device}).get(device)
    if found is None or not scope.covers(found.organisation, found.facility):
        raise NotFound(_("There is no such device."))
    _store(work, scope, found, given)


@needs(Permission.MANAGE_DEVICES)
def tag_each(
    work: UnitOfWork, scope: Scope, devices: Collection[str], word: str, *, given: bool
) -> list[str]:
    """Give all of these a tag, or take it from them; returns those that had it not, or had it.

    All or none: BulkDenied when one of them may not be managed, BadInput when one has too many tags already.
    """
    tag = checked(word)
    rows = managed(work, scope, devices)
    before = tags(work, scope)
    changed = sorted(d for d in rows if (tag in before.get(d, frozenset())) != given)
    for device in changed:
        words = set(before.get(device, frozenset())) ^ {tag}
        if len(words) > MOST_TAGS:
            full = _("%(name)s has twenty tags already. Nothing was done.")
            raise BadInput("tag", full % {"name": rows[device].name})
        _store(work, scope, rows[device], sorted(words))
    return changed


def _store(work: UnitOfWork, scope: Scope, found: Device, given: Sequence[str]) -> None:
    device = found.id
    work.connection.execute(delete(device_tag).where(device_tag.c.device == device))
    rows = [(device, tag, found.organisation, found.facility) for tag in given]
    insert_new(work.connection, device_tag, ("device", "tag", "organisation", "facility"), rows)
    work.audit.record(scope, "device.tagged", f"device/{device}", facility=found.facility)
    work.tell(DeviceStateChanged(found.organisation, found.facility, device))
    work.tell(SettingsChanged(found.organisation, found.facility))
