"""What is wrong with a real terminal becomes an alert and ends; one that stands still is offline within 90 seconds."""

import time
from pathlib import Path
from typing import Any

from tests.fakes.waiting import eventually
from tests.system.clinic import PANELS, Clinic

OFFLINE_WITHIN_S = 90.0
LOOK_S = 0.5
"""Between two questions, so that asking does not keep the machine busy."""


class Watched:
    """What the hub says of the only terminal."""

    def __init__(self, clinic: Clinic) -> None:
        self._api = clinic.hub.api()

    def is_online(self) -> bool:
        time.sleep(LOOK_S)
        (device,) = self._api.get("devices")
        return bool(device["online"])

    def alerts(self, *, ended: bool = False) -> list[dict[str, Any]]:
        time.sleep(LOOK_S)
        found: list[dict[str, Any]] = self._api.get("fleet/alerts", ended=ended)
        return [alert for alert in found if alert["check"] == f"panel:{PANELS[0]}"]


def test_from_a_pulled_plug_to_a_frozen_agent(tmp_path: Path) -> None:
    with Clinic(tmp_path) as clinic:
        watched = Watched(clinic)
        eventually(watched.is_online)
        clinic.terminal.ask("unplug", panel=PANELS[0])
        eventually(watched.alerts)
        (alert,) = watched.alerts()
        assert (alert["level"], alert["reason"]) == ("failure", "unplugged")
        clinic.terminal.ask("plug", panel=PANELS[0])
        eventually(lambda: not watched.alerts())
        assert [over["id"] for over in watched.alerts(ended=True)] == [alert["id"]]

        clinic.terminal.process.freeze()  # its connection stays open, and nobody speaks on it
        began = time.monotonic()
        eventually(lambda: not watched.is_online(), 2 * OFFLINE_WITHIN_S)
        assert time.monotonic() - began < OFFLINE_WITHIN_S
        clinic.terminal.process.thaw()
        eventually(watched.is_online)
