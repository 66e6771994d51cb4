"""A terminal behind a line that loses every fifth packet each way and takes half a second there and back."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.uplink import KEEPALIVE_S
from hub.core.broker.listening import LOOPBACK
from tests.fakes.waiting import eventually
from tests.system.clinic import EDGE, Clinic
from tests.system.fleet.bad_link import NEAR, BadLink, not_permitted
from tests.system.judge import hear_case
from tests.system.patients import Patient

LOSS, THERE_AND_BACK_S = 0.2, 0.5
PRESSES = 12
HELD_S = 2.5 * KEEPALIVE_S
"""A broker gives a silent client up after one and a half."""
UNTIL_DONE_S = 300.0


@pytest.fixture(scope="module")
def link() -> Iterator[BadLink]:
    if reason := not_permitted():
        pytest.skip(f"a link cannot be spoilt here: {reason}")
    with BadLink(LOSS, THERE_AND_BACK_S / 2) as spoilt:
        yield spoilt


def connections(clinic: Clinic) -> list[str]:
    """What the broker wrote of the terminal's coming and going."""
    said = re.findall(rf"New client connected from {NEAR[:-1]}\d.*", clinic.broker.log())
    return [str(line) for line in said]


def test_answers_arrive_once_and_the_connection_lives(link: BadLink, tmp_path: Path) -> None:
    program = link.inside(*EDGE)
    with Clinic(
        tmp_path, broker="external", program=program, switched_on=False, listening=(LOOPBACK, NEAR)
    ) as clinic:
        settings = clinic.terminal.folder / "terminal.toml"
        settings.write_text(settings.read_text().replace(LOOPBACK, NEAR))
        clinic.terminal.start()
        clinic.terminal.await_up()
        patient = Patient(clinic.terminal)
        patient.press_times(PRESSES)
        clinic.await_settled(UNTIL_DONE_S)

        # Long enough in one piece to have been given up, had pings and their answers not come through.
        held = len(connections(clinic)), time.monotonic()

        def has_held() -> bool:
            nonlocal held
            if len(connections(clinic)) != held[0]:
                held = len(connections(clinic)), time.monotonic()
            return time.monotonic() - held[1] >= HELD_S

        eventually(has_held, UNTIL_DONE_S)
        assert held[0] >= 1
        patient.press_times(PRESSES)
        clinic.await_settled(UNTIL_DONE_S)
    verdict = hear_case(patient.presses, clinic.hub.database)
    assert verdict.clean, verdict
    assert verdict.thanked == 2 * PRESSES
    if not link.by_the_kernel:
        assert 0.1 < link.lost / link.carried < 0.3
