"""Pure: which terminals a rollout is for, where they are chosen by facility and by tag.

Of several facilities any will do, and of several tags any; where both are named, both must hold. What was shut out is
never meant: nothing reaches it.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol


class Placed(Protocol):
    """A terminal and where it is."""

    @property
    def device(self) -> str: ...

    @property
    def facility(self) -> str: ...

    @property
    def status(self) -> str: ...


def selected(
    devices: Iterable[Placed],
    tags: Mapping[str, frozenset[str]],
    *,
    facilities: Collection[str],
    wanted: Collection[str],
) -> list[str]:
    """Their ids; none where neither a facility nor a tag is named."""
    if not facilities and not wanted:
        return []
    return [
        view.device
        for view in devices
        if view.status != "revoked"
        and (not facilities or view.facility in facilities)
        and (not wanted or not tags.get(view.device, frozenset()).isdisjoint(wanted))
    ]
