"""Two pictures a second while nobody is there, ten with somebody near, and never more than the budget pays for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.vision.pace import BURST_NS, IDLE_NS, STAYS_ACTIVE_NS, Pace

S = 1_000_000_000
CAMERA_NS = S // 30


def looks(pace: Pace, cost_ns: int, seconds: int, *, active: bool) -> int:
    """How often a camera of 30 pictures a second is looked at."""
    due_ns = count = 0
    for at_ns in range(0, seconds * S, CAMERA_NS):
        if at_ns >= due_ns:
            count += 1
            due_ns = pace.next_due_ns(at_ns, cost_ns, active=active)
    return count


@pytest.mark.parametrize(("active", "rate"), [(False, 2), (True, 10)])
def test_the_rate_follows_what_happens(active, rate):
    assert looks(Pace(0.25), 5_000_000, 20, active=active) == pytest.approx(20 * rate, rel=0.1)


def test_it_stays_active_for_a_while_after_the_last_movement():
    pace = Pace(1.0)
    pace.next_due_ns(0, 0, active=True)
    assert pace.next_due_ns(STAYS_ACTIVE_NS - 1, 0, active=False) < STAYS_ACTIVE_NS - 1 + IDLE_NS
    assert pace.next_due_ns(STAYS_ACTIVE_NS, 0, active=False) == STAYS_ACTIVE_NS + IDLE_NS


def test_a_slow_machine_looks_more_seldom():
    slow = 100_000_000
    assert looks(Pace(0.25), slow, 60, active=True) == pytest.approx(60 * 2.5, rel=0.1)


@given(
    st.floats(0.01, 2),
    st.lists(st.tuples(st.integers(0, S), st.booleans()), min_size=1, max_size=100),
)
def test_the_budget_is_kept_whatever_looking_costs(budget, costs):
    pace, at_ns, spent_ns = Pace(budget), 0, 0
    for cost_ns, active in costs:
        spent_ns += cost_ns
        due_ns = pace.next_due_ns(at_ns, cost_ns, active=active)
        assert due_ns > at_ns
        assert spent_ns <= budget * (due_ns + BURST_NS) + len(costs)
        at_ns = due_ns
