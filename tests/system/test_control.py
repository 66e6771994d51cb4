"""The control: the same judge on the same fault, once with the real agent and once with one that trusts the broker.

The hub is frozen, so that the broker alone acknowledges; then both die, and with them what only the broker had.
"""

import sys
from pathlib import Path

import pytest

from tests.fakes.waiting import eventually
from tests.system.clinic import Clinic, holds
from tests.system.judge import hear_case
from tests.system.patients import Patient, Press

FORGETFUL = [sys.executable, "-m", "tests.fakes.forgetful_terminal"]
PRESSES = 5

both_brokers = pytest.mark.parametrize("broker", ["mosquitto", "iotcore"])


@both_brokers
def test_an_agent_that_trusts_the_broker_is_found_out(tmp_path: Path, broker: str) -> None:
    with Clinic(tmp_path, broker=broker, program=FORGETFUL) as clinic:
        patient = Patient(clinic.terminal)
        before = patient.press_times(PRESSES)
        # Its empty outbox says nothing, so the hub's own rows are waited for.
        eventually(lambda: not hear_case(before, clinic.hub.database).lost, 90)
        clinic.hub.process.freeze()
        during = patient.press_times(PRESSES)
        eventually(lambda: clinic.terminal.waiting() == 0, 90)
        _lose_broker_and_hub(clinic)
        presses = before + during
        eventually(lambda: hear_case(presses, clinic.hub.database).faults, 150)
        verdict = hear_case(presses, clinic.hub.database)
    assert [one.outcome for one in during] == ["thanked"] * PRESSES
    assert verdict.lost == during, verdict
    assert any("misses numbers" in fault for fault in verdict.faults), verdict


@both_brokers
def test_the_real_agent_loses_nothing_of_the_same(tmp_path: Path, broker: str) -> None:
    with Clinic(tmp_path, broker=broker) as clinic:
        patient = Patient(clinic.terminal)
        presses: list[Press] = patient.press_times(PRESSES)
        clinic.await_settled()
        clinic.hub.process.freeze()
        presses += patient.press_times(PRESSES)
        assert holds(lambda: clinic.terminal.waiting() >= PRESSES, 2)
        _lose_broker_and_hub(clinic)
        presses += patient.press_times(PRESSES)
        clinic.await_settled()
        verdict = hear_case(presses, clinic.hub.database)
    assert verdict.clean, verdict
    assert verdict.thanked == verdict.stored == 3 * PRESSES


def _lose_broker_and_hub(clinic: Clinic) -> None:
    """And start them again."""
    clinic.broker.kill()
    clinic.hub.process.kill()
    clinic.hub.start()
    clinic.hub.await_up()
