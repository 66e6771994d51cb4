"""Faces keep their numbers while they are seen, by place and size alone; whoever has gone is forgotten."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from edge.vision.faces import Face
from edge.vision.pictures import Size
from edge.vision.tracking import REMEMBERED_NS, Tracker

PICTURE = Size(640, 480)
S = 1_000_000_000
TENTH = S // 10
NOWHERE = ((0.0, 0.0),) * 5


def face(x: float, y: float, side: float = 60) -> Face:
    """By its centre."""
    return Face(x - side / 2, y - side / 2, side, side, 0.9, NOWHERE)


def follow(
    tracker: Tracker, moments: Sequence[Sequence[Face]], every_ns: int = TENTH
) -> list[list[int]]:
    return [tracker.follow(faces, PICTURE, n * every_ns) for n, faces in enumerate(moments)]


def test_somebody_who_walks_keeps_their_number():
    walking = [[face(100 + 25 * n, 200)] for n in range(16)]
    assert follow(Tracker(), walking) == [[1]] * 16


def test_two_who_cross_keep_their_numbers_though_one_is_hidden():
    moments = []
    for n in range(32):
        left, right = face(100 + 14 * n, 200, 80), face(540 - 14 * n, 190, 60)
        hidden = abs(left.x - right.x) < 40
        moments.append([left] if hidden else [left, right])
    numbers = follow(Tracker(), moments)
    assert numbers[0] == [1, 2]
    assert [1] in numbers
    assert numbers[-1] == [1, 2]


def test_who_turns_away_for_a_while_is_still_the_same():
    there, away = [[face(300, 200)]] * 3, [[]] * 25
    assert follow(Tracker(), [*there, *away, *there])[-1] == [1]


def test_who_was_gone_for_longer_is_somebody_new():
    away = [[]] * (REMEMBERED_NS // TENTH + 1)
    tracker = Tracker()
    assert follow(tracker, [[face(300, 200)], *away, [face(300, 200)]])[-1] == [2]
    assert tracker.living() == {2}


def test_after_who_walks_out_somebody_else_comes_in():
    out = [[face(480 + 20 * n, 200)] for n in range(8)]
    coming = [[face(620 - 20 * n, 200)] for n in range(8)]
    assert follow(Tracker(), [*out, [], [], *coming])[-1] == [2]


def test_who_walks_out_slowly_is_one_person_on_a_slow_machine_too():
    out = [[face(400 + 40 * n, 200)] for n in range(6)]
    assert {n for numbers in follow(Tracker(), out, every_ns=S // 2) for n in numbers} == {1}


def test_somebody_who_stays_half_in_the_picture_is_one_person():
    flickering = [[face(625, 200)] if n % 3 else [] for n in range(30)]
    assert {number for numbers in follow(Tracker(), flickering) for number in numbers} == {1}


def test_a_face_far_behind_is_not_the_near_one_that_left():
    assert follow(Tracker(), [[face(300, 200, 120)], [face(300, 200, 30)]]) == [[1], [2]]


faces = st.builds(face, st.floats(-50, 690), st.floats(-50, 530), st.floats(1, 400) | st.just(60.0))
moments = st.lists(st.tuples(st.integers(0, 4 * S), st.lists(faces, max_size=6)), max_size=20)


@given(moments)
def test_every_face_has_a_number_of_its_own_and_old_numbers_do_not_return(moments):
    tracker, at_ns = Tracker(), 0
    last_seen: dict[int, int] = {}
    for wait_ns, seen in moments:
        at_ns += wait_ns
        numbers = tracker.follow(seen, PICTURE, at_ns)
        assert len(set(numbers)) == len(numbers) == len(seen)
        for number in numbers:
            assert at_ns - last_seen.get(number, at_ns) <= REMEMBERED_NS
            last_seen[number] = at_ns
        assert set(numbers) <= tracker.living() <= last_seen.keys()
    assert sorted(last_seen) == list(range(1, len(last_seen) + 1))


@given(st.lists(faces, min_size=1, max_size=5), st.permutations(range(5)))
def test_the_order_in_which_faces_are_found_does_not_matter(seen, order):
    tracker = Tracker()
    before = tracker.follow(seen, PICTURE, 0)
    again = [index for index in order if index < len(seen)]
    after = tracker.follow([seen[index] for index in again], PICTURE, TENTH)
    if len({one.box for one in seen}) == len(seen):
        assert after == [before[index] for index in again]
