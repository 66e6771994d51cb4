"""How long to wait: within bounds, over the whole of them, and never for ever."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from edge.backoff import FIRST_S, LONGEST_S, delay_s


@given(st.integers(1, 10_000), st.randoms(use_true_random=False))
def test_within_bounds(attempt: int, random: Random) -> None:
    cap = min(LONGEST_S, FIRST_S * 2 ** min(attempt, 20))
    assert 0 <= delay_s(attempt, random) <= cap


class Extreme(Random):
    """Throws the same every time."""

    def __init__(self, thrown: float) -> None:
        super().__init__()
        self._thrown = thrown

    def random(self) -> float:
        return self._thrown


def test_the_jitter_is_full_and_grows_to_its_cap() -> None:
    assert [delay_s(attempt, Extreme(0.0)) for attempt in range(1, 12)] == [0.0] * 11
    caps = [delay_s(attempt, Extreme(1.0)) for attempt in range(1, 12)]
    assert caps == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0, 60.0, 60.0]


def test_terminals_spread_out() -> None:
    """A thousand terminals after the same power cut: no tenth of the time gets more than a sixth of them."""
    delays = [delay_s(6, Random(seed)) for seed in range(1000)]
    tenths = [sum(1 for d in delays if 3.2 * n <= d < 3.2 * (n + 1)) for n in range(10)]
    assert sum(tenths) == 1000
    assert max(tenths) < 1000 / 6
