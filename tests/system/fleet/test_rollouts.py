"""Rollouts by a real hub over a real broker: real agents that take a release, terminals that fail or fall silent."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import select

from hub.app import wire
from hub.core.audit.tables import AuditEntry
from hub.core.permissions import Role
from hub.core.scope import Scope
from hub.core.settings import HubSettings
from hub.identity import accounts, tokens
from tests.fakes.releases import Publisher, tiny_wheel
from tests.fakes.waiting import eventually
from tests.system.clinic import FACILITY, Api, Hub
from tests.system.fleet.agents import CRASHES
from tests.system.fleet.canaries import Canary
from tests.system.fleet.site import Site
from wellheard.release.publishing import publish_to_hub

PATIENCE_S = 150.0
OLD, NEW = "1.0", "2.0"


class Fleet:
    """A hub with its own broker, to which two releases are published, and terminals that only speak the protocol."""

    def __init__(self, hub: Hub, folder: Path, stack: ExitStack) -> None:
        self.hub, self.api, self._stack = hub, hub.api(), stack
        for place in (FACILITY, "south"):
            self.api.post("facilities", {"id": place, "name": place.title()})
        settings = HubSettings(data=hub.data, database=hub.database)
        self.workplace, scope = wire(settings).parts.workplace, Scope(settings.organisation)
        with self.workplace.begin() as work:
            token = tokens.create(work, scope, hub.login["name"], "releases")
            accounts.create_account(
                work, scope, name="of-north", password_hash="", role=Role.FLEET, facility=FACILITY
            )
            self.token_of_north = tokens.create(work, scope, "of-north", "test")
        publisher = Publisher(folder / "publisher")
        for version in (OLD, NEW):
            wheel = tiny_wheel(folder / "wheels", "wellheard", version, {"a.py": version})
            publisher.release(version, [wheel])
        publish_to_hub(publisher.repository, self.url, token, publisher.online)

    @property
    def url(self) -> str:
        return str(self.api.http.base_url)

    def canaries(self, prefix: str, count: int, facility: str = FACILITY) -> list[Canary]:
        """So many more of them, all with the old version."""
        made = []
        for number in range(count):
            device = {"device": f"{prefix}-{number}", "facility": facility}
            enrolled = self.api.post("devices", device)
            made.append(self._stack.enter_context(Canary(enrolled, self.hub.broker_port)))
            made[-1].say_state(OLD)
        return made

    def begin(self, first: list[Canary], others: list[Canary], **terms: Any) -> str:
        names = [one.address.device for one in (*first, *others)]
        given = {
            "release": NEW,
            "channel": "stable",
            "devices": names,
            "canaries": names[: len(first)],
            "groups": [{"success_percent": 80, "soak_minutes": 0, **terms}, {"percent": 100}],
            "spread_minutes": 0,
        }
        name: str = self.api.post("rollouts", given)["id"]
        return name

    def rollout(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(f"rollouts/{name}")
        return found

    def audited(self) -> set[tuple[str, str]]:
        with self.workplace.read() as work:
            entries = work.session.exec(select(AuditEntry.action, AuditEntry.actor))
            return {(action, actor) for action, actor in entries}

    def await_state(self, name: str, state: str) -> dict[str, Any]:
        eventually(lambda: self.rollout(name)["state"] == state, PATIENCE_S)
        return self.rollout(name)


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    hub = Hub(tmp_path, "mosquitto", "")
    hub.first_start()
    with ExitStack() as stack:
        stack.callback(hub.process.kill)
        yield Fleet(hub, tmp_path, stack)


def test_failures_and_silence_pause_and_nobody_else_is_told(fleet: Fleet) -> None:
    # Installed and never confirmed: the minute of silence passes while the other rollout goes on.
    (silent,), spared = fleet.canaries("silent", 1), fleet.canaries("spared", 2)
    silence = fleet.begin([silent], spared, silence_minutes=1, least=1)
    first, others = fleet.canaries("canary", 10), fleet.canaries("other", 3, "south")
    failing = fleet.begin(first, others, error_percent=20, least=5)

    silent.await_job()
    silent.report("done", NEW)
    for one in first:
        one.await_job()
    for one in first[:3]:
        one.report("failed", OLD, "health gate: screen")
    for one in first[3:]:
        one.report("done", NEW)
        one.say_state(NEW, run=2)
    paused = fleet.await_state(failing, "paused")
    assert (paused["reason"], paused["groups"][0]["standings"]["failed"]) == (
        "too_many_failures",
        3,
    )

    paused = fleet.await_state(silence, "paused")
    assert paused["groups"][0]["standings"]["failed"] == 1
    (part, *_) = fleet.api.get(f"rollouts/{silence}/devices")
    assert (part["device"], part["reason"]) == ("silent-0", "silent")
    assert [one.jobs for one in (*others, *spared)] == [[]] * 5
    assert ("rollout.paused", "hub") in fleet.audited()

    # One forbidden terminal forbids the whole deed.
    of_north = {"Authorization": f"Bearer {fleet.token_of_north}"}
    fleet.api.post(f"rollouts/{failing}/abort")
    given = {"release": NEW, "channel": "stable", "groups": [{"percent": 100}]}
    for devices, status in ((["other-0", "canary-0"], 403), (["canary-0"], 201)):
        answer = httpx.post(
            f"{fleet.url}/api/rollouts", json=given | {"devices": devices}, headers=of_north
        )
        assert answer.status_code == status, answer.text
    eventually(lambda: len(first[0].jobs) == 2, PATIENCE_S)
    assert others[0].jobs == []
    assert "rollout.begin.denied" in {action for action, _actor in fleet.audited()}


def test_real_agents_take_a_release_one_after_the_other(folder: Path) -> None:
    with Site(folder, stations=2) as site:
        for station in site.stations:
            station.supervisor.start()
        for station in site.stations:
            station.await_up()
        site.release("1.1")
        site.release("1.2", CRASHES)
        terms = {"soak_minutes": 0, "least": 1}
        given = {
            "channel": "stable", "devices": ["desk-1", "desk-2"], "canaries": ["desk-1"], "spread_minutes": 0,
            "groups": [terms, {"percent": 100, **terms}],
        }  # fmt: skip

        def ended(version: str) -> dict[str, Any]:
            name = site.api.post("rollouts", given | {"release": version})["id"]
            return _await_end(site.api, name)

        assert ended("1.1")["state"] == "done"
        assert [station.running() for station in site.stations] == ["1.1", "1.1"]
        stopped = ended("1.2")
        assert (stopped["state"], stopped["reason_group"]) == ("paused", 0)
        assert [station.running() for station in site.stations] == ["1.1", "1.1"]
        parts = site.api.get(f"rollouts/{stopped['id']}/devices")
        assert [part["standing"] for part in parts] == ["failed", "waiting"]


def _await_end(api: Api, name: str) -> dict[str, Any]:
    eventually(lambda: api.get(f"rollouts/{name}")["state"] != "running", PATIENCE_S)
    found: dict[str, Any] = api.get(f"rollouts/{name}")
    return found
