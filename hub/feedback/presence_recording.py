"""Taking in what cameras saw: counts of people, minute by minute, and of smiles; each becomes a row, told once.

Called by the inbox with messages that are new. Where a terminal does not say at which touchpoint it stands, the hub's
own word of this moment is stored with the count, so that a terminal moved later changes nothing of what it saw here.
"""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Table

from contract.messages import PresenceCounted, SmilesCounted
from hub.core.arrivals import Arrival
from hub.core.bulk import Row, append
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.feedback import rollups
from hub.feedback.events import PresenceRecorded
from hub.feedback.presence_tables import Presence, Smiles
from hub.feedback.recording import identity_of, times_of
from hub.feedback.rules import extra_of
from hub.fleet import service as fleet

presence: Table = Presence.__table__  # type: ignore[attr-defined]
smiles: Table = Smiles.__table__  # type: ignore[attr-defined]

_PRESENCE = tuple(column.name for column in presence.c)
_SMILES = tuple(column.name for column in smiles.c)

Counted = Arrival[PresenceCounted] | Arrival[SmilesCounted]


def record_presence(work: UnitOfWork, arrivals: list[Arrival[PresenceCounted]]) -> None:
    """Store how many people came near, count them, and tell of each facility how many there were."""
    rows: list[Row] = []
    places = _touchpoints(work, arrivals)
    near: Counter[tuple[str, str]] = Counter()
    for arrival, touchpoint in zip(arrivals, places, strict=True):
        said = arrival.message
        seen = (said.seconds, said.approaches, said.looked, said.dwell_ms, said.looked_ms)
        told = (*times_of(arrival), extra_of(said))
        rows.append((*identity_of(arrival), touchpoint, *seen, *told))
        near[arrival.address.organisation, arrival.address.facility] += said.approaches
    append(work.connection, presence, _PRESENCE, rows)
    rollups.count_presence(work, zip(arrivals, places, strict=True))
    for (organisation, facility), approaches in near.items():
        work.tell(PresenceRecorded(organisation, facility, approaches))


def record_smiles(work: UnitOfWork, arrivals: list[Arrival[SmilesCounted]]) -> None:
    """Store how many of how many smiled; the contract lets no count of fewer than ten people through."""
    rows: list[Row] = []
    for arrival, touchpoint in zip(arrivals, _touchpoints(work, arrivals), strict=True):
        said = arrival.message
        seen = (said.service, said.seconds, said.people, said.smiling, said.confidence)
        told = (*times_of(arrival), extra_of(said))
        rows.append((*identity_of(arrival), touchpoint, *seen, *told))
    append(work.connection, smiles, _SMILES, rows)


def _touchpoints(work: UnitOfWork, arrivals: Sequence[Counted]) -> list[str | None]:
    """Where each terminal stands: as it says itself, else as the hub knows."""
    unsaid = {a.address for a in arrivals if a.message.touchpoint is None}
    known = {
        device.device: device.touchpoint
        for organisation, facility in {(at.organisation, at.facility) for at in unsaid}
        for device in fleet.devices(work, Scope(organisation, frozenset({facility})))
    }
    return [a.message.touchpoint or known.get(a.address.device) for a in arrivals]
