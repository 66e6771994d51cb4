"""When it is looked and what is told: news at once, everything every five minutes."""

from collections.abc import Callable

import pytest

from edge.fleet.health.finding import Finding
from edge.fleet.health.monitor import LOOK_EVERY_MS, REPORT_EVERY_MS, HealthMonitor
from tests.edge.drafts import HeldTerminalClock


class Watched:
    """A monitor over two things whose state a test sets."""

    def __init__(self) -> None:
        self.clock = HeldTerminalClock()
        self.disk = Finding("disk", "ok", 50)
        self.heat = Finding("temperature", "ok", 40)
        self.looks = 0
        checks: list[Callable[[], list[Finding]]] = [self._look, lambda: [self.heat]]
        self._monitor = HealthMonitor(checks, self.clock)

    def told(self, *, after_ms: int = 0) -> list[tuple[object, object]]:
        self.clock.now_ms += after_ms
        drafts = self._monitor.due()
        return [(draft.fields["check"], draft.fields["status"]) for draft in drafts]

    def _look(self) -> list[Finding]:
        self.looks += 1
        return [self.disk]


@pytest.fixture
def watched() -> Watched:
    return Watched()


ALL_WELL = [("disk", "ok"), ("temperature", "ok")]


def test_the_first_look_tells_everything(watched: Watched) -> None:
    assert watched.told() == ALL_WELL


def test_between_looks_nothing_is_done(watched: Watched) -> None:
    watched.told()
    watched.disk = Finding("disk", "failure")
    assert watched.told(after_ms=LOOK_EVERY_MS - 1) == []
    assert watched.looks == 1
    assert watched.told(after_ms=1) == [("disk", "failure")]


def test_a_change_of_status_or_sentence_is_news_and_a_value_is_not(watched: Watched) -> None:
    watched.told()
    watched.disk = Finding("disk", "ok", 49)
    assert watched.told(after_ms=LOOK_EVERY_MS) == []
    watched.disk = Finding("disk", "warning", 9, "%", "Nearly full.")
    assert watched.told(after_ms=LOOK_EVERY_MS) == [("disk", "warning")]
    watched.disk = Finding("disk", "warning", 9, "%", "Very nearly full.")
    assert watched.told(after_ms=LOOK_EVERY_MS) == [("disk", "warning")]
    assert watched.told(after_ms=LOOK_EVERY_MS) == []


def test_everything_is_told_again_every_five_minutes(watched: Watched) -> None:
    watched.told()
    looks = REPORT_EVERY_MS // LOOK_EVERY_MS
    told = [watched.told(after_ms=LOOK_EVERY_MS) for _ in range(2 * looks)]
    assert [i + 1 for i, drafts in enumerate(told) if drafts] == [looks, 2 * looks]
    assert told[looks - 1] == ALL_WELL


def test_news_begin_the_five_minutes_anew(watched: Watched) -> None:
    watched.told()
    watched.disk = Finding("disk", "warning")
    assert watched.told(after_ms=LOOK_EVERY_MS) == [("disk", "warning")]
    assert watched.told(after_ms=REPORT_EVERY_MS - LOOK_EVERY_MS) == [("temperature", "ok")]
    assert watched.told(after_ms=LOOK_EVERY_MS) == [("disk", "warning")]


def test_a_draft_carries_the_whole_finding(watched: Watched) -> None:
    watched.disk = Finding("disk", "warning", 9.5, "%", "Nearly full.", "full")
    (draft, _) = HealthMonitor([lambda: [watched.disk, watched.heat]], watched.clock).due()
    assert draft.is_expendable
    assert draft.time == watched.clock.stamp()
    assert draft.fields == {
        "check": "disk",
        "status": "warning",
        "value": 9.5,
        "unit": "%",
        "detail": "Nearly full.",
        "reason": "full",
    }


def test_what_was_found_last_can_be_asked(watched: Watched) -> None:
    monitor = HealthMonitor([lambda: [watched.disk]], watched.clock)
    assert monitor.latest() == ()
    monitor.due()
    assert monitor.latest() == (watched.disk,)


def test_a_check_that_cannot_be_made_is_told_and_the_others_are_made() -> None:
    def broken() -> list[Finding]:
        raise UnicodeError("a file of the kernel has nonsense in it")

    monitor = HealthMonitor([broken, lambda: [Finding("disk", "ok", 50)]], HeldTerminalClock())
    told = monitor.due()
    assert [draft.fields["check"] for draft in told] == ["health", "disk"]
    assert told[0].fields["detail"] == (
        "A check of the terminal ended with UnicodeError; the log says where."
    )
