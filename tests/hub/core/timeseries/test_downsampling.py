"""Which stretches are summed up anew: all that hold a time, each whole, none twice."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hub.core.timeseries.downsampling import MOST_SPANS, few_spans, stretches
from hub.core.timeseries.points import LEVELS


@given(st.lists(st.integers(0, 400)), st.integers(1, 20))
def test_stretches_cover_the_times_exactly(times: list[int], step: int) -> None:
    spans = list(stretches(times, step))
    covered = [start for s in spans for start in range(s.since_ms, s.until_ms, step)]
    assert covered == sorted({at // step * step for at in times})
    assert all(before.until_ms < after.since_ms for before, after in pairwise(spans))


@given(st.lists(st.integers(0, 400)), st.integers(1, 5))
def test_a_few_spans_hold_all_stretches(times: list[int], step: int) -> None:
    spans = few_spans(times, step)
    assert len(spans) <= MOST_SPANS
    for stretch in stretches(times, step):
        assert any(s.since_ms <= stretch.since_ms and stretch.until_ms <= s.until_ms for s in spans)


def test_each_level_is_made_of_whole_stretches_of_the_one_before_and_kept_longer() -> None:
    for finer, coarser in pairwise(LEVELS):
        assert coarser.step_ms % finer.step_ms == 0
        assert coarser.kept_ms > finer.kept_ms
