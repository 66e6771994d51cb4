"""Coverage of sequence numbers against a plain set, and the corrected time of a message."""

from dataclasses import dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.fleet.rules import (
    LIVE_TOLERANCE_MS,
    BootOffsets,
    Coverage,
    Moment,
    moment,
    ranges_of,
)

TOP = 60

numbers = st.integers(1, TOP)
ranges = st.tuples(numbers, st.integers(0, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@dataclass
class Naive:
    """The same as a set, slow and obviously right."""

    seen: set[int]

    def ranges_of(self, numbers: set[int]) -> tuple[tuple[int, int], ...]:
        starts = sorted(n for n in numbers if n - 1 not in numbers)
        ends = sorted(n for n in numbers if n + 1 not in numbers)
        return tuple(zip(starts, ends, strict=True))

    def contiguous(self) -> int:
        return next(n for n in range(len(self.seen) + 1) if n + 1 not in self.seen)

    def missing(self, highest: int) -> tuple[tuple[int, int], ...]:
        end = max([highest, *self.seen])
        return self.ranges_of(set(range(1, end + 1)) - self.seen)


def agree(coverage: Coverage, naive: Naive) -> None:
    contiguous = naive.contiguous()
    assert coverage.contiguous == contiguous
    assert coverage.beyond == naive.ranges_of({n for n in naive.seen if n > contiguous})
    assert coverage.count() == len(naive.seen)
    assert coverage.top() == max(naive.seen, default=0)
    assert {n for n in range(1, 2 * TOP) if coverage.covers(n)} == naive.seen


@given(batches=st.lists(st.lists(numbers, max_size=15), max_size=8))
@example(batches=[[1, 2], [4], [3]])
@example(batches=[[], [5, 5, 4], [5]])
def test_numbers_in_any_order_and_any_number_of_times(batches: list[list[int]]) -> None:
    coverage, naive = Coverage(), Naive(set())
    for batch in batches:
        coverage = coverage.with_numbers(batch)
        naive.seen.update(batch)
        agree(coverage, naive)


@given(spans=st.lists(st.one_of(ranges, numbers.map(lambda n: (n, n))), max_size=12))
@example(spans=[(3, 5), (8, 9), (2, 12), (1, 1)])
@example(spans=[(3, 5), (4, 4), (1, 7)])
def test_ranges_that_touch_overlap_or_contain_each_other(spans: list[tuple[int, int]]) -> None:
    coverage, naive = Coverage(), Naive(set())
    for first, last in spans:
        coverage = coverage.with_range(first, last)
        naive.seen.update(range(first, last + 1))
        agree(coverage, naive)


def test_an_empty_range_changes_nothing() -> None:
    coverage = Coverage(3, ((6, 7),))
    assert coverage.with_range(5, 4) is coverage
    assert coverage.with_range(2, 3) is coverage
    assert coverage.with_numbers([]) is coverage


@given(seen=st.sets(numbers), highest=st.integers(0, TOP))
def test_missing_is_what_was_minted_and_is_not_there(seen: set[int], highest: int) -> None:
    coverage = Coverage().with_numbers(seen)
    assert coverage.missing(highest) == Naive(seen).missing(highest)


@given(seen=st.sets(numbers), highest=st.integers(0, TOP))
def test_what_is_missing_and_then_comes_leaves_no_gap(seen: set[int], highest: int) -> None:
    coverage = Coverage().with_numbers(seen)
    for first, last in coverage.missing(highest):
        coverage = coverage.with_range(first, last)
    end = max([highest, *seen])
    assert coverage == Coverage(end)
    assert coverage.missing(end) == ()


def test_ranges_are_read_as_the_ledger_keeps_them() -> None:
    assert ranges_of("[[3, 5], [9, 9]]") == ((3, 5), (9, 9))
    assert ranges_of("[]") == ()


NOW = 1_750_000_000_000
HOUR = 3_600_000
BOOTED = NOW - 10 * HOUR
UPTIME = 9 * HOUR
"""So that, by the uptime, it happened an hour ago."""
AGO = BOOTED + UPTIME
IN_1970 = UPTIME
IN_2035 = 2_051_222_400_000

NOTHING = BootOffsets()
BY_HUB = BootOffsets(hub_ms=BOOTED)
BY_DEVICE = BootOffsets(device_ms=BOOTED)


@pytest.mark.parametrize(
    ("wall_ms", "synchronised", "boot", "at_ms", "source"),
    [
        pytest.param(AGO, True, NOTHING, AGO, "device", id="synchronised"),
        pytest.param(AGO + 500, True, BY_HUB, AGO + 500, "device", id="synchronised, hub agrees"),
        pytest.param(
            AGO + 2 * LIVE_TOLERANCE_MS, True, BY_HUB, AGO, "hub", id="synchronised, hub disagrees"
        ),
        pytest.param(IN_1970, False, NOTHING, NOW, "uncertain", id="1970, boot unknown"),
        pytest.param(IN_1970, False, BY_HUB, AGO, "hub", id="1970, live at the hub"),
        pytest.param(IN_1970, False, BY_DEVICE, AGO, "anchor", id="1970, synchronised later"),
        pytest.param(
            AGO, False, NOTHING, NOW, "uncertain", id="past boot without anchor, however plausible"
        ),
        pytest.param(IN_2035, True, NOTHING, NOW, "uncertain", id="2035 and sure of it"),
        pytest.param(IN_2035, True, BY_DEVICE, AGO, "anchor", id="2035, anchored before"),
        pytest.param(IN_2035, True, BY_HUB, AGO, "hub", id="2035, live at the hub"),
        pytest.param(
            AGO - 2 * HOUR, True, BY_DEVICE, AGO, "anchor", id="stepped back after synchronisation"
        ),
        pytest.param(AGO - 2 * HOUR, True, BY_HUB, AGO, "hub", id="stepped back, live at the hub"),
        pytest.param(
            AGO + HOUR // 2, True, BY_DEVICE, AGO + HOUR // 2, "device", id="stepped forward"
        ),
        pytest.param(
            IN_1970,
            False,
            BootOffsets(device_ms=BOOTED + 30 * 24 * HOUR),
            NOW,
            "uncertain",
            id="an anchor in the future is none",
        ),
        pytest.param(
            IN_1970,
            False,
            BootOffsets(hub_ms=BOOTED, device_ms=BOOTED + HOUR),
            AGO,
            "hub",
            id="the hub's word before the device's",
        ),
    ],
)
def test_when_it_really_happened(
    wall_ms: int, synchronised: bool, boot: BootOffsets, at_ms: int, source: str
) -> None:
    assert moment(wall_ms, UPTIME, synchronised, boot, NOW) == Moment(at_ms, source)


moments = {
    "wall_ms": st.integers(-NOW, 2 * NOW),
    "uptime_ms": st.integers(0, 100 * 24 * HOUR),
    "synchronised": st.booleans(),
    "hub_ms": st.none() | st.integers(NOW - 100 * 24 * HOUR, NOW),
    "device_ms": st.none() | st.integers(0, 2 * NOW),
}


@given(**moments)
def test_without_the_hub_s_word_nothing_happens_after_its_arrival(
    wall_ms: int, uptime_ms: int, synchronised: bool, hub_ms: int | None, device_ms: int | None
) -> None:
    placed = moment(wall_ms, uptime_ms, synchronised, BootOffsets(hub_ms, device_ms), NOW)
    if hub_ms is None:
        assert placed.at_ms <= NOW + LIVE_TOLERANCE_MS
    else:
        assert abs(placed.at_ms - (uptime_ms + hub_ms)) <= LIVE_TOLERANCE_MS


@given(**moments)
def test_two_messages_of_a_boot_that_the_hub_saw_keep_their_order(
    wall_ms: int, uptime_ms: int, synchronised: bool, hub_ms: int | None, device_ms: int | None
) -> None:
    """Where the clock is not believed, the later uptime is the later moment, whatever the clock said."""
    boot = BootOffsets(NOW if hub_ms is None else hub_ms, device_ms)
    first = moment(wall_ms, uptime_ms, False, boot, NOW)
    second = moment(wall_ms - HOUR, uptime_ms + 1, False, boot, NOW)
    assert first.at_ms < second.at_ms
