"""`wellheard edge`, as a person or systemd runs it."""

import os
import select
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import tomli_w

from contract.codec import decode
from contract.messages import ButtonPressed
from edge.outbox import Outbox
from tests.edge.controls import ControlsSocket
from tests.fakes.waiting import eventually

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "organisation": "clinic",
    "facility": "main",
    "device": "hall-1",
    "broker": {"host": "127.0.0.1", "port": 1, "user": "hall-1", "password": "hidden-word"},
}
PANELS = {
    "panels": [
        {
            "name": "keys",
            "driver": "usb",
            "serial": "A-1",
            "touchpoint": "nowhere-yet",
            "codes": {"KEY_1": 1, "KEY_2": 2},
            "answers": {"2": {"survey": "visit", "question": "how", "value": "hidden-answer"}},
        },
        {
            "name": "door",
            "driver": "gpio",
            "touchpoint": "door",
            "pins": {"1": 17},
            "lamps": {"thanks": {"pin": 5}},
        },
    ]
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "terminal.toml").write_text(tomli_w.dumps(SETTINGS))
    (tmp_path / "panels.toml").write_text(tomli_w.dumps(PANELS))
    return tmp_path


def edge(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "wellheard", "edge", *map(str, arguments)]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"COLUMNS": "200", "NO_COLOR": "1"}
    return subprocess.run(
        edge(*arguments), capture_output=True, text=True, check=False, cwd=ROOT, env=environment
    )


@contextmanager
def running(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        edge(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        for stream in (child.stdout, child.stderr):
            if stream is not None:
                stream.close()


def test_help_says_what_there_is() -> None:
    result = run("--help")
    assert result.returncode == 0
    for word in ("--folder", "--simulate", "--log-level", "learn"):
        assert word in result.stdout


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("terminal.toml", tomli_w.dumps(SETTINGS | {"device": "Hall 1"}), "device: String should"),
        ("outbox.key", "not a key", "no key can be read from it"),
        ("panels.toml", tomli_w.dumps(PANELS).replace('"how"', '"how was it?"'), "question"),
    ],
)
def test_settings_that_cannot_be_used_end_it_with_a_sentence(
    folder: Path, file: str, text: str, said: str
) -> None:
    (folder / file).write_text(text)
    result = run("--simulate", "--folder", folder)
    assert result.returncode == 2
    assert str(folder / file) in result.stderr
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert "hidden-word" not in result.stderr


def test_settings_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "terminal.toml").write_text("device = ")
    result = run("--folder", tmp_path)
    assert result.returncode == 2
    assert f"{tmp_path}/terminal.toml" in result.stderr


def test_a_log_level_that_there_is_not_is_refused(folder: Path) -> None:
    result = run("--folder", folder, "--log-level", "loud")
    assert result.returncode == 2
    assert "--log-level" in result.stderr


def test_a_press_is_kept_over_the_end_of_the_agent_and_is_not_in_its_log(folder: Path) -> None:
    with running("--simulate", "--folder", folder, "--log-level", "debug") as agent:
        eventually((folder / "controls.sock").exists, within_s=60)
        with ControlsSocket(folder / "controls.sock") as controls:
            eventually(lambda: pressed_until_stored(controls, folder), within_s=60)
            controls.ask("press", panel="door", button=1, hold_ms=1)
            eventually(lambda: controls.ask("thanks", panel="door") == 1)
        agent.send_signal(signal.SIGTERM)
        _, log = agent.communicate(timeout=60)
    assert agent.returncode == 0
    assert "hidden" not in log
    outbox = Outbox(folder / "outbox.db", "hall-1")
    stored = [decode(e.type, e.payload).message for e in outbox.entries(0, 1000)]
    outbox.close()
    presses = [(m.panel, m.value) for m in stored if isinstance(m, ButtonPressed)]
    assert presses[-1] == ("door", None)
    assert set(presses[:-1]) == {("keys", "hidden-answer")}


def pressed_until_stored(controls: ControlsSocket, folder: Path) -> bool:
    """A virtual keyboard that nobody reads yet loses its presses, as a real one would."""
    controls.ask("press", panel="keys", button=2, hold_ms=1)
    return b"hidden-answer" in (folder / "outbox.db-wal").read_bytes()


def test_a_second_signal_does_not_hold_it_up(folder: Path) -> None:
    with running("--simulate", "--folder", folder) as agent:
        eventually((folder / "controls.sock").exists, within_s=60)
        with ControlsSocket(folder / "controls.sock") as controls:
            controls.ask("press", panel="door", button=1, hold_ms=1)
            eventually(lambda: controls.ask("thanks", panel="door") == 1, within_s=60)
        for _ in range(5):
            agent.send_signal(signal.SIGTERM)
            agent.send_signal(signal.SIGINT)
        agent.communicate(timeout=60)
    assert agent.returncode == 0


def test_a_panel_is_bound_by_pressing_it(folder: Path) -> None:
    arguments = ("learn", "keys", "--touchpoint", "desk", "--simulate", "--folder", folder)
    with running(*arguments, "--patience", 30) as learning:
        assert learning.stdout is not None
        assert "Press the buttons of 'keys'" in learning.stdout.readline()
        with ControlsSocket(folder / "controls.sock") as controls:
            while not select.select([learning.stdout], [], [], 5)[0]:
                controls.ask("press", panel="keys", button=2)  # until somebody listens
            assert "Button 1." in learning.stdout.readline()
            controls.ask("press", panel="keys", button=1)
            assert "Button 2." in learning.stdout.readline()
            controls.tell("press", panel="keys", button=2)
            out, err = learning.communicate(timeout=60)
    assert learning.returncode == 0, err
    assert "'keys' with 2 buttons" in out
    document = tomllib.loads((folder / "panels.toml").read_text())
    keys, door = document["panels"]
    assert (keys["touchpoint"], keys["serial"]) == ("desk", "A-1")
    assert keys["codes"] == {"KEY_2": 1, "KEY_1": 2}
    assert keys["answers"] == PANELS["panels"][0]["answers"], "what it asks is kept"
    assert door["name"] == "door"


def test_nobody_presses_and_it_says_so(folder: Path) -> None:
    before = (folder / "panels.toml").read_text()
    result = run(
        "learn", "keys", "--touchpoint", "desk", "--simulate", "--folder", folder, "--patience", 1
    )
    assert result.returncode == 1
    assert "No button was pressed in 1 s." in result.stderr
    assert (folder / "panels.toml").read_text() == before
