"""Pure: who of those that are seen has come to the terminal. Decides what one approach is, and how long it lasts.

A track that stays in the zone (its face at least a set share of the picture's height) for a second and a half is one
approach; if it comes back within half a minute it is the same one. Only sums leave this module.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass

STAY_NS = 1_500_000_000
AGAIN_NS = 30_000_000_000
GAP_NS = 1_000_000_000
"""Unseen for longer than this, and a stay has ended; a camera that is looked at more seldom gets one picture's time."""
LONGEST_STAY_NS = 600_000_000_000
"""Who is still there after this is a picture on the wall, or sits there."""
LOOKED_NS = 500_000_000
"""A glance of this length is a look."""
STILL_IN = 0.8
"""Who is in the zone leaves it only when the face is smaller than this part of what it took to enter."""
BLIND_NS = 3_000_000_000
"""Between two pictures further apart than this nothing was seen."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A face on a picture: whose track, its height as a share of the picture's, whether it looks at the screen."""

    track: int
    height: float
    looking: bool


@dataclass(slots=True)
class Counts:
    """What happened in `watched_ns` of looking."""

    watched_ns: int = 0
    approaches: int = 0
    looked: int = 0
    dwell_ns: int = 0
    looked_ns: int = 0


@dataclass(slots=True)
class _Stay:
    """One track's time in the zone. What is not yet an approach is not yet in the sums."""

    began_ns: int
    seen_ns: int
    stayed_ns: int = 0
    looked_ns: int = 0
    has_approached: bool = False
    has_looked: bool = False


class Presence:
    """The zone before one camera; `zone` is the least height of a face in it."""

    def __init__(self, zone: float) -> None:
        self._zone = zone
        self._stays: dict[int, _Stay] = {}
        self._left: dict[int, _Stay] = {}
        self._counts = Counts()
        self._at_ns: int | None = None

    def observe(self, seen: Iterable[Seen], living: Set[int], at_ns: int) -> None:
        """One picture; `living` are the tracks that may still come again. Moments must not go back."""
        elapsed_ns = 0 if self._at_ns is None else at_ns - self._at_ns
        self._at_ns = at_ns
        patience_ns = GAP_NS
        if elapsed_ns <= BLIND_NS:
            self._counts.watched_ns += elapsed_ns
            patience_ns = max(GAP_NS, elapsed_ns)
        for one in seen:
            self._see(one, at_ns, patience_ns)
        for track, stay in list(self._stays.items()):
            if at_ns - stay.seen_ns > GAP_NS:
                self._leave(track)
        self._left = {track: stay for track, stay in self._left.items() if track in living}

    def hold(self, at_ns: int) -> None:
        """Nothing new was seen: whoever was in the zone stays in it, but this time is in no sum."""
        if self._at_ns is not None:
            for stay in self._stays.values():
                stay.seen_ns += at_ns - self._at_ns
        self._at_ns = at_ns

    def near(self) -> frozenset[int]:
        """The tracks in the zone."""
        return frozenset(t for t, s in self._stays.items() if s.stayed_ns <= LONGEST_STAY_NS)

    def approached(self) -> frozenset[int]:
        """Those of them that have approached."""
        return frozenset(track for track in self.near() if self._stays[track].has_approached)

    def take(self) -> Counts:
        """The sums since they were taken last."""
        taken, self._counts = self._counts, Counts()
        return taken

    def _see(self, one: Seen, at_ns: int, patience_ns: int) -> None:
        stay = self._stays.get(one.track)
        if stay is not None and at_ns - stay.seen_ns > patience_ns:
            self._leave(one.track)
            stay = None
        if stay is None:
            if one.height >= self._zone:
                self._stays[one.track] = _Stay(at_ns, at_ns)
            return
        if one.height < self._zone * STILL_IN:
            self._leave(one.track)
            return
        self._lengthen(stay, at_ns - stay.seen_ns, looking=one.looking)
        stay.seen_ns = at_ns
        if not stay.has_approached and at_ns - stay.began_ns >= STAY_NS:
            self._approach(one.track, stay)

    def _lengthen(self, stay: _Stay, passed_ns: int, *, looking: bool) -> None:
        looked_ns = passed_ns if looking else 0
        stay.stayed_ns += passed_ns
        stay.looked_ns += looked_ns
        if stay.has_approached and stay.stayed_ns <= LONGEST_STAY_NS:
            self._counts.dwell_ns += passed_ns
            self._counts.looked_ns += looked_ns
            self._note_look(stay)

    def _approach(self, track: int, stay: _Stay) -> None:
        before = self._left.pop(track, None)
        if before is not None and stay.began_ns - before.seen_ns < AGAIN_NS:
            stay.has_looked = before.has_looked
        else:
            self._counts.approaches += 1
        stay.has_approached = True
        self._counts.dwell_ns += stay.stayed_ns
        self._counts.looked_ns += stay.looked_ns
        self._note_look(stay)

    def _note_look(self, stay: _Stay) -> None:
        if not stay.has_looked and stay.looked_ns >= LOOKED_NS:
            stay.has_looked = True
            self._counts.looked += 1

    def _leave(self, track: int) -> None:
        stay = self._stays.pop(track)
        if stay.has_approached:
            self._left[track] = stay
