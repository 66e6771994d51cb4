"""A photograph on its whole way, over a real broker: from the camera to whoever may see it, by a facility's decision.

The camera shows somebody's face all the time. What no policy allows must be nowhere, in no file of any process.
"""

import json
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import tomli_w
from skimage import data
from websockets.sync.client import connect
from websockets.typing import Origin

from edge.vision.detector import Detector, open_detector
from edge.vision.models.store import ModelStore
from edge.vision.pictures import Image
from hub.core.broker.listening import free_port
from tests.fakes.picture_signatures import SIGNATURES
from tests.fakes.waiting import eventually
from tests.system.clinic import FACILITY, PANELS, Clinic
from tests.system.patients import Patient

SCENE: Image = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)


class Facility:
    """A clinic whose terminal has a camera, a screen and panels."""

    def __init__(self, clinic: Clinic, screen: int) -> None:
        self.clinic = clinic
        self._screen = screen
        self.api = clinic.hub.api()
        self._panels = list(PANELS)
        self._version = 0

    def decide(self, policy: str) -> None:
        """On the page, as a manager would; until the terminal's screen knows."""
        before = self.notice()
        form = {"policy": policy, "version": str(self._version)}
        assert self.api.http.post(f"/photographing/{FACILITY}", data=form).status_code == 303
        self._version += 1
        eventually(lambda: self.notice() != before, 60)

    def notice(self) -> dict[str, str] | None:
        """What the screen says of photographs now."""
        address = f"127.0.0.1:{self._screen}"
        with connect(f"ws://{address}/live", origin=Origin(f"http://{address}")) as live:
            told: dict[str, str] | None = json.loads(live.recv(10))["photograph"]
            return told

    def answer(self) -> int:
        """A press on a panel that nobody has pressed yet; the number that the hub gave its answer."""
        before = len(self.api.get("answers"))
        (press,) = Patient(self.clinic.terminal, self._panels.pop()).press_times(1)
        assert press.outcome == "thanked"
        eventually(lambda: len(self.api.get("answers")) > before, 60)
        newest: int = self.api.get("answers")[0]["id"]
        return newest

    def photograph(self, answer: int) -> Image | None:
        """What is shown of it now."""
        shown = self.api.http.get(f"/answers/{answer}/photograph")
        if shown.status_code == 404:
            return None
        shown.raise_for_status()
        return cv2.imdecode(np.frombuffer(shown.content, np.uint8), cv2.IMREAD_COLOR)

    def photographed(self) -> Image:
        """What is shown of an answer that is given now."""
        answer = self.answer()
        eventually(lambda: self.photograph(answer) is not None, 60)
        picture = self.photograph(answer)
        assert picture is not None
        return picture


def everything_kept(folder: Path) -> bytes:
    """By hub and terminal; what the camera sees lies elsewhere."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def traces(folder: Path) -> list[bytes]:
    """Signatures and pixels of the scene that can be read in any file."""
    kept = everything_kept(folder)
    pixels = [SCENE[row, 100:160].tobytes() for row in range(0, 512, 16)]
    return [piece for piece in (*SIGNATURES, *pixels) if piece in kept]


def give_camera(clinic: Clinic, pictures: Path) -> int:
    """And a screen, whose port is returned."""
    port = free_port()
    cv2.imwrite(str(pictures / "scene.png"), SCENE)
    path = clinic.terminal.folder / "terminal.toml"
    settings: dict[str, Any] = tomllib.loads(path.read_text())
    settings["camera"] = {"source": str(pictures), "repeat": True}
    settings["screen"] = {"touchpoints": ["reception"], "port": port}
    path.write_text(tomli_w.dumps(settings))
    return port


@pytest.fixture
def faces() -> Detector:
    return open_detector(ModelStore())


def test_from_the_camera_to_whoever_may_see_it(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, faces: Detector
) -> None:
    with Clinic(tmp_path, switched_on=False) as clinic:
        screen = give_camera(clinic, tmp_path_factory.mktemp("scene"))
        clinic.terminal.start()
        clinic.terminal.await_up()
        facility = Facility(clinic, screen)

        unseen = facility.answer()
        clinic.await_settled()
        assert facility.photograph(unseen) is None
        assert traces(tmp_path) == []
        assert SIGNATURES[0] not in everything_kept(clinic.terminal.folder)

        facility.decide("blurred")
        picture = facility.photographed()
        assert faces.detect(SCENE) != []
        assert faces.detect(picture) == []
        assert cv2.absdiff(picture[300:], SCENE[300:]).mean() < 6, "all but the face is as it was"

        facility.decide("full")
        picture = facility.photographed()
        assert cv2.absdiff(picture, SCENE).mean() < 6
        assert traces(tmp_path) == []

        facility.decide("off")
        unseen = facility.answer()
        clinic.await_settled()
        assert facility.photograph(unseen) is None
        sealed = list((clinic.hub.data / "answer-photographs").iterdir())
        assert len(sealed) >= 2
        assert all(sha256(path.read_bytes()).hexdigest() == path.name for path in sealed)
        assert facility.api.letters() == []
