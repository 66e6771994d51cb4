"""Parts of long messages: any order, repetitions, two messages at once."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from hub.sms.gateways.concatenation import IN_TEXT, Piece, first_message, numbered, whole
from hub.sms.gateways.port import PartOf
from hub.sms.interpreter.messages import received

TEXTS = ("uno ", "dos ", "tres ", "cuatro ", "cinco")


def test_five_parts_in_every_order() -> None:
    for order in permutations(range(1, 6)):
        pieces = [Piece(at, number, TEXTS[number - 1]) for at, number in enumerate(order)]
        chosen, repeated = first_message(pieces, 5)
        assert whole(chosen, "77", 5) == "uno dos tres cuatro cinco"
        assert repeated == []


@given(st.permutations([1, 2, 3, 1, 2, 3]))
def test_two_messages_with_one_reference_are_told_apart_by_arrival(order: list[int]) -> None:
    seen: list[int] = []
    pieces = []
    for at, number in enumerate(order):
        pieces.append(Piece(at, number, f"{number}{'ab'[seen.count(number)]}"))
        seen.append(number)
    chosen, repeated = first_message(pieces, 3)
    assert whole(chosen, "1", 3) == "1a2a3a"
    assert repeated == []


def test_a_part_that_came_twice_counts_once() -> None:
    pieces = [Piece(1, 1, "a"), Piece(2, 1, "a"), Piece(3, 2, "b")]
    assert first_message(pieces, 2) == ([pieces[0], pieces[2]], [pieces[1]])


def test_what_is_not_all_there_is_read_as_incomplete() -> None:
    text = whole([Piece(1, 1, "un"), Piece(2, 3, "9")], "77", 3)
    assert received(text).incomplete


def test_parts_numbered_in_the_text_are_left_to_the_interpreter() -> None:
    assert numbered("[2/2] un 9") == PartOf(IN_TEXT, 2, 2)
    text = whole([Piece(2, 1, "[1/2] le doy"), Piece(1, 2, "[2/2] un 9")], IN_TEXT, 2)
    assert received(text).readings == ("le doyun 9", "le doy un 9")


def test_a_text_without_a_number_is_whole() -> None:
    assert numbered("9/10") is None
    assert numbered("un [bien] 9") is None
