"""Two terminals with a copy of one card: both are stopped and call staff, and what both were told is stored once."""

import shutil
from pathlib import Path

import pytest

from tests.fakes.waiting import eventually
from tests.system.clinic import ATTENTION_PIN, PANELS, Api, Clinic, Terminal, holds
from tests.system.judge import hear_case
from tests.system.patients import Patient

PATIENCE_S = 150.0


def _clone(clinic: Clinic) -> Terminal:
    """A second terminal from a copy of the first one's card, which was taken out for it."""
    original = clinic.terminal
    original.process.end()
    folder = original.folder.with_name("desk-1-twin")
    shutil.copytree(original.folder, folder, ignore=shutil.ignore_patterns("controls.sock"))
    twin = Terminal(folder, original.device)
    clinic.terminals.append(twin)
    for terminal in clinic.terminals:
        terminal.start()
    for terminal in clinic.terminals:
        terminal.await_up()
    return twin


def _status(api: Api) -> str:
    (device,) = api.get("devices")
    return str(device["status"])


def _await_stopped(clinic: Clinic) -> None:
    api = clinic.hub.api()
    eventually(lambda: _status(api) == "stopped", PATIENCE_S)


def _await_drained(clinic: Clinic) -> None:
    """Until the first terminal holds nothing, and the hub knows."""
    api = clinic.hub.api()
    eventually(lambda: clinic.terminal.waiting() == 0, PATIENCE_S)
    eventually(lambda: api.get("devices")[0]["pending"] == 0, PATIENCE_S)


def _calls_staff(terminal: Terminal) -> bool:
    return bool(terminal.ask("pin_rises", pin=ATTENTION_PIN) > 0)


def _replay_all(clinic: Clinic) -> None:
    api = clinic.hub.api()
    for letter in api.letters():
        if letter["state"] == "waiting":
            api.post(f"dead-letters/{letter['id']}/replay")


@pytest.mark.parametrize("broker", ["mosquitto", "iotcore"])
def test_twins_that_only_take_each_others_place_are_stopped(tmp_path: Path, broker: str) -> None:
    with Clinic(tmp_path, broker=broker) as clinic:
        clinic.await_settled()
        _clone(clinic)
        _await_stopped(clinic)
        for terminal in clinic.terminals:
            eventually(lambda terminal=terminal: _calls_staff(terminal), PATIENCE_S)


def test_a_cloned_card_stops_both_and_loses_nothing(tmp_path: Path) -> None:
    with Clinic(tmp_path) as clinic:
        first = Patient(clinic.terminal, PANELS[0])
        first.press_times(3)
        clinic.await_settled()
        twin = _clone(clinic)
        second = Patient(twin, PANELS[3])
        first.press_times(3)
        second.press_times(8)
        _await_stopped(clinic)
        for terminal in clinic.terminals:
            eventually(lambda terminal=terminal: _calls_staff(terminal), PATIENCE_S)

        # Stopped terminals go on hearing, and forget nothing.
        before = [terminal.waiting() for terminal in clinic.terminals]
        first.press_times(2)
        second.press_times(2)
        assert holds(lambda: [t.waiting() for t in clinic.terminals] >= [n + 2 for n in before], 3)

        # The twin is taken away, and the first may speak again.
        twin.kill()
        clinic.hub.api().post("devices/desk-1/release")
        _await_drained(clinic)

        # What the twin's card still holds is brought in: refused as a fork, and kept. The first has used all its
        # numbers by then: where it had not, the hub could not tell that there are two.
        first.press_times(12)
        _await_drained(clinic)
        clinic.terminal.process.end()
        twin.start()
        twin.await_up()
        _await_stopped(clinic)
        eventually(lambda: _calls_staff(twin), PATIENCE_S)
        twin.kill()
        clinic.hub.api().post("devices/desk-1/release")

        # The first terminal works on as if nothing had been, before and after the letters are replayed.
        clinic.terminal.start()
        clinic.terminal.await_up()
        first.press_times(3)
        _await_drained(clinic)
        _replay_all(clinic)
        first.press_times(12)
        _await_drained(clinic)
        verdict = hear_case(first.presses + second.presses, clinic.hub.database)
        status = _status(clinic.hub.api())
    assert verdict.each_once, verdict
    assert verdict.stored == verdict.thanked == 3 + 3 + 8 + 2 + 2 + 12 + 3 + 12
    assert status == "active"
