"""A terminal far away: what it cannot read it rejects, what is asked it does once, what cuts it off it takes back.

Real processes: a hub, a Mosquitto, an agent.
"""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import paho.mqtt.publish as publish
import pytest
import tomli_w

from hub.core.broker.listening import LOOPBACK, free_port
from tests.fakes.waiting import eventually
from tests.system.clinic import PANELS, Clinic

WITHIN_S = 120.0


class Far:
    """The clinic, with an operator who is not there."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.api = clinic.hub.api()
        self._settings = clinic.terminal.folder / "terminal.toml"

    def switch_on(self) -> None:
        """With a hub that takes files, and little patience with settings that do not work."""
        own = tomllib.loads(self._settings.read_text("utf-8"))
        own |= {"trial_s": 10, "hub_url": f"http://{LOOPBACK}:{self.clinic.hub.port}"}
        self._settings.write_text(tomli_w.dumps(own), "utf-8")
        self.topic = f"wh/v1/{own['organisation']}/{own['facility']}/{own['device']}"
        self.clinic.terminal.start()
        self.clinic.terminal.await_up()
        # Of what was published before it listens it hears the last alone.
        eventually(lambda: self.api.get("devices")[0]["online"], WITHIN_S)

    def publish(self, document: Any) -> None:
        """As a hub would that has gone wrong."""
        payload = document if isinstance(document, bytes) else json.dumps(document).encode()
        port = self.clinic.hub.broker_port
        publish.single(
            f"{self.topic}/job", payload, qos=1, retain=True, hostname=LOOPBACK, port=port
        )

    def jobs(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.get("device-jobs", device=self.device)
        return found

    @property
    def device(self) -> str:
        return self.clinic.terminal.device

    def command(self, kind: str) -> dict[str, Any]:
        """Asked, and waited for until its end."""
        name = self.api.post("device-jobs", {"kind": kind, "devices": [self.device]})[self.device]

        def ended() -> dict[str, Any] | None:
            (job,) = (one for one in self.jobs() if one["id"] == name)
            return job if job["closed"] else None

        eventually(ended, WITHIN_S)
        return ended() or {}

    def file(self, job: dict[str, Any]) -> Any:
        answer = self.api.http.get(f"/api/device-jobs/{job['id']}/file")
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()

    def set(self, values: Any, after: int) -> None:
        layer = {"kind": "device", "subject": self.device, "after": after, "values": values}
        self.api.put("settings", layer)

    def reported(self) -> dict[str, Any]:
        said = self.api.get(f"devices/{self.device}/settings")["reported"] or {}
        found: dict[str, Any] = said.get("settings") or {}
        return found

    def press(self) -> None:
        self.clinic.terminal.ask("press", panel=PANELS[0], button=1)

    def answers(self) -> int:
        return sum(ledger["received"] for ledger in self.api.get("ledger"))


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Far]:
    folder: Path = tmp_path_factory.mktemp("far")
    with Clinic(folder, broker="external", switched_on=False) as clinic:
        made = Far(clinic)
        made.switch_on()
        yield made


def test_a_malformed_job_is_rejected_and_the_next_one_is_done_once(far: Far) -> None:
    far.publish({"version": 1, "jobs": [{"job": "bad", "until_ms": "soon", "kind": "restart"}, 7]})
    far.publish(b"{]")
    eventually(lambda: len(far.jobs()) == 3, WITHIN_S)
    assert {(job["kind"], job["outcome"]) for job in far.jobs()} == {("unknown", "rejected")}
    assert any(job["reason"].startswith("until_ms: ") for job in far.jobs())
    for kind, step in (("restart", "restarted"), ("reboot", "rebooted")):
        job = far.command(kind)
        assert (job["outcome"], job["step"], job["closed"]) == ("done", step, "reported")
    assert len(far.jobs()) == 5


def test_logs_and_diagnostics_come_to_whoever_manages_the_terminal(far: Far) -> None:
    logs = far.file(far.command("logs"))
    assert "broker_connected" in {line["event"] for line in logs}
    bundle = far.file(far.command("diagnostics"))
    assert bundle["settings"]["broker"]["port"] == far.clinic.hub.broker_port
    own = tomllib.loads((far.clinic.terminal.folder / "terminal.toml").read_text("utf-8"))
    assert own["broker"]["password"] not in json.dumps(bundle) + json.dumps(logs)
    picture = far.command("screenshot")
    assert (picture["outcome"], picture["reason"]) == (
        "rejected",
        "kind: no screenshot on this terminal",
    )


def test_settings_that_break_the_connection_revert_by_themselves(far: Far) -> None:
    far.set({"broker": {"port": free_port()}}, after=0)
    changed = far.clinic.terminal.folder / "settings.json"
    eventually(lambda: changed.exists() and json.loads(changed.read_text())["trial"], WITHIN_S)
    eventually(lambda: json.loads(changed.read_text())["trial"]["starts"] == 1, WITHIN_S)
    far.clinic.terminal.await_up()
    far.press()  # while it is cut off
    eventually(lambda: far.reported().get("outcome") == "reverted", WITHIN_S)
    assert far.reported()["version"] == 0
    assert far.reported()["reason"].startswith("broker: ")
    far.clinic.await_settled()
    assert far.clinic.terminal.process.alive()
    far.set({"hub": {"url": f"http://{LOOPBACK}:{free_port()}"}}, after=1)
    eventually(lambda: far.reported().get("reason", "").startswith("hub.url: "), WITHIN_S)
    assert (far.reported()["version"], far.reported()["outcome"]) == (0, "reverted")
    far.set({"hub": {"url": f"http://localhost:{far.clinic.hub.port}"}}, after=2)
    eventually(lambda: far.reported().get("version", 0) > 0, WITHIN_S)
    assert far.reported().get("outcome") is None
    far.set({"screen": {"mode": "express"}, "camera": {"near": 0.2}}, after=3)
    eventually(lambda: far.reported().get("tried") is not None, WITHIN_S)
