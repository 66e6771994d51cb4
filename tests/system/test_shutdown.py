"""Ends and second starts: in order, with streams open, with a port that somebody else has."""

import json
import socket
from pathlib import Path

import pytest

from tests.system.clinic import Clinic, run
from tests.system.judge import hear_case
from tests.system.patients import Patient


def test_a_hub_with_open_streams_ends_and_starts_again(tmp_path: Path) -> None:
    with Clinic(tmp_path) as clinic:
        patient = Patient(clinic.terminal)
        presses = patient.press_times(3)
        with clinic.hub.api().http.stream("GET", "/api/live") as stream:
            lines = stream.iter_lines()
            assert next(lines)
            assert clinic.hub.process.end() == 0
            list(lines)  # the stream has come to an end, too
        presses += patient.press_times(3)
        clinic.hub.start()
        clinic.hub.await_up()
        clinic.await_settled()
        verdict = hear_case(presses, clinic.hub.database)
    assert verdict.clean, verdict
    assert verdict.stored == 6


def test_a_terminal_that_is_ended_has_stored_everything_it_heard(tmp_path: Path) -> None:
    with Clinic(tmp_path) as clinic:
        patient = Patient(clinic.terminal)
        clinic.hub.process.kill()
        presses = patient.press_times(5)
        assert clinic.terminal.process.end() == 0
        clinic.terminal.start()
        clinic.hub.start()
        clinic.hub.await_up()
        clinic.terminal.await_up()
        clinic.await_settled()
        verdict = hear_case(presses, clinic.hub.database)
    assert verdict.clean, verdict
    assert verdict.stored == 5


@pytest.mark.parametrize("taken_one", ["--port", "--broker-port"])
def test_a_taken_port_is_named(tmp_path: Path, taken_one: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ports = {"--port": "0", "--broker-port": "0"} | {taken_one: port}
        options = [word for option in ports.items() for word in option]
        ended = run(tmp_path, "hub", "--data", str(tmp_path / "data"), *options)
    assert ended.returncode == 1
    assert port in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_demonstration_counts_every_press_once(tmp_path: Path) -> None:
    ended = run(tmp_path, "demo", "--headless", "--seconds", "3", "--json")
    assert ended.returncode == 0, ended.stderr
    first, *_, last = [json.loads(line) for line in ended.stdout.splitlines()]
    assert {"dashboard", "api", "user", "password"} <= first.keys()
    assert last["pressed"] == last["thanked"] == last["stored"] > 0
    assert (last["missing"], last["duplicates"]) == (0, 0)
