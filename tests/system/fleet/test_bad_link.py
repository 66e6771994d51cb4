"""A terminal behind a line that loses every fifth packet each way and takes half a second there and back."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from edge.uplink import KEEPALIVE_S
from hub.core.broker.listening import LOOPBACK
from tests.fakes.waiting import eventually
from tests.system.clinic import EDGE, Broker, Clinic
from tests.system.fleet.bad_link import BadLink, not_permitted
from tests.system.fleet.site import TRIAL, Site
from tests.system.fleet.supervisor import Supervisor
from tests.system.judge import hear_case
from tests.system.patients import Patient

LOSS, THERE_AND_BACK_S = 0.2, 0.5
PRESSES = 8
HELD_S = 1.8 * KEEPALIVE_S
"""A broker gives a silent client up after one and a half."""
UNTIL_DONE_S = 300.0
LARGER_BYTES = 20_000
"""What a version has more than those of other tests, so that it is many packets."""


@pytest.fixture(scope="module")
def link() -> Iterator[BadLink]:
    if reason := not_permitted():
        pytest.skip(f"a link cannot be spoilt here: {reason}")
    with BadLink(LOSS, THERE_AND_BACK_S / 2) as spoilt:
        yield spoilt


def connections(clinic: Clinic, link: BadLink) -> list[str]:
    """What the broker wrote of the terminal's coming."""
    return re.findall(f"New client connected from {re.escape(link.far)}:.*", clinic.broker.log())


def test_answers_arrive_once_and_the_connection_lives(link: BadLink, tmp_path: Path) -> None:
    program = link.inside(*EDGE)
    with Clinic(
        tmp_path,
        broker="external",
        program=program,
        switched_on=False,
        listening=(LOOPBACK, link.near),
    ) as clinic:
        settings = clinic.terminal.folder / "terminal.toml"
        settings.write_text(settings.read_text().replace(LOOPBACK, link.near))
        clinic.terminal.start()
        clinic.terminal.await_up()
        patient = Patient(clinic.terminal)
        patient.press_times(PRESSES)
        clinic.await_settled(UNTIL_DONE_S)

        # Long enough in one piece to have been given up, had pings and their answers not come through.
        held = len(connections(clinic, link)), time.monotonic()

        def has_held() -> bool:
            nonlocal held
            if len(connections(clinic, link)) != held[0]:
                held = len(connections(clinic, link)), time.monotonic()
            return time.monotonic() - held[1] >= HELD_S

        eventually(has_held, UNTIL_DONE_S)
        assert held[0] >= 1
        patient.press_times(PRESSES)
        clinic.await_settled(UNTIL_DONE_S)
    verdict = hear_case(patient.presses, clinic.hub.database)
    assert verdict.clean, verdict
    assert verdict.thanked == 2 * PRESSES
    assert_spoilt(link)


def test_an_update_comes_over_that_line(link: BadLink, tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.hub.process.environment["WELLHEARD_HOST"] = "0.0.0.0"
    site.broker = Broker(site.hub, tmp_path, (LOOPBACK, link.near))
    with site:
        station = site.station
        settings = station.folder / "terminal.toml"
        settings.write_text(settings.read_text().replace(LOOPBACK, link.near))
        station.set(updates=TRIAL | {"limit_s": UNTIL_DONE_S})
        station.supervisor = Supervisor(station.folder, within=link.inside())
        station.supervisor.start()
        station.await_up()
        site.release("1.1", f"# {Random(18).randbytes(LARGER_BYTES).hex()}")
        ended = site.await_end(site.ask("1.1"), UNTIL_DONE_S)
        assert (ended.outcome, ended.release) == ("done", "1.1"), ended
        assert station.running() == "1.1"
    assert_spoilt(link)


def assert_spoilt(link: BadLink) -> None:
    """The kernel keeps its own count, where it does it."""
    if not link.by_the_kernel:
        assert 0.1 < link.lost / link.carried < 0.3
