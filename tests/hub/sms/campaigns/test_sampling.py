"""Who is drawn: the same people every time, whatever the order, and never more than the quota."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from hub.sms.campaigns.sampling import RANGE, Candidate, Drawn, draw, number_of

STRATA = ["first", "programme", ""]


def candidates(count: int, seed: str = "") -> list[Candidate]:
    return [
        Candidate(f"p{n}", STRATA[n % 3], number_of(seed, "visit", f"p{n}")) for n in range(count)
    ]


@given(st.permutations(candidates(30)), st.floats(0.1, 1), st.integers(0, 12))
def test_a_rerun_picks_the_same_people_in_any_order(
    shuffled: list[Candidate], fraction: float, quota: int
) -> None:
    quotas = {"first": quota, "programme": quota}
    drawn = draw(shuffled, fraction, quotas, {})
    assert drawn == draw(candidates(30), fraction, quotas, {})
    chosen = Counter(one.stratum for one in shuffled if drawn[one.key] is Drawn.CHOSEN)
    assert all(chosen[stratum] <= most for stratum, most in quotas.items())


def test_a_quota_takes_the_lowest_numbers_and_counts_who_was_taken_before() -> None:
    several = [Candidate("a", "s", 3), Candidate("b", "s", 1), Candidate("c", "s", 2)]
    drawn = draw(several, 1.0, {"s": 3}, {"s": 1})
    assert drawn == {"b": Drawn.CHOSEN, "c": Drawn.CHOSEN, "a": Drawn.QUOTA_FULL}


def test_a_fraction_is_nearly_that_share() -> None:
    drawn = draw(candidates(10_000), 0.3, {}, {})
    share = Counter(drawn.values())[Drawn.CHOSEN] / 10_000
    assert abs(share - 0.3) < 0.02


def test_another_seed_or_survey_draws_others() -> None:
    numbers = {number_of(*told, "p1") for told in (("", "a"), ("x", "a"), ("", "b"))}
    assert len(numbers) == 3
    assert all(0 <= number < RANGE for number in numbers)
