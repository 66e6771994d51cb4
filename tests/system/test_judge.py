"""The judge finds what it is there to find."""

from dataclasses import replace

from tests.system.judge import LedgerRow, Row, judge
from tests.system.patients import Outcome, Press

PRESS = Press("desk-1", "exit", 1, 1000.0, 1020.0, "thanked")
ROW = Row("desk-1", "exit", 1, 1001, epoch=7, sequence=1)
LEDGER = LedgerRow("desk-1", 7, highest=1, contiguous=1, beyond="[]", forks=0, numbers=(1,))


def _with(outcome: Outcome) -> Press:
    return replace(PRESS, outcome=outcome)


def test_a_press_stored_once_is_clean() -> None:
    verdict = judge([PRESS], [ROW], [LEDGER])
    assert verdict.clean
    assert (verdict.thanked, verdict.stored, verdict.surplus) == (1, 1, 0)


def test_a_thanked_press_without_a_row_is_lost() -> None:
    assert judge([PRESS], [], []).lost == [PRESS]


def test_a_second_row_of_a_press_is_found() -> None:
    verdict = judge([PRESS], [ROW, replace(ROW, sequence=2, uptime_ms=1010)], [])
    assert verdict.twice == [PRESS]


def test_a_number_that_was_given_twice_is_found() -> None:
    other = replace(PRESS, began_ms=1050.0, ended_ms=1060.0)
    verdict = judge([PRESS, other], [ROW, replace(ROW, uptime_ms=1055)], [])
    assert not verdict.twice
    assert not verdict.clean


def test_a_row_that_nobody_pressed_is_found() -> None:
    for stranger in (
        replace(ROW, uptime_ms=1100),
        replace(ROW, uptime_ms=900),
        replace(ROW, button=2),
        replace(ROW, panel="reception"),
        replace(ROW, device="desk-2"),
    ):
        assert judge([PRESS], [ROW, stranger], []).invented == [stranger]


def test_a_row_of_a_refused_press_is_a_false_refusal() -> None:
    assert not judge([_with("refused")], [ROW], []).clean


def test_a_kill_between_storing_and_thanking_is_allowed_and_counted() -> None:
    verdict = judge([_with("cut off")], [ROW], [])
    assert verdict.clean
    assert verdict.surplus == 1


def test_a_press_cut_off_before_it_was_stored_is_no_loss() -> None:
    assert judge([_with("cut off")], [], []).clean


def test_what_the_ledger_admits_is_found() -> None:
    for line in (
        replace(LEDGER, highest=2),
        replace(LEDGER, beyond="[[3, 3]]"),
        replace(LEDGER, forks=1),
        replace(LEDGER, numbers=()),
        replace(LEDGER, numbers=(1, 1)),
    ):
        assert judge([PRESS], [ROW], [line]).faults
