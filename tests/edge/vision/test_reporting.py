"""People near are told by the minute, smiles by the hour of the clock and of at least ten."""

from typing import Any

from contract.messages import PresenceCounted, SmilesCounted
from edge.outbox import Draft
from edge.vision.presence import Presence, Seen
from edge.vision.reporting import Reports
from edge.vision.settings import CameraSettings
from edge.vision.smiles import LEAST_READINGS, Smiles
from tests.edge.drafts import HeldTerminalClock

HOUR_S = 3600
SETTINGS = CameraSettings.model_validate(
    {"source": "/dev/video0", "touchpoint": "hall", "smiles": {"service": "after"}}
)


class Terminal:
    def __init__(self, settings: CameraSettings = SETTINGS) -> None:
        self.clock = HeldTerminalClock()
        self.clock.now_ms = 12 * HOUR_S * 1000
        self.presence, self.smiles = Presence(0.1), Smiles()
        self.reports = Reports(self.presence, self.smiles, settings, self.clock)
        self._people = 0

    def watch(self, seconds: int, *, somebody: bool = False) -> list[Draft]:
        """Ten pictures a second; what is due is asked before each."""
        told = []
        for _ in range(seconds * 10):
            self.clock.move(s=0.1)
            told += self.reports.due()
            seen = [Seen(1, 0.2, True)] if somebody else []
            self.presence.observe(seen, {1}, self.clock.monotonic_ns())
        return told

    def smile(self, people: int, smile: float) -> None:
        for _ in range(people):
            self._people += 1
            for _ in range(LEAST_READINGS):
                self.smiles.add(self._people, smile)
            self.smiles.settle(set(), self.clock.monotonic_ns())


def fields(drafts: list[Draft], kind: type) -> list[dict[str, Any]]:
    return [draft.fields for draft in drafts if draft.kind is kind]


def test_every_minute_says_who_came_and_how_long_the_camera_saw():
    terminal = Terminal()
    first = terminal.watch(30) + terminal.watch(31, somebody=True)
    (told,) = fields(first, PresenceCounted)
    assert (told["seconds"], told["approaches"], told["looked"]) == (60, 1, 1)
    assert told["touchpoint"] == "hall"
    assert 28_000 <= told["dwell_ms"] <= 30_000
    assert told["looked_ms"] == told["dwell_ms"]
    later = terminal.watch(60)
    assert [one["approaches"] for one in fields(later, PresenceCounted)] == [0]


def test_a_minute_without_a_camera_is_not_told():
    terminal = Terminal()
    terminal.clock.move(s=600)
    assert terminal.reports.due() == []
    assert terminal.reports.last() == []


def test_what_is_left_is_told_at_the_end():
    terminal = Terminal()
    terminal.watch(10, somebody=True)
    (told,) = fields(terminal.reports.last(), PresenceCounted)
    assert (told["seconds"], told["approaches"]) == (10, 1)


def test_smiles_are_told_when_the_hour_is_over_and_lie_within_it():
    terminal = Terminal()
    hour = terminal.clock.stamp().wall_ms // (HOUR_S * 1000)
    terminal.clock.move(s=600)
    terminal.smile(6, 0.9)
    terminal.clock.move(s=1200)
    terminal.smile(6, 0.1)
    assert fields(terminal.reports.due(), SmilesCounted) == []
    terminal.clock.move(s=1800)
    (draft,) = [one for one in terminal.reports.due() if one.kind is SmilesCounted]
    assert draft.fields == {
        "seconds": 1200,
        "service": "after",
        "people": 12,
        "smiling": 6,
        "confidence": 0.9,
        "touchpoint": "hall",
    }
    assert draft.time.wall_ms // (HOUR_S * 1000) == hour


def test_an_hour_of_fewer_than_ten_is_not_told_nor_added_to_the_next():
    terminal = Terminal()
    for _ in range(3):
        terminal.smile(9, 0.9)
        terminal.clock.move(s=HOUR_S)
        assert fields(terminal.reports.due(), SmilesCounted) == []
    assert fields(terminal.reports.last(), SmilesCounted) == []
