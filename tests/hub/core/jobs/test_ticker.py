"""Duties are looked after until the ticker is stopped, whatever one of them does."""

import threading

from structlog.testing import capture_logs

from hub.core.jobs.ticker import Duty, Ticker
from tests.fakes.waiting import eventually


def test_what_is_left_is_done_at_once_and_what_fails_again_at_its_turn() -> None:
    left = iter([True, True, False])
    steps: list[str] = []

    def often() -> bool:
        steps.append("often")
        return next(left, False)

    def failing() -> bool:
        steps.append("failing")
        raise RuntimeError("no")

    ticker = Ticker([Duty("often", 0.01, often), Duty("failing", 0.01, failing)])
    with capture_logs() as logs:
        ticker.start()
        eventually(lambda: steps.count("often") > 3 and steps.count("failing") > 1)
        ticker.stop()
    seen = len(steps)
    assert {(log["event"], log["kind"]) for log in logs} == {("duty_failed", "failing")}
    assert len(steps) == seen


def test_a_slow_duty_holds_no_other_up_and_is_waited_for() -> None:
    entered, let_go, quick = threading.Event(), threading.Event(), threading.Event()
    ended: list[bool] = []

    def slow() -> bool:
        entered.set()
        ended.append(let_go.wait(30))
        return True

    ticker = Ticker([Duty("slow", 0, slow), Duty("quick", 0.01, lambda: quick.set() or False)])
    ticker.start()
    assert entered.wait(10)
    quick.clear()
    assert quick.wait(10)
    threading.Timer(0.05, let_go.set).start()
    ticker.stop()
    assert ended == [True]
