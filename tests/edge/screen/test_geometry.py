"""Sizes in millimetres: every key of every language fits on every panel, and is large enough."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.screen.geometry import (
    FIELD_MM,
    GAP_MM,
    KEY_MM,
    MARGIN_MM,
    SMALL_FIELD_MM,
    Glass,
    Keyboard,
    keypad,
    letters,
    usual_glass,
)
from edge.screen.languages import languages, read_wording

GLASSES = st.builds(
    Glass,
    width_px=st.just(1000),
    height_px=st.just(1000),
    width_mm=st.floats(105, 700),
    height_mm=st.floats(80, 700),
)


def keys_of(board: Keyboard) -> list[str]:
    return [key for page in board.pages for row in page for key in row]


def fits(board: Keyboard, glass: Glass, *, low: bool) -> None:
    field = SMALL_FIELD_MM if glass.is_small else FIELD_MM
    height = glass.height_mm / 2 if low else glass.height_mm - field
    assert board.rows * (KEY_MM + GAP_MM) <= height - 2 * MARGIN_MM
    assert board.columns * (KEY_MM + GAP_MM) <= glass.width_mm - 2 * MARGIN_MM
    assert board.key_mm >= KEY_MM
    for page in board.pages:
        assert len(page) <= board.rows
        for row in page:
            assert sum(board.spans.get(key, 1) for key in row) <= board.columns


@given(GLASSES, st.sampled_from(languages()), st.booleans())
def test_all_letters_can_be_reached_at_twenty_millimetres(glass, language, low):
    low = low and glass.can_be_lowered
    words = read_wording(language)
    board = letters(glass, words.keys, words.more, low_reach=low)
    rows = (glass.height_mm / 2 if low else glass.height_mm - 29) // 20.6
    if rows >= 3 or board.rows <= 2:
        fits(board, glass, low=low)
    wanted = set("".join(words.keys)) | set("1234567890.,!?") | set(words.more)
    assert wanted <= set(keys_of(board))
    for page in board.pages:
        commands = {key for row in page for key in row if key.startswith("{")}
        assert commands == {"{back}", "{page}", "{space}", "{bksp}", "{next}"}


@given(GLASSES)
def test_all_digits_can_be_reached(glass):
    board = keypad(glass, low_reach=False)
    assert set("1234567890+") | {"{bksp}", "{back}", "{next}"} == set(keys_of(board))
    assert board.key_mm >= KEY_MM


@pytest.mark.parametrize(
    ("width", "height", "columns"),
    [(1280, 800, 3), (1920, 1080, 6), (1080, 1920, 3), (800, 480, 6)],
)
def test_the_keypad_is_a_telephones_where_five_rows_fit(width, height, columns):
    board = keypad(usual_glass(width, height), low_reach=False)
    assert board.columns == columns


def test_known_rows_stay_where_they_fit():
    words = read_wording("es")
    board = letters(usual_glass(1280, 800), words.keys, words.more, low_reach=False)
    assert ["".join(row) for row in board.pages[0][:3]] == ["qwertyuiop", "asdfghjklñ", "zxcvbnm"]


def test_otherwise_letters_stand_in_the_alphabets_order():
    words = read_wording("ru")
    board = letters(usual_glass(800, 480), words.keys, words.more, low_reach=False)
    order = [key for key in keys_of(board) if "а" <= key <= "ё"]
    assert "".join(order) == "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"


def test_usual_panels_measure_what_they_do():
    assert usual_glass(1280, 800).width_mm == pytest.approx(217.5, abs=0.1)
    assert usual_glass(800, 480).width_mm == pytest.approx(152.5, abs=0.2)
    assert usual_glass(1080, 1920).is_tall
