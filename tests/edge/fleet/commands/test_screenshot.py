"""A picture of the kiosk's page: never with a patient there, not even one who comes while it is being taken."""

from collections.abc import Callable
from pathlib import Path

import pytest

from contract.jobs import CommandJob
from edge.fleet.commands.patience import Patience
from edge.fleet.commands.screenshot import BROWSERS, TRIES, Screenshot
from edge.fleet.quiet import QUIET_S, Quiet
from tests.edge.screen.terminal import HeldTerminalClock

BROWSER = """#!/bin/sh
echo taken >> {folder}/taken
for word in "$@"; do case $word in --screenshot=*) printf PNG > "${{word#--screenshot=}}";; esac; done
touch {folder}/came
"""
"""Takes a picture of nothing, while somebody comes."""
JOB = CommandJob(job="shot", until_ms=10**15, kind="screenshot")


class Kiosk:
    """A clock that goes on while somebody waits, a browser that is a script, and somebody at the glass or nobody."""

    def __init__(self, folder: Path, is_free: Callable[[], bool]) -> None:
        self.folder = folder
        self.said: list[tuple[str, str]] = []
        clock = HeldTerminalClock()
        quiet = Quiet(clock, is_free)
        patience = Patience(quiet, clock, sleep=lambda seconds: clock.move(seconds * 20))
        self._screenshot = Screenshot("http://127.0.0.1:1/", (800, 480), quiet, patience)

    def take(self) -> bytes | None:
        return self._screenshot.make(
            JOB, lambda outcome, step, *_rest: self.said.append((outcome, step))
        )

    def taken(self) -> int:
        file = self.folder / "taken"
        return len(file.read_text().splitlines()) if file.exists() else 0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    browser = tmp_path / BROWSERS[0]
    browser.write_text(BROWSER.format(folder=tmp_path))
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def test_it_is_refused_while_a_patient_is_there(folder: Path) -> None:
    kiosk = Kiosk(folder, lambda: False)
    assert kiosk.take() is None
    assert kiosk.said == [("waiting", "patient"), ("failed", "patient")]
    assert kiosk.taken() == 0, "the browser was not even started"


def test_one_that_somebody_came_into_is_thrown_away(folder: Path) -> None:
    came = folder / "came"

    def is_free() -> bool:
        """Whoever came goes again as soon as they have been seen."""
        there = came.exists()
        came.unlink(missing_ok=True)
        return not there

    kiosk = Kiosk(folder, is_free)
    assert kiosk.take() is None
    assert kiosk.said[-1] == ("failed", "patient")
    assert kiosk.taken() == TRIES


def test_with_nobody_there_it_is_taken(folder: Path) -> None:
    kiosk = Kiosk(folder, lambda: True)
    assert kiosk.take() == b"PNG"
    assert kiosk.said == []
    assert QUIET_S > 0
