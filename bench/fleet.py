"""What a fleet costs the hub: a thousand terminals are enrolled, report, and take an update of the application alone.

The hub is `wellheard hub` with Mosquitto as it starts it itself. The terminals are simulated at the level of their
protocols, in this process: each makes a key, is enrolled by a token over HTTP, connects over TLS with the certificate
that the hub's authority has issued, reports, is asked by a rollout over MQTT, and fetches what a terminal fetches that
lacks the application's wheel alone. Their files are the real ones: signed metadata, a lock, and the wheel that is built
from this checkout. Nothing is installed, so that no slot's work is mistaken for the hub's.

Bytes are those above TCP and TLS, both ways. The time is from the rollout's beginning until the hub calls it done,
which it looks after every five seconds.
"""

import argparse
import asyncio
import hashlib
import json
import re
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psutil

from bench.apparatus.figures import goal, percentiles
from bench.apparatus.machine import describe
from bench.apparatus.observed import Observed, cpu_s, python
from bench.apparatus.simulated_terminal import SimulatedTerminal
from contract.releases import Release
from hub.core.broker.listening import LOOPBACK, free_port
from wellheard.release.authority import establish
from wellheard.release.building import LOCK, WHEELS, WORDS, own_wheel
from wellheard.release.keys import KEYS, ONLINE, make_key
from wellheard.release.publishing import publish_to_hub
from wellheard.release.signing import sign

DEVICES, QUICK_DEVICES = 1000, 50
VERSION = "2.0"
CHECKOUT = Path(__file__).parents[1]
AT_ONCE = 40
"""Terminals that are enrolled or connected at a time."""
PATIENCE_S = 600.0
MOST_BYTES, MOST_POLL_BYTES = 1_000_000, 2048


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_DEVICES} terminals")
    parser.add_argument("--devices", type=int, default=None, help=f"instead of {DEVICES}")
    given = parser.parse_args()
    count = given.devices or (QUICK_DEVICES if given.quick else DEVICES)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(_measured(Path(name), count)))


def _measured(folder: Path, count: int) -> dict[str, Any]:
    with Observed(_hub(folder), folder / "hub.log", _environment()) as hub:
        said = hub.line(PATIENCE_S)
        with Operator(said) as operator:
            release_bytes = operator.publish(folder)
            tokens = operator.expect(count)
            place = (LOOPBACK, int(said["dashboard"].rpartition(":")[2]))
            return asyncio.run(_run(folder, hub, operator, tokens, place)) | {
                "release_bytes": release_bytes
            }


async def _run(
    folder: Path,
    hub: Observed,
    operator: "Operator",
    tokens: dict[str, str],
    place: tuple[str, int],
) -> dict[str, Any]:
    costs = Costs(hub.process)
    terminals = [
        SimulatedTerminal(name, number, folder / "terminals", place)
        for number, name in enumerate(tokens)
    ]
    enrolled = await costs.of(_each(terminals, lambda t: t.enrol(tokens[t.name])))
    connected = await costs.of(_each(terminals, SimulatedTerminal.connect))
    await asyncio.to_thread(operator.await_online, len(terminals))
    before = [t.http.bytes + t.mqtt_bytes for t in terminals]
    updated = await costs.of(_update(terminals, operator))
    took = [t.http.bytes + t.mqtt_bytes - b for t, b in zip(terminals, before, strict=True)]
    polls = [await terminal.poll() for terminal in terminals[:20]]
    for terminal in terminals:
        terminal.close()
    return {
        "benchmark": "fleet",
        "summary": True,
        "machine": describe("mosquitto"),
        "devices": len(terminals),
        "enrolling": enrolled,
        "connecting_and_reporting": connected,
        "updating": updated,
        "hub_memory_mb": costs.memory_mb(),
        "bytes_a_device": percentiles([float(n) for n in took], 0),
        "poll_bytes": max(polls),
        "goals": [
            goal("at most 1 MB a device", max(took), at_most=MOST_BYTES),
            goal("a poll of nothing new at most 2 KB", max(polls), at_most=MOST_POLL_BYTES),
        ],
    }


async def _update(terminals: Sequence[SimulatedTerminal], operator: "Operator") -> None:
    name = await asyncio.to_thread(operator.begin, [terminal.name for terminal in terminals])
    taking = asyncio.gather(*(terminal.take() for terminal in terminals))
    await asyncio.wait_for(taking, PATIENCE_S)
    await asyncio.to_thread(operator.await_done, name)


async def _each(
    terminals: Sequence[SimulatedTerminal], act: Callable[[SimulatedTerminal], Awaitable[None]]
) -> None:
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(terminal: SimulatedTerminal) -> None:
        async with turn:
            await act(terminal)

    await asyncio.gather(*map(one, terminals))


class Costs:
    """What the hub and its broker spend."""

    def __init__(self, hub: psutil.Process) -> None:
        self._hub = hub
        self._broker = next(c for c in hub.children(recursive=True) if "mosquitto" in c.name())

    async def of(self, work: Awaitable[None]) -> dict[str, float]:
        """Seconds of wall and of processors that a piece of work takes."""
        began, hub, broker = time.monotonic(), cpu_s(self._hub), cpu_s(self._broker)
        await work
        return {
            "seconds": round(time.monotonic() - began, 1),
            "hub_cpu_s": round(cpu_s(self._hub) - hub, 1),
            "broker_cpu_s": round(cpu_s(self._broker) - broker, 1),
        }

    def memory_mb(self) -> dict[str, float]:
        """Resident, now."""
        return {
            name: round(process.memory_info().rss / 1e6, 1)
            for name, process in (("hub", self._hub), ("broker", self._broker))
        }


class Operator:
    """Signed in to the hub as its first administrator."""

    def __init__(self, said: dict[str, Any]) -> None:
        self._http = httpx.Client(base_url=said["dashboard"], timeout=PATIENCE_S)
        login = {"name": said["user"], "password": said["password"]}
        self._http.headers["X-CSRF-Token"] = self._post("/api/login", json=login)["csrf"]
        self._post("/api/facilities", json={"id": "bench", "name": "Bench"})

    def __enter__(self) -> "Operator":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def publish(self, folder: Path) -> dict[str, int]:
        """A release with the application's wheel alone; the size of its files."""
        keys = {name: make_key(folder / "keys", name) for name in KEYS}
        repository, now = folder / "repository", datetime.now(UTC)
        establish(repository, keys, now)
        built = _built(folder)
        sign(repository, built, "stable", keys["stable"], now)
        online = {name: keys[name] for name in ONLINE}
        publish_to_hub(repository, str(self._http.base_url), self._token(), online)
        wheel = next((built / WHEELS).iterdir())
        return {"wheel": wheel.stat().st_size, "lock": (built / LOCK).stat().st_size}

    def expect(self, count: int) -> dict[str, str]:
        """Have so many terminals expected; their tokens by name."""
        rows = "".join(f"t-{number},bench,T{number}\n" for number in range(count))
        table = f"device,facility,name\n{rows}"
        listed = self._post("/api/enrolment/expected", content=table.encode())
        return {row["device"]: row["token"] for row in listed}

    def await_online(self, count: int) -> None:
        """Until the hub has taken in that many terminals' states."""
        _eventually(lambda: sum(d["online"] for d in self._get("/api/devices")) >= count)

    def begin(self, devices: Sequence[str]) -> str:
        """A rollout to all of them at once."""
        given = {
            "release": VERSION,
            "channel": "stable",
            "devices": list(devices),
            "groups": [{"percent": 100, "success_percent": 100, "soak_minutes": 0}],
            "spread_minutes": 0,
        }
        name: str = self._post("/api/rollouts", json=given)["id"]
        return name

    def await_done(self, name: str) -> None:
        """Until the hub has every terminal's confirmation."""
        _eventually(lambda: self._get(f"/api/rollouts/{name}")["state"] == "done")

    def _token(self) -> str:
        csrf = self._http.headers["X-CSRF-Token"]
        form = {"csrf": csrf, "label": "bench", "may": ["manage_devices", "administer"]}
        page = self._http.post("/me/tokens", data=form).text
        found = re.search(r'<code class="secret"[^>]*>([^<]+)<', page)
        assert found is not None, "no token was shown"
        return found[1]

    def _get(self, path: str) -> Any:
        return self._http.get(path).raise_for_status().json()

    def _post(self, path: str, **given: Any) -> Any:
        return self._http.post(path, **given).raise_for_status().json()


def _built(folder: Path) -> Path:
    """The application's wheel of this checkout, a lock that names it, and the words about it."""
    built = folder / "built"
    (built / WHEELS).mkdir(parents=True)
    wheel = own_wheel(CHECKOUT, built / WHEELS)
    for other in (built / WHEELS).iterdir():
        if other != wheel:
            other.unlink()
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (built / LOCK).write_text(f"wellheard=={VERSION} --hash=sha256:{digest}\n")
    words = Release(
        version=VERSION,
        built_ms=0,
        hardware=["bench"],
        minimum_agent="0",
        security_floor="0",
        wheels={wheel.name: digest},
    )
    (built / WORDS).write_text(words.model_dump_json())
    return built


def _hub(folder: Path) -> list[str]:
    where = ["--data", str(folder / "hub"), "--port", "0", "--json"]
    broker = ["--broker", "mosquitto", "--broker-port", str(free_port())]
    return python("wellheard", "hub", *where, *broker)


def _environment() -> dict[str, str]:
    return {
        "WELLHEARD_BROKER_TLS": f"{LOOPBACK}:{free_port()}",
        "WELLHEARD_BROKER_NAMES": LOOPBACK,
    }


def _eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError("the fleet did not get there in time")
        time.sleep(0.5)


if __name__ == "__main__":
    main()
