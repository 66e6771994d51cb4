"""A gateway's rate, whatever the moments at which somebody wants to send."""

from hypothesis import given
from hypothesis import strategies as st

from hub.sms.gateways.pacing import LONGEST_PAUSE_MS, after_sending, may_send, pause_ms


@given(
    st.floats(0.1, 500),
    st.lists(st.integers(0, 400), min_size=1, max_size=300),
)
def test_never_more_than_a_bucket_and_what_the_time_brings(rate: float, gaps: list[int]) -> None:
    busy, now, sent = 0, 1_000_000, 0
    for gap in gaps:
        now += gap
        if may_send(busy, rate, now):
            busy, sent = after_sending(busy, rate, now), sent + 1
    elapsed_s = sum(gaps) / 1000
    assert sent <= max(1.0, rate) + rate * elapsed_s + 1


@given(st.floats(0.5, 100))
def test_whoever_waits_long_enough_may_send(rate: float) -> None:
    busy, now = 0, 1_000_000
    for _ in range(50):
        now += round(1000 / rate) + 1
        assert may_send(busy, rate, now)
        busy = after_sending(busy, rate, now)


def test_pauses_grow_to_a_limit() -> None:
    pauses = [pause_ms(failures) for failures in range(1, 50)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_MS
