"""One approach is a second and a half in the zone; whoever comes back at once is the same one. Sums always fit."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.vision.presence import (
    AGAIN_NS,
    BLIND_NS,
    LONGEST_STAY_NS,
    LOOKED_NS,
    STAY_NS,
    Counts,
    Presence,
    Seen,
)

ZONE = 0.10
S = 1_000_000_000
TENTH = S // 10
IN, OUT = 0.2, 0.05


class Zone:
    """Shows a zone what is before it, ten times a second."""

    def __init__(self) -> None:
        self.presence = Presence(ZONE)
        self.at_ns = 0

    def show(self, *seen: Seen, for_s: float) -> None:
        for _ in range(round(for_s * 10)):
            self.at_ns += TENTH
            self.presence.observe(seen, {1, 2, 3}, self.at_ns)

    def take(self) -> Counts:
        return self.presence.take()


def seen(track: int = 1, height: float = IN, *, looking: bool = False) -> Seen:
    return Seen(track, height, looking)


@pytest.fixture
def zone():
    made = Zone()
    made.show(for_s=1)
    made.take()
    return made


@pytest.mark.parametrize(("stays_s", "approaches"), [(0.5, 0), (1.5, 0), (1.6, 1), (20, 1)])
def test_an_approach_is_a_second_and_a_half(zone, stays_s, approaches):
    zone.show(seen(), for_s=stays_s)
    assert zone.take().approaches == approaches


def test_who_is_too_far_away_has_not_come(zone):
    zone.show(seen(height=ZONE - 0.01), for_s=10)
    assert zone.take() == Counts(watched_ns=10 * S)


def test_at_the_edge_of_the_zone_nobody_comes_and_goes(zone):
    for _ in range(20):
        zone.show(seen(height=ZONE), for_s=0.5)
        zone.show(seen(height=ZONE * 0.9), for_s=0.5)
    assert zone.take().approaches == 1


@pytest.mark.parametrize(("away_s", "approaches"), [(2, 1), (29, 1), (31, 2), (100, 2)])
def test_who_comes_back_within_half_a_minute_is_not_counted_again(zone, away_s, approaches):
    zone.show(seen(), for_s=5)
    zone.show(seen(height=OUT), for_s=away_s)
    zone.show(seen(), for_s=5)
    assert zone.take().approaches == approaches


def test_a_face_that_is_missed_for_a_moment_has_not_left(zone):
    for _ in range(10):
        zone.show(seen(), for_s=0.3)
        zone.show(for_s=0.5)
    counts = zone.take()
    assert counts.approaches == 1
    assert counts.dwell_ns == pytest.approx(7.3 * S, abs=S)


def test_on_a_slow_machine_who_stays_is_counted_too(zone):
    for _ in range(5):
        zone.at_ns += 14 * TENTH
        zone.show(seen(), for_s=0.1)
    counts = zone.take()
    assert counts.approaches == 1
    assert counts.dwell_ns == 6 * S


def test_dwell_and_looks_are_of_those_who_came(zone):
    zone.show(seen(1, looking=True), seen(2), seen(3, OUT, looking=True), for_s=4.1)
    counts = zone.take()
    assert (counts.approaches, counts.looked) == (2, 1)
    assert counts.dwell_ns == pytest.approx(8 * S, abs=S // 5)
    assert counts.looked_ns == pytest.approx(4 * S, abs=S // 5)


def test_a_glance_is_no_look_and_a_late_look_is_counted_once(zone):
    zone.show(seen(looking=True), for_s=0.3)
    zone.show(seen(), for_s=3)
    assert zone.take().looked == 0
    for _ in range(5):
        zone.show(seen(looking=True), for_s=1)
    counts = zone.take()
    assert (counts.approaches, counts.looked) == (0, 1)


def test_a_face_on_a_poster_is_one_approach_and_dwells_no_longer_than_a_person(zone):
    for _ in range(20):
        zone.show(seen(looking=True), for_s=60)
    counts = zone.take()
    assert counts.approaches == 1
    assert counts.dwell_ns <= LONGEST_STAY_NS
    assert zone.presence.near() == frozenset()


def test_while_nothing_was_seen_nothing_was_watched(zone):
    zone.at_ns += 100 * S
    zone.show(seen(), for_s=1)
    assert zone.take().watched_ns == S - TENTH


sights = st.lists(
    st.builds(Seen, st.integers(1, 4), st.floats(0, 1), st.booleans()),
    max_size=4,
    unique_by=lambda one: one.track,
)


@given(st.lists(st.tuples(st.integers(0, 2 * BLIND_NS) | st.just(TENTH), sights), max_size=60))
def test_sums_fit_whatever_is_seen(moments: Iterable[tuple[int, list[Seen]]]) -> None:
    presence, at_ns, tracks = Presence(ZONE), 0, set()
    for wait_ns, seen_now in moments:
        at_ns += wait_ns
        tracks |= {one.track for one in seen_now}
        presence.observe(seen_now, tracks, at_ns)
        assert presence.approached() <= presence.near() <= tracks
    counts = presence.take()
    assert counts.looked <= counts.approaches
    assert counts.looked_ns <= counts.dwell_ns <= counts.watched_ns * max(1, len(tracks))
    assert counts.looked * LOOKED_NS <= counts.looked_ns
    assert counts.approaches * STAY_NS <= counts.dwell_ns
    assert counts.approaches <= len(tracks) * (1 + at_ns // AGAIN_NS)
    assert presence.take() == Counts()
