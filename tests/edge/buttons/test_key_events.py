from hypothesis import given
from hypothesis import strategies as st

from edge.buttons.key_events import (
    AUTOREPEAT,
    DOWN,
    EV_KEY,
    EV_SYN,
    EVENT,
    SYN_DROPPED,
    SYN_REPORT,
    UP,
    KeyEvents,
    pack,
)
from edge.buttons.nodes import Change

REPORT = pack(0, EV_SYN, SYN_REPORT, 0)
DROPPED = pack(0, EV_SYN, SYN_DROPPED, 0)


def key(code: int, value: int, at_ns: int = 0) -> bytes:
    return pack(at_ns, EV_KEY, code, value)


class Keys:
    """The device's own state, as the ioctl would tell it."""

    def __init__(self, *down: int) -> None:
        self.down = frozenset(down)

    def __call__(self) -> frozenset[int]:
        return self.down


def stream(*down: int) -> tuple[KeyEvents, Keys]:
    keys = Keys(*down)
    return KeyEvents(keys, lambda: 99), keys


def test_an_event_is_as_long_as_the_kernels():
    assert len(key(2, DOWN)) == EVENT.size == 24


def test_a_key_goes_down_and_up_at_its_stamp():
    events, _ = stream()
    at_ns = 12_345_678_901_000
    assert events.feed(key(2, DOWN, at_ns) + REPORT, stamped=True) == [Change(2, True, at_ns)]
    assert events.feed(key(2, UP, at_ns) + REPORT, stamped=True) == [Change(2, False, at_ns)]


def test_without_a_monotonic_stamp_the_arrival_counts():
    events, _ = stream()
    assert events.feed(key(2, DOWN, 5_000), stamped=False) == [Change(2, True, 99)]


def test_autorepeat_and_other_events_are_no_changes():
    events, _ = stream()
    scan_code = pack(0, 0x04, 0x04, 30)
    assert events.feed(scan_code + key(2, AUTOREPEAT) + REPORT, stamped=True) == []


def test_after_dropped_the_device_is_asked():
    events, keys = stream(2)
    keys.down = frozenset({3})
    chunk = DROPPED + key(4, DOWN) + REPORT
    assert events.feed(chunk, stamped=True) == [Change(2, False, 99), Change(3, True, 99)]
    assert (events.down, events.lost) == ({3}, 1)


def test_the_drop_may_end_in_a_later_read():
    events, _ = stream()
    assert events.feed(DROPPED + key(4, DOWN), stamped=True) == []
    assert events.feed(key(4, DOWN), stamped=True) == []
    assert events.feed(REPORT + key(5, DOWN), stamped=True) == [Change(5, True, 0)]


@given(
    st.lists(
        st.one_of(
            st.builds(key, st.integers(1, 4), st.sampled_from([UP, DOWN, AUTOREPEAT])),
            st.just(REPORT),
            st.just(DROPPED),
        )
    ),
    st.lists(st.frozensets(st.integers(1, 4)), min_size=1),
)
def test_whatever_comes_changes_alternate(chunks, states):
    events, keys = stream()
    down: set[int] = set()
    for i, chunk in enumerate(chunks):
        keys.down = states[i % len(states)]
        for change in events.feed(chunk, stamped=True):
            assert change.down != (change.code in down)
            (down.add if change.down else down.discard)(change.code)
    assert down == events.down
