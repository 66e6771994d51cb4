"""What is said of people near a terminal: shares with Wilson's interval, and when a terminal goes unnoticed."""

from hypothesis import given
from hypothesis import strategies as st

from hub.feedback.figures.presence import (
    NOTICED_SHARE,
    Notice,
    Seen,
    attention,
    notice,
    smile_share,
    together,
)
from hub.feedback.figures.publishing import Standing, standing
from hub.feedback.figures.shares import wilson

COUNTS = st.integers(0, 10**6)
SEEN = st.builds(Seen, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)


@given(st.lists(SEEN, max_size=5))
def test_sums_are_of_every_count(seen: list[Seen]) -> None:
    whole = together(seen)
    assert whole.approaches == sum(one.approaches for one in seen)
    assert whole.seconds == sum(one.seconds for one in seen)
    assert (whole.stayed_ms is None) == (whole.approaches == 0)
    assert whole.share_of_stay is None or 0 <= whole.share_of_stay <= 1


def test_of_those_near_who_looked() -> None:
    figure = attention(Seen(approaches=30, looked=27, dwell_ms=150_000, looked_ms=60_000))
    assert (figure.value, figure.n, figure.base) == (90.0, 30, 30)
    assert (round(figure.low, 1), round(figure.high, 1)) == (74.4, 96.5)
    assert standing(figure) is Standing.PUBLISHABLE
    assert standing(attention(Seen(approaches=4, looked=4))) is Standing.TOO_FEW
    assert standing(attention(Seen(approaches=4, looked=5))) is Standing.WITHHELD


def test_smiles_are_a_share_of_all_who_were_seen() -> None:
    figure = smile_share(9, 10)
    assert (figure.value, figure.n) == (90.0, 10)
    assert (round(figure.low, 1), round(figure.high, 1)) == (59.6, 98.2)
    assert standing(figure) is Standing.PRELIMINARY


@given(near=st.integers(0, 5000), served=st.integers(0, 5000))
def test_unnoticed_is_said_only_where_chance_is_no_explanation(near: int, served: int) -> None:
    said = notice(near, served)
    if served < 30:
        assert said is Notice.UNKNOWN
    elif near >= served * NOTICED_SHARE:
        assert said is Notice.NOTICED
    else:
        certain = wilson(near, served)[1] < NOTICED_SHARE
        assert said is (Notice.UNNOTICED if certain else Notice.NOTICED)


def test_nobody_near_where_many_were_served_is_noticed_by_nobody() -> None:
    assert notice(0, 400) is Notice.UNNOTICED
    assert notice(0, 30) is Notice.NOTICED  # up to 11 % may have come
    assert notice(500, 400) is Notice.NOTICED
