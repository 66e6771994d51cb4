"""A clinic of real processes: hub, broker, database and terminals, each of which can be killed and started again.

Addresses are chosen at the first start and kept, because terminals keep the address they were given.
"""

import re
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import httpx
import tomli_w

from hub.core.broker.handshake import connect_reason
from hub.core.broker.listening import LOOPBACK, free_port
from tests.fakes.waiting import eventually
from tests.hub.schema import put_schema
from tests.system.processes import PATIENCE_S, WELLHEARD, Process
from wellheard.demo.crowd import Controls
from wellheard.demo.terminals import DemoTerminal

FACILITY = "north"
EDGE = (*WELLHEARD, "edge")
FIRST_ADMINISTRATOR = re.compile(r"First administrator: (?P<name>\S+), password (?P<password>\S+)")
ATTENTION_PIN = 26
PANELS = ("reception", "waiting-room", "laboratory", "exit")
"""Two USB panels, a serial box and a wired one."""


class Hub:
    """The hub; `broker` is a kind that it starts itself, or `external` for one that is a process of ours."""

    def __init__(self, folder: Path, broker: str, database: str) -> None:
        self.data = folder / "hub"
        self._file = None if database else self.data / "hub.db"
        self.database = database or f"sqlite:///{self._file}"
        self.broker = broker
        self.port = self.broker_port = 0
        self.process = Process("hub", self._command, folder)
        self.process.environment = {"WELLHEARD_DATABASE": self.database}
        self.login: dict[str, str] = {}

    def first_start(self) -> None:
        """On ports of its own; another test may snatch one between choice and use, so it is tried again.

        It finds a database with the schema and nothing in it, as after a start that got no further.
        """
        if self._file is not None:
            put_schema(self._file)
        for _ in range(5):
            self.port = free_port()
            self.broker_port = self.broker_port if self.broker == "external" else free_port()
            self.process.start()
            said = self.process.first_line()
            told = FIRST_ADMINISTRATOR.search(self.process.log())
            if told is not None:  # by a start that got as far as the database and not to its broker
                self.login = told.groupdict()
            if said is not None:
                self.login = self.login or {"name": said["user"], "password": said["password"]}
                return
        raise AssertionError(f"the hub did not start: {self.process.log()[-2000:]}")

    def start(self) -> None:
        self.process.start()

    def await_up(self) -> None:
        assert self.process.first_line() is not None, self.process.log()[-2000:]

    def await_ready(self) -> None:
        """Until it is connected to the broker, too."""
        self.await_up()
        probe = f"http://{LOOPBACK}:{self.port}/readyz"
        eventually(lambda: httpx.get(probe, timeout=PATIENCE_S).is_success, PATIENCE_S)

    def api(self) -> "Api":
        """A new sign-in: a killed hub's connections are gone."""
        return Api(f"http://{LOOPBACK}:{self.port}", self.login)

    def _command(self) -> list[str]:
        address = f"mqtt://{LOOPBACK}:{self.broker_port}"
        broker = address if self.broker == "external" else self.broker
        where = ["--data", str(self.data), "--port", str(self.port), "--json"]
        link = ["--broker", broker, "--broker-port", str(self.broker_port)]
        return [*WELLHEARD, "hub", *where, *link]


class Broker:
    """Whoever it is that carries the messages: the hub's child, which it replaces, or our own process."""

    def __init__(self, hub: Hub, folder: Path, listening: Sequence[str] = (LOOPBACK,)) -> None:
        self._hub = hub
        self._listening = listening
        self._own: Process | None = None
        if hub.broker == "external":
            self._file = folder / "mosquitto.conf"
            self._own = Process("mosquitto", lambda: ["mosquitto", "-c", str(self._file)], folder)

    def first_start(self) -> None:
        if self._own is None:
            return
        self._hub.broker_port = free_port()
        listeners = (f"listener {self._hub.broker_port} {host}\n" for host in self._listening)
        self._file.write_text(
            f"{''.join(listeners)}allow_anonymous true\nuser root\n"
            "persistence false\nmax_inflight_messages 1000\nmax_queued_messages 100000\n"
            "max_packet_size 16777216\n"
        )
        self._own.start()
        self.await_up()

    def await_up(self) -> None:
        eventually(lambda: connect_reason(LOOPBACK, self._hub.broker_port) is not None, PATIENCE_S)

    def kill(self) -> None:
        """A child of the hub's comes back by itself, our own by `start`."""
        if self._own is not None:
            self._own.kill()
        elif (child := self._hub.process.child(self._hub.broker)) is not None:
            child.kill()

    def start(self) -> None:
        if self._own is not None:
            self._own.start()

    def log(self) -> str:
        """What a process of ours wrote."""
        assert self._own is not None
        return self._own.log()

    def end(self) -> None:
        if self._own is not None:
            self._own.kill()


class Terminal:
    """One agent with its folder."""

    def __init__(self, folder: Path, device: str, program: Sequence[str] = EDGE) -> None:
        self.folder = folder
        self.device = device
        self.program = list(program)
        self.process = Process(folder.name, self._command, folder.parent)

    def furnish(self, broker_port: int, enrolled: dict[str, Any]) -> None:
        hub = {"dashboard": "", "mqtt": {"host": LOOPBACK, "port": broker_port}}
        furnished = DemoTerminal(self.device, self.device, PANELS)
        furnished.write(self.folder, hub, enrolled)
        panels = {"attention": ATTENTION_PIN, "panels": furnished.panels()}
        (self.folder / "panels.toml").write_text(tomli_w.dumps(panels), "utf-8")

    def start(self) -> None:
        self.process.start()

    def kill(self) -> None:
        self.process.kill()

    def await_up(self) -> None:
        eventually(self._answers, PATIENCE_S)

    @contextmanager
    def controls(self) -> Iterator[Controls]:
        """Its virtual hardware; OSError when it is dead, or dies."""
        controls = Controls(self.folder / "controls.sock")
        try:
            yield controls
        finally:
            with suppress(
                OSError
            ):  # what could not be said to a dead terminal is still in the buffer
                controls.close()

    def ask(self, do: str, **fields: Any) -> Any:
        with self.controls() as controls:
            return controls.ask(do, **fields)

    def waiting(self) -> int:
        """How many messages the hub has not confirmed."""
        address = f"file:{self.folder / 'outbox.db'}?mode=ro"
        database = sqlite3.connect(address, uri=True, timeout=PATIENCE_S)
        try:
            return int(database.execute("SELECT count(*) FROM entry").fetchone()[0])
        finally:
            database.close()

    def _answers(self) -> bool:
        try:
            self.ask("lamp", panel=PANELS[0])
        except OSError:
            assert self.process.alive(), self.process.log()[-2000:]
            return False
        return True

    def _command(self) -> list[str]:
        return [*self.program, "--simulate", "--folder", str(self.folder)]


class Api:
    """Signed in to the hub's REST API as its first administrator."""

    def __init__(self, url: str, login: dict[str, str]) -> None:
        self.http = httpx.Client(base_url=url, timeout=PATIENCE_S)
        self.http.headers["X-CSRF-Token"] = self.post("login", login)["csrf"]

    def get(self, what: str, **query: Any) -> Any:
        answer = self.http.get(f"/api/{what}", params=query)
        assert answer.is_success, answer.text
        return answer.json()

    def post(self, what: str, fields: Any = None) -> Any:
        """Again after a 503, as any program does: it says that nothing was changed."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            answer = self.http.post(f"/api/{what}", json=fields or {})
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                break
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def put(self, what: str, fields: Any) -> None:
        answer = self.http.put(f"/api/{what}", json=fields)
        assert answer.is_success, answer.text

    def letters(self) -> list[dict[str, Any]]:
        """All dead letters, oldest first."""
        found: list[dict[str, Any]] = []
        page = self.get("dead-letters", limit=100)
        while page:
            found += page
            page = self.get("dead-letters", limit=100, before=page[-1]["id"])
        return found[::-1]


class Clinic:
    """The whole of it, in one folder; leaving the `with` block ends every process."""

    def __init__(
        self,
        folder: Path,
        *,
        broker: str = "mosquitto",
        database: str = "",
        terminals: int = 1,
        program: Sequence[str] = EDGE,
        switched_on: bool = True,
        listening: Sequence[str] = (LOOPBACK,),
    ) -> None:
        self.folder = folder
        self.hub = Hub(folder, broker, database)
        self.broker = Broker(self.hub, folder, listening)
        self._switched_on = switched_on
        self.terminals = [
            Terminal(folder / f"desk-{n}", f"desk-{n}", program) for n in range(1, terminals + 1)
        ]

    def __enter__(self) -> Self:
        try:
            self._open()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for terminal in self.terminals:
            terminal.kill()
        self.hub.process.kill()
        self.broker.end()

    @property
    def terminal(self) -> Terminal:
        return self.terminals[0]

    def enrol(self, terminal: Terminal) -> None:
        """Make a terminal known to the hub and give it what it needs to connect."""
        device = {"device": terminal.device, "facility": FACILITY}
        terminal.furnish(self.hub.broker_port, self.hub.api().post("devices", device))

    def await_settled(self, within_s: float = 150.0) -> None:
        """Until the hub has confirmed whatever any terminal holds."""
        eventually(lambda: all(t.waiting() == 0 for t in self.terminals), within_s)

    def _open(self) -> None:
        self.broker.first_start()
        self.hub.first_start()
        self.hub.api().post("facilities", {"id": FACILITY, "name": "North"})
        for terminal in self.terminals:
            self.enrol(terminal)
            if self._switched_on:
                terminal.start()
        for terminal in self.terminals if self._switched_on else ():
            terminal.await_up()


def holds(condition: Callable[[], object], for_s: float) -> bool:
    """Whether something stays true for a while: for what must not happen."""
    until = time.monotonic() + for_s
    while time.monotonic() < until:
        if not condition():
            return False
        time.sleep(0.05)
    return True


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself; what it says is kept in the folder."""
    process = Process(command[0], lambda: [*WELLHEARD, *command], folder)
    process.start()
    returned = process.wait()
    return subprocess.CompletedProcess(command, returned, process.output(), process.log())
