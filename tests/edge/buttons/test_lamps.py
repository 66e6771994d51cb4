"""Signals are judged at the outputs, by their edges and stamps."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from edge.buttons import lamps
from edge.buttons.lamps import PanelLamps, Signals
from edge.buttons.virtual_outputs import Output
from tests.fakes.waiting import eventually


class Board:
    def __init__(self) -> None:
        self.thanks, self.refusal, self.lone = Output(), Output(), Output()
        self.buzzer, self.beacon = Output(), Output()
        panels = {"both": Signals(self.thanks, self.refusal), "one": Signals(self.lone)}
        self.lamps = PanelLamps({**panels, "dark": Signals()}, self.buzzer, self.beacon)


@pytest.fixture
def board() -> Iterator[Board]:
    board = Board()
    board.lamps.start()
    yield board
    board.lamps.stop()


def durations(output: Output) -> list[float]:
    times = [at_ns / 1e9 for at_ns, _ in output.edges]
    return [later - earlier for earlier, later in pairwise(times)]


def test_thanks_shine_before_the_call_returns_and_go_out(board):
    board.lamps.thank("both")
    assert (board.thanks.on, board.buzzer.on) == (True, True)
    eventually(lambda: not board.thanks.on)
    assert durations(board.thanks)[0] >= lamps.THANKS[0]
    assert durations(board.buzzer)[0] >= lamps.THANKS_SOUND[0]
    assert (board.thanks.rises, board.buzzer.rises, board.refusal.rises) == (1, 1, 0)


def test_every_thanks_is_an_edge_of_its_own(board):
    for _ in range(20):
        board.lamps.thank("both")
    assert board.thanks.rises == 20


def test_a_refusal_blinks_and_lights_no_thanks(board):
    board.lamps.refuse("both")
    eventually(lambda: board.refusal.rises == (len(lamps.REFUSAL) + 1) // 2)
    eventually(lambda: not board.refusal.on)
    assert board.thanks.rises == 0
    eventually(lambda: not board.buzzer.on)


def test_with_one_lamp_a_refusal_blinks_where_thanks_shine(board):
    board.lamps.refuse("one")
    eventually(lambda: len(board.lone.edges) == len(lamps.REFUSAL) + 1)
    assert board.lone.rises > 1


def test_thanks_replace_a_refusal_that_still_blinks(board):
    board.lamps.refuse("one")
    board.lamps.thank("one")
    rises = board.lone.rises
    eventually(lambda: not board.lone.on)
    assert board.lone.rises == rises


def test_attention_goes_on_until_it_is_called_off(board):
    board.lamps.attention(True)
    eventually(lambda: board.beacon.rises >= 2)
    board.lamps.attention(False)
    assert not board.beacon.on
    edges = len(board.beacon.edges)
    board.lamps.thank("both")
    eventually(lambda: not board.thanks.on)  # longer than a period of the beacon
    assert len(board.beacon.edges) == edges


def test_a_panel_without_lamps_is_dark_but_sounds(board):
    board.lamps.thank("dark")
    board.lamps.refuse("unknown")
    assert board.buzzer.rises == 2


def test_stopping_darkens_everything():
    board = Board()
    board.lamps.start()
    board.lamps.thank("both")
    board.lamps.attention(True)
    board.lamps.stop()
    assert [board.thanks.on, board.buzzer.on, board.beacon.on] == [False] * 3
