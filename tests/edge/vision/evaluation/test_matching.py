"""Hits, misses and false alarms are told apart as the definitions say."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from edge.vision.evaluation.matching import (
    Found,
    Truth,
    Verdict,
    average_precision,
    judge,
    overlap,
    quality,
)

LENGTHS = st.floats(1, 100)
BOXES = st.tuples(st.floats(-50, 50), st.floats(-50, 50), LENGTHS, LENGTHS)
SCORES = st.floats(0, 1)
VERDICTS = st.lists(st.builds(Verdict, SCORES, hit=st.booleans()), max_size=30)
HERE, ELSEWHERE = (10.0, 10.0, 20.0, 20.0), (200.0, 10.0, 20.0, 20.0)


@given(BOXES, BOXES)
def test_overlap_is_symmetric_and_a_share(one, other):
    assert 0 <= overlap(one, other) <= 1 + 1e-9
    assert overlap(one, other) == pytest.approx(overlap(other, one))
    assert overlap(one, one) == pytest.approx(1)


@pytest.mark.parametrize(("shift", "share"), [(0, 1), (10, 1 / 3), (20, 0), (30, 0)])
def test_overlap_of_shifted_boxes(shift, share):
    assert overlap(HERE, (10 + shift, 10, 20, 20)) == pytest.approx(share)


def judged(truths, found, least_height=0.0):
    return [verdict.hit for verdict in judge(truths, found, least_height)]


def test_a_second_detection_of_a_face_is_a_false_alarm_the_surer_one_the_hit():
    found = [Found(HERE, 0.7), Found(HERE, 0.9)]
    assert [(v.score, v.hit) for v in judge([Truth(HERE, True)], found, 0)] == [
        (0.9, True),
        (0.7, False),
    ]


def test_a_face_that_does_not_count_is_neither_hit_nor_miss():
    truths = [Truth(HERE, False), Truth(ELSEWHERE, True)]
    assert judged(truths, [Found(HERE, 0.9), Found(ELSEWHERE, 0.8)]) == [True]


def test_a_face_that_counts_goes_before_one_that_does_not():
    truths = [Truth(HERE, False), Truth((11.0, 10.0, 20.0, 20.0), True)]
    assert judged(truths, [Found(HERE, 0.9)]) == [True]


def test_what_matches_nothing_is_a_false_alarm_unless_it_is_too_small():
    assert judged([], [Found(HERE, 0.9)], least_height=20) == [False]
    assert judged([], [Found(HERE, 0.9)], least_height=20.1) == []


def test_a_small_detection_of_a_face_that_counts_is_a_hit():
    assert judged([Truth((10.0, 10.0, 20.0, 22.0), True)], [Found(HERE, 0.9)], 21) == [True]


@pytest.mark.parametrize(("shift", "hit"), [(6, True), (7, False)])
def test_half_of_the_union_is_asked_for(shift, hit):
    moved = (10.0 + shift, 10.0, 20.0, 20.0)
    assert judged([Truth(HERE, True)], [Found(moved, 0.9)]) == [hit]


@given(VERDICTS, st.integers(0, 20), SCORES)
def test_shares_stay_shares_and_a_higher_threshold_never_finds_more(verdicts, missed, threshold):
    faces = sum(verdict.hit for verdict in verdicts) + missed
    assume(faces)
    strict, loose = quality(verdicts, faces, threshold), quality(verdicts, faces, 0)
    assert 0 <= strict.recall <= loose.recall <= 1
    assert 0 <= loose.ap <= loose.recall + 1e-9
    assert strict.ap == loose.ap


@given(VERDICTS, st.integers(0, 20))
def test_average_precision_is_the_area_under_the_best_precisions(verdicts, missed):
    faces = sum(verdict.hit for verdict in verdicts) + missed
    assume(faces)
    ordered = sorted(verdicts, key=lambda verdict: -verdict.score)
    points = [
        (sum(v.hit for v in ordered[:n]) / faces, sum(v.hit for v in ordered[:n]) / n)
        for n in range(1, len(ordered) + 1)
    ]
    steps = [k / faces for k in range(1, faces + 1)]
    best = [max((p for r, p in points if r >= step - 1e-9), default=0) for step in steps]
    assert average_precision(verdicts, faces) == pytest.approx(sum(best) / faces)


def test_nothing_to_take_a_share_of_is_none():
    empty = quality([], 0, 0.5)
    assert (empty.recall, empty.precision, empty.ap, empty.faces) == (None, None, None, 0)
