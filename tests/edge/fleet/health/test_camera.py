"""Every way in which a camera fails is a finding with a sentence; silence of whoever looks is one too."""

from typing import get_args

import pytest

from edge.fleet.health.camera import STOPPED, STOPPED_MS, CameraHealth, Condition
from tests.edge.drafts import HeldTerminalClock

WELL = {"starting", "seeing", "ended"}


@pytest.mark.parametrize("condition", get_args(Condition))
def test_a_fault_is_a_sentence_for_whoever_mends_it(condition):
    health = CameraHealth(HeldTerminalClock())
    health.note(condition)
    (finding,) = health()
    assert finding.check == "camera"
    assert (finding.status == "ok") == (condition in WELL)
    assert finding.detail.endswith((".", "?")) or condition in ("starting", "seeing")


def test_what_is_known_better_is_said():
    health = CameraHealth(HeldTerminalClock())
    health.note("lost", "There is no camera at /dev/video0.")
    assert health()[0].detail == "There is no camera at /dev/video0."


def test_the_rate_is_that_since_the_last_question():
    clock = HeldTerminalClock()
    health = CameraHealth(clock)
    for _ in range(80):
        clock.move(s=0.125)
        health.note("seeing")
    assert health()[0].value == 8.0
    clock.move(s=10)
    assert health()[0].value == 0.0


def test_whoever_looks_must_say_so():
    clock = HeldTerminalClock()
    health = CameraHealth(clock)
    health.note("seeing")
    clock.move(s=STOPPED_MS / 1000 + 1)
    (finding,) = health()
    assert (finding.status, finding.detail) == ("failure", STOPPED)
    health.note("seeing")
    assert health()[0].status == "ok"


def test_smiles_are_spoken_of_only_where_they_are_wanted():
    health = CameraHealth(HeldTerminalClock())
    assert [finding.check for finding in health()] == ["camera"]
    health.note_smiles("fer is missing. Run: wellheard models pull fer")
    _, finding = health()
    assert (finding.check, finding.status) == ("smiles", "warning")
    assert "wellheard models pull fer" in finding.detail
    health.note_smiles("")
    assert [(finding.check, finding.status) for finding in health()][1] == ("smiles", "ok")
