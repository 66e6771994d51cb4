"""Ranks: only between groups whose intervals separate."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.errors import BadInput
from hub.feedback.figures.attraction import attraction, attraction_of_answers
from hub.feedback.figures.figure import Alarm, Base, Figure, Unit
from hub.feedback.figures.origin import Collection, Origin, Period
from hub.feedback.figures.ranking import ranked

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
ASKED = Origin("recommend", JUNE, Collection.SELF_SELECTED)


def figure(low: float, high: float, n: int = 100) -> Figure:
    return Figure((low + high) / 2, low, high, n, n, "test/1", Base.SERVED, Unit.POINTS)


intervals = st.tuples(st.integers(-80, 80), st.integers(0, 18)).map(
    lambda drawn: figure(drawn[0], drawn[0] + drawn[1])
)


def ranks(**figures: Figure) -> dict[str, int | None]:
    return {place.group: place.rank for place in ranked(figures.items())}


def test_separate_groups_are_ordered() -> None:
    assert ranks(worst=figure(0, 9), best=figure(30, 40), middle=figure(10, 20)) == {
        "best": 1,
        "middle": 2,
        "worst": 3,
    }


def test_overlapping_groups_share_a_rank_and_the_next_one_knows_how_many_are_ahead() -> None:
    assert ranks(a=figure(20, 30), b=figure(25, 40), c=figure(0, 10)) == {"a": 1, "b": 1, "c": 3}


def test_touching_is_not_separating() -> None:
    assert set(ranks(a=figure(10, 20), b=figure(20, 30)).values()) == {1}


def test_a_group_in_between_links_two_that_separate() -> None:
    assert ranks(a=figure(0, 10), link=figure(8, 22), b=figure(20, 30)) == {
        "a": 1,
        "link": 1,
        "b": 1,
    }


def test_a_wide_interval_links_all_it_covers() -> None:
    assert ranks(a=figure(20, 22), b=figure(10, 15), wide=figure(0, 25)) == {
        "a": 1,
        "b": 1,
        "wide": 1,
    }


def test_equals_keep_the_order_given_and_the_unranked_come_last() -> None:
    places = ranked(
        [
            ("few", figure(90, 95, n=29)),
            ("low", figure(0, 10)),
            ("a", figure(20, 30)),
            ("b", figure(25, 40)),
            ("wide", figure(0, 31)),
            ("doubtful", replace(figure(50, 60), alarm=Alarm.BASE_INCONSISTENT)),
        ]
    )
    assert [(p.group, p.rank) for p in places] == [
        ("a", 1),
        ("b", 1),
        ("low", 3),
        ("few", None),
        ("wide", None),
        ("doubtful", None),
    ]


def test_doctors_by_their_attraction() -> None:
    assert ranks(
        ivanova=attraction(120, 4, 6, served=400), petrov=attraction(30, 25, 5, served=400)
    ) == {"ivanova": 1, "petrov": 2}


def test_nobody_to_rank() -> None:
    assert ranked([]) == []


@given(st.lists(intervals, max_size=12))
def test_a_better_rank_always_means_a_separate_interval(figures: list[Figure]) -> None:
    places = ranked(enumerate(figures))
    for one in places:
        ahead = [other for other in places if (other.rank or 0) < (one.rank or 0)]
        assert all(other.figure.low > one.figure.high for other in ahead)
        assert one.rank == 1 + len(ahead)


@given(st.lists(intervals, max_size=12))
def test_whatever_overlaps_is_equal(figures: list[Figure]) -> None:
    places = ranked(enumerate(figures))
    for one in places:
        for other in places:
            if one.figure.low <= other.figure.high and other.figure.low <= one.figure.high:
                assert one.rank == other.rank


@given(st.lists(intervals, max_size=12).flatmap(lambda f: st.permutations(list(enumerate(f)))))
def test_the_order_given_changes_no_rank(shuffled: list[tuple[int, Figure]]) -> None:
    ordered = {place.group: place.rank for place in ranked(sorted(shuffled, key=lambda e: e[0]))}
    assert {place.group: place.rank for place in ranked(shuffled)} == ordered


@pytest.mark.parametrize(
    ("different", "field"),
    [
        (lambda o: replace(o, question="nps"), "question"),
        (lambda o: replace(o, collection=Collection.SAMPLED), "collection"),
        (lambda o: replace(o, period=Period(JUNE.first, JUNE.first)), "period"),
    ],
)
def test_what_was_not_asked_alike_is_never_compared(
    different: Callable[[Origin], Origin], field: str
) -> None:
    one, other = figure(0, 10).from_origin(ASKED), figure(20, 30).from_origin(different(ASKED))
    with pytest.raises(BadInput) as refused:
        ranked([("one", one), ("other", other)])
    assert refused.value.field == field


def test_different_formulae_are_never_compared() -> None:
    with pytest.raises(BadInput) as refused:
        ranked([("a", attraction(9, 1, 0, served=50)), ("b", attraction_of_answers(9, 1, 0))])
    assert refused.value.field == "formula"
