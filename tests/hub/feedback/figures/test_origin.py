"""Where counts come from, and which may be put together."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.errors import BadInput
from hub.feedback.figures.nps import nps
from hub.feedback.figures.origin import (
    BaseSource,
    Collection,
    Origin,
    Period,
    best_source,
    put_together,
)

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
ASKED = Origin("recommend", JUNE, Collection.SELF_SELECTED, BaseSource.TICKET_QUEUE, flagged=2)
JULY = Period(date(2026, 7, 1), date(2026, 7, 31))


def test_sources_of_the_base_best_first() -> None:
    assert list(BaseSource) == [
        BaseSource.HOSPITAL_SYSTEM,
        BaseSource.TICKET_QUEUE,
        BaseSource.STAFF_BUTTON,
        BaseSource.PEOPLE_COUNTER,
        BaseSource.TYPED_IN,
        BaseSource.DEMO,
    ]
    assert best_source([BaseSource.TYPED_IN, BaseSource.STAFF_BUTTON]) is BaseSource.STAFF_BUTTON
    assert best_source([]) is None


@given(st.lists(st.sampled_from(BaseSource), min_size=1))
def test_a_sum_is_as_trustworthy_as_the_worst_of_its_sources(sources: list[BaseSource]) -> None:
    whole = put_together(replace(ASKED, base_source=source) for source in sources)
    order = list(BaseSource)
    assert whole.base_source == order[max(order.index(source) for source in sources)]
    assert whole.flagged == 2 * len(sources)
    assert replace(whole, base_source=None, flagged=0) == replace(
        ASKED, base_source=None, flagged=0
    )


@pytest.mark.parametrize(
    ("other", "field"),
    [
        (replace(ASKED, question="nps"), "question"),
        (replace(ASKED, collection=Collection.SAMPLED), "collection"),
        (replace(ASKED, period=JULY), "period"),
        (replace(ASKED, base_source=None), "base_source"),
    ],
)
def test_what_differs_is_never_put_together(other: Origin, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        put_together([ASKED, ASKED, other])
    assert refused.value.field == field


def test_a_sum_of_nothing_is_refused() -> None:
    with pytest.raises(BadInput):
        put_together([])


def test_answers_need_no_base_from_outside() -> None:
    answers = replace(ASKED, base_source=None)
    assert put_together([answers, answers]).base_source is None


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(BadInput):
        Period(date(2026, 6, 2), date(2026, 6, 1))


def test_a_figure_tells_its_origin_and_is_otherwise_the_same() -> None:
    figure = nps(6, 3, 1)
    told = figure.from_origin(ASKED)
    assert told.origin is ASKED
    assert replace(told, origin=None) == figure
