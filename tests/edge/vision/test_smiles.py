"""Smiles are counted of many or not at all: no sum of fewer than ten people can be had in any way."""

from hypothesis import given
from hypothesis import strategies as st

from contract.messages.observations import LEAST_PEOPLE
from edge.vision.detector import open_detector
from edge.vision.smile_reader import open_smile_reader
from edge.vision.smiles import LEAST_READINGS, MOST_READINGS, Smiles

S = 1_000_000_000


def person(smiles: Smiles, track: int, smile: float, readings: int = LEAST_READINGS) -> None:
    """Comes, is seen, and goes."""
    for _ in range(readings):
        smiles.add(track, smile)
    smiles.settle({track}, track * S)
    smiles.settle(set(), track * S)


def test_ten_people_are_a_sum_and_nine_are_nothing():
    smiles = Smiles()
    for track in range(1, 10):
        person(smiles, track, 0.9)
    assert smiles.take() is None
    for track in range(1, 11):
        person(smiles, track, 0.9 if track <= 4 else 0.2)
    sums = smiles.take()
    assert sums is not None
    assert (sums.people, sums.smiling) == (10, 4)
    assert round(sums.confidence, 6) == 0.84
    assert (sums.first_ns, sums.last_ns) == (1 * S, 10 * S)


def test_who_was_hardly_seen_does_not_count():
    smiles = Smiles()
    for track in range(20):
        person(smiles, track, 0.9, LEAST_READINGS - 1)
    assert smiles.take() is None


def test_no_more_is_read_of_a_person_than_is_needed():
    smiles = Smiles()
    for _ in range(MOST_READINGS):
        assert smiles.wants(1)
        smiles.add(1, 0.5)
    assert not smiles.wants(1)
    assert smiles.wants(2)


people = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, MOST_READINGS), st.booleans()), max_size=60
)


@given(people)
def test_whatever_is_taken_out_is_of_ten_or_more(people):
    smiles, decided, told = Smiles(), 0, 0
    for track, (smile, readings, taken) in enumerate(people):
        person(smiles, track, smile, readings)
        decided += readings >= LEAST_READINGS
        sums = smiles.take() if taken else None
        if sums is not None:
            assert sums.people >= LEAST_PEOPLE
            assert 0 <= sums.smiling <= sums.people
            assert 0.5 <= sums.confidence <= 1
            told += sums.people
    assert told <= decided


def test_a_smile_is_read_from_a_real_face(store, portrait):
    (face,) = open_detector(store).detect(portrait)
    assert open_smile_reader(store).read(portrait, face) > 0.9
