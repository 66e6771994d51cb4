"""Terminals come to a real hub by TLS on a real Mosquitto: by a code, by a token, in the place of another; and go."""

import sqlite3
import subprocess
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import tomli_w

from hub.core.broker.listening import LOOPBACK, free_port
from tests.fakes.waiting import eventually
from tests.system.clinic import FACILITY, PANELS, Api, Hub, Terminal
from tests.system.processes import WELLHEARD
from wellheard.demo.terminals import DemoTerminal

WITHIN_S = 60
PRESSES = 5


class NewTerminal(Terminal):
    """A terminal whose card knows the hub, and no more."""

    def __init__(self, folder: Path, hub: Hub, **card: str) -> None:
        super().__init__(folder, folder.name)
        self.screen = free_port()
        folder.mkdir()
        address = {"hub_url": f"http://{LOOPBACK}:{hub.port}"}
        (folder / "enrolment.toml").write_text(tomli_w.dumps(address | card))
        panels = {"panels": DemoTerminal(self.device, self.device, PANELS).panels()}
        (folder / "panels.toml").write_text(tomli_w.dumps(panels))

    def code(self) -> str:
        """What its screen shows."""
        found: list[str] = []

        def shown() -> bool:
            try:
                answer = httpx.get(f"http://{LOOPBACK}:{self.screen}/enrolment/standing")
            except httpx.TransportError:
                return False
            found[:] = [answer.json()["code"]]
            return bool(found[0])

        eventually(shown, WITHIN_S)
        return found[0]

    def press(self) -> None:
        for _ in range(PRESSES):
            self.ask("press", panel=PANELS[0], button=1)

    def _command(self) -> list[str]:
        return [*super()._command(), "--screen-port", str(self.screen)]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    started = Hub(tmp_path, "mosquitto", "")
    started.process.environment |= {
        "WELLHEARD_BROKER_TLS": f"{LOOPBACK}:{free_port()}",
        "WELLHEARD_BROKER_NAMES": LOOPBACK,
    }
    started.first_start()
    yield started
    started.process.kill()


def device(api: Api, name: str) -> dict[str, Any]:
    return next((d for d in api.get("devices") if d["device"] == name), {})


def audited(hub: Hub) -> set[str]:
    """What the audit log says was done."""
    database = sqlite3.connect(f"file:{hub.data / 'hub.db'}?mode=ro", uri=True)
    try:
        return {action for (action,) in database.execute("SELECT action FROM audit_entry")}
    finally:
        database.close()


def received(api: Api, name: str) -> list[int]:
    """Of each epoch."""
    return [row["received"] for row in api.get("ledger") if row["device"] == name]


def test_from_a_code_to_the_end_of_a_terminal(hub: Hub, tmp_path: Path) -> None:
    api = hub.api()
    api.post("facilities", {"id": FACILITY, "name": "North", "time_zone": "Europe/Madrid"})
    first, second = NewTerminal(tmp_path / "first", hub), NewTerminal(tmp_path / "second", hub)
    try:
        first.start()
        place = {"device": "hall-1", "facility": FACILITY, "name": "Entrance hall"}
        api.post(f"enrolment/codes/{first.code()}", place)
        eventually(lambda: device(api, "hall-1").get("online"), WITHIN_S)
        first.press()
        eventually(lambda: first.waiting() == 0, WITHIN_S)
        assert (first.folder / "identity" / "key.pem").stat().st_mode & 0o077 == 0

        began = time.monotonic()
        api.post("devices/hall-1/revoke")
        eventually(lambda: "broker_lost" in first.process.log(), WITHIN_S)
        assert time.monotonic() - began < WITHIN_S
        before = received(api, "hall-1")
        first.press()
        eventually(lambda: first.process.log().count("broker_lost") > 2, WITHIN_S)  # it goes on
        assert first.process.log().count("broker_connected") == 1
        assert first.waiting() > 0
        assert received(api, "hall-1") == before
        assert device(api, "hall-1")["status"] == "revoked"

        second.start()
        api.post(f"enrolment/codes/{second.code()}", {"device": "hall-1", "replaces": True})
        eventually(lambda: device(api, "hall-1")["online"], WITHIN_S)
        second.press()
        eventually(lambda: second.waiting() == 0, WITHIN_S)
        assert len(received(api, "hall-1")) == len(before) + 1  # an epoch of its own
        assert set(before) <= set(received(api, "hall-1"))  # and the history is kept
        assert device(api, "hall-1")["name"] == "Entrance hall"
        assert first.waiting() > 0
        assert {"device.enrol", "device.revoke", "device.replace"} <= audited(hub)
    finally:
        first.kill()
        second.kill()


def test_a_terminal_that_is_expected_needs_nobody(hub: Hub, tmp_path: Path) -> None:
    api = hub.api()
    api.post("facilities", {"id": FACILITY, "name": "North", "time_zone": "Europe/Madrid"})
    table = f"device,facility,name\nhall-2,{FACILITY},Hall 2\nhall-3,{FACILITY},Hall 3\n"
    listed = api.http.post("/api/enrolment/expected", content=table).json()
    token, for_command_line = (row["token"] for row in listed)
    assert enrolled_by_hand(hub, tmp_path / "by-hand", for_command_line) == "hall-3"
    terminal = NewTerminal(tmp_path / "expected", hub, token=token)
    thief = NewTerminal(tmp_path / "thief", hub, token=token)
    try:
        terminal.start()
        eventually(lambda: device(api, "hall-2").get("online"), WITHIN_S)
        thief.start()
        eventually(
            lambda: "refuse" in standing(thief) or "hub does not" in standing(thief), WITHIN_S
        )
        assert not (thief.folder / "terminal.toml").exists()
    finally:
        terminal.kill()
        thief.kill()


def enrolled_by_hand(hub: Hub, folder: Path, token: str) -> str:
    """The device that a terminal is after `wellheard edge enrol`."""
    where = ["--hub", f"http://{LOOPBACK}:{hub.port}", "--token", token]
    command = [*WELLHEARD, "edge", "enrol", "--folder", str(folder), *where]
    done = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN_S, check=False)
    assert done.returncode == 0, done.stderr
    assert "hall-3" in done.stdout
    again = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN_S, check=False)
    assert (again.returncode, "has a hub already" in again.stderr) == (1, True)
    return str(tomllib.loads((folder / "terminal.toml").read_text())["device"])


def standing(terminal: NewTerminal) -> str:
    try:
        return httpx.get(f"http://{LOOPBACK}:{terminal.screen}/enrolment/standing").text
    except httpx.TransportError:
        return ""
