"""The demonstration's terminals: which panels each has, and the files their agents read."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

SURVEY, QUESTION = "visit", "how_was_it"
FACES = {"1": "very_good", "2": "good", "3": "bad", "4": "very_bad"}


@dataclass(frozen=True, slots=True)
class DemoTerminal:
    """One terminal and the touchpoints its panels stand at."""

    device: str
    name: str
    touchpoints: tuple[str, str, str, str]

    def panels(self) -> list[dict[str, Any]]:
        """Two USB panels, a serial box and a wired one, so that every kind of driver is at work."""
        usb_1, usb_2, box, wired = self.touchpoints
        keys = {f"KEY_{n}": n for n in range(1, 5)}
        return [
            _panel(usb_1, "usb", 5, serial=f"{self.device}-A1", codes=keys),
            _panel(usb_2, "usb", 6, serial=f"{self.device}-A2", codes=keys),
            _panel(
                box,
                "serial",
                13,
                serial=f"{self.device}-B1",
                codes={str(n): n for n in range(1, 5)},
            ),
            _panel(wired, "gpio", 19, pins={"1": 17, "2": 27, "3": 22, "4": 23}),
        ]

    def write(
        self,
        folder: Path,
        hub: dict[str, Any],
        enrolled: dict[str, Any],
        camera: dict[str, Any] | None = None,
    ) -> None:
        """`terminal.toml` and `panels.toml`."""
        folder.mkdir(parents=True, exist_ok=True)
        settings = {
            "organisation": enrolled["organisation"],
            "facility": enrolled["facility"],
            "device": enrolled["device"],
            "hub_url": hub["dashboard"],
            "broker": {**hub["mqtt"], "user": enrolled["device"], "password": enrolled["password"]},
        }
        if camera is not None:
            settings["camera"] = camera
        secret = folder / "terminal.toml"
        secret.touch(mode=0o600)
        secret.write_text(tomli_w.dumps(settings), "utf-8")
        (folder / "panels.toml").write_text(tomli_w.dumps({"panels": self.panels()}), "utf-8")


def _panel(touchpoint: str, driver: str, lamp: int, **hardware: Any) -> dict[str, Any]:
    answers = {
        n: {"survey": SURVEY, "question": QUESTION, "value": face} for n, face in FACES.items()
    }
    return {
        "name": touchpoint,
        "touchpoint": touchpoint,
        "driver": driver,
        "lamps": {
            "thanks": {"pin": lamp},
            "refusal": {"pin": lamp + 1 if driver != "usb" else lamp + 2},
        },
        "answers": answers,
        **hardware,
    }


TERMINALS = (
    DemoTerminal("hall-1", "Entrance hall", ("reception-1", "reception-2", "waiting-room", "exit")),
    DemoTerminal("floor-2", "Second floor", ("room-12", "room-14", "room-15", "ultrasound")),
)

KIOSK = "floor-2"
"""Where somebody who looks at the demonstration is a patient: doctors are on duty there. It has the camera."""
