"""A whole terminal with a camera: who comes wakes its screen, and what was seen is in the outbox when it stops."""

import json
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from edge.app import wire
from edge.clock import SystemClock
from edge.outbox import Limits, Outbox
from edge.settings import SettingsError
from edge.terminal import Terminal
from edge.vision.assembly import make_vision
from edge.vision.models.store import DEFAULT_FOLDER
from edge.vision.settings import CameraSettings
from tests.edge.vision.camera.scenes import write_folder
from tests.edge.vision.walkers import Hall, Stop
from tests.fakes.waiting import eventually

SETTINGS = {
    "organisation": "clinic",
    "facility": "main",
    "device": "hall-1",
    "broker": {"host": "127.0.0.1", "port": 1},
    "screen": {"touchpoints": ["reception"], "port": 0},
    "camera": {"source": "hall", "repeat": True, "touchpoint": "reception"},
}
WITHOUT_A_CAMERA = """
import edge.cli, edge.vision.cli, sys
from pathlib import Path
from edge.app import wire
wire(Path(sys.argv[1]), simulate=True)
heavy = {"cv2", "numpy", "onnx", "onnxruntime"} & set(sys.modules)
assert not heavy, heavy
"""


def written(folder: Path, **changes: Any) -> Path:
    sections = {name: part for name, part in (SETTINGS | changes).items() if part is not None}
    (folder / "terminal.toml").write_text(tomli_w.dumps(sections))
    return folder


@pytest.fixture
def signals():
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def test_who_comes_wakes_the_screen_and_is_told_to_the_hub(tmp_path, store, signals):
    hall = Hall([[Stop(0, 0.5), Stop(10, 0.5)]])
    write_folder(tmp_path / "hall", (hall.picture(n / 10) for n in range(1, 60)))
    terminal = wire(written(tmp_path), simulate=True)
    stopper = threading.Thread(target=stop_when_seen, args=(terminal,))
    stopper.start()
    terminal.run()
    stopper.join()
    outbox = Outbox(tmp_path / "outbox.db", "hall-1", Limits(1000, 1 << 20))
    messages = [json.loads(entry.payload) for entry in outbox.entries(0, 1000)]
    outbox.close()
    assert "camera" in {one["check"] for one in messages if one["type"] == "HealthReported"}
    (counted,) = [one for one in messages if one["type"] == "PresenceCounted"]
    assert counted["seconds"] >= 1
    assert counted["touchpoint"] == "reception"


def stop_when_seen(terminal: Terminal) -> None:
    """Once the screen has woken up and looking has gone on for two seconds more."""
    assert terminal.screen is not None
    assert terminal.vision is not None
    kiosk, frames = terminal.screen.kiosk, terminal.vision.camera.frames
    try:
        eventually(lambda: kiosk.document()["lively"], within_s=60)
        woken_ns = frames.recent()[-1].at_ns
        eventually(lambda: frames.recent()[-1].at_ns > woken_ns + 2 * 10**9)
    finally:
        terminal.agent.stop()


def test_people_are_counted_even_where_the_model_for_smiles_is_missing(tmp_path, store):
    models = tmp_path / "models"
    shutil.copytree(DEFAULT_FOLDER, models, ignore=shutil.ignore_patterns("fer*"))
    hall = Hall([])
    write_folder(tmp_path / "hall", (hall.picture(n / 10) for n in range(20)))
    camera = SETTINGS["camera"] | {"models": str(models), "smiles": {"service": "before"}}
    settings = CameraSettings.model_validate(camera)
    vision = make_vision(tmp_path, settings, "hall-1", SystemClock(), lambda: None)
    vision.start(lambda _draft: None, lambda: None)
    eventually(vision.camera.frames.recent)
    found = {finding.check: finding for finding in vision.check()}
    vision.stop()
    assert found["camera"].status == "ok"
    assert "wellheard models pull fer" in found["smiles"].detail


def test_smiles_are_not_counted_where_nobody_can_be_told(tmp_path):
    camera = SETTINGS["camera"] | {"smiles": {"service": "before"}}
    with pytest.raises(SettingsError, match="must be told on the screen"):
        wire(written(tmp_path, camera=camera, screen=None), simulate=True)


def test_a_terminal_without_a_camera_carries_nothing_of_it(tmp_path):
    folder = written(tmp_path, camera=None)
    subprocess.run([sys.executable, "-c", WITHOUT_A_CAMERA, str(folder)], check=True, timeout=60)
