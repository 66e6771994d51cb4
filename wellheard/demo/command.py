"""`wellheard demo`: the whole clinic in one command."""

import json
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from wellheard.demo.cast import SCREENS
from wellheard.demo.children import ChildFailed, Children
from wellheard.demo.clinic import Clinic
from wellheard.demo.crowd import Crowd, gather
from wellheard.demo.page import OpenPage, percentile
from wellheard.demo.terminals import KIOSK, TERMINALS, DemoTerminal

app = typer.Typer(add_completion=False)

CALM_PER_SECOND = 0.4
BUSY_PER_SECOND = 8.0
SETTLE_S = 20.0
PORT = 8080
BROKER_PORT = 18830


@dataclass(frozen=True, slots=True)
class Running:
    """A clinic that is open."""

    addresses: dict[str, Any]
    clinic: Clinic
    crowd: Crowd
    page: OpenPage
    children: Children
    stored_before: int
    """The newest answer of earlier demonstrations."""


@app.command()
def demo(
    *,
    headless: Annotated[
        bool, typer.Option("--headless", help="Free ports, a folder of its own.")
    ] = False,
    seconds: Annotated[
        float | None, typer.Option(min=1, help="End by itself after this long.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="First and last line are JSON objects.")
    ] = False,
    rate: Annotated[
        float | None, typer.Option(min=0.01, max=200, help="Presses per second.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the crowd, and of the weeks before.")] = 1,
    history: Annotated[
        bool, typer.Option(help="Begin with five weeks of made-up answers, marked as such.")
    ] = True,
) -> None:
    """Hub, broker, database and two terminals with a simulated crowd at their buttons."""
    console = Console(stderr=as_json)
    ending = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ending.set())
    try:
        with (
            _folder(headless) as folder,
            _opened(folder, console, headless=headless, seed=seed, history=history) as running,
        ):
            _say_where(running, console, as_json=as_json)
            running.crowd.start(rate or (BUSY_PER_SECOND if headless else CALM_PER_SECOND))
            _wait(running, ending, seconds)
            with console.status("Ending: waiting for the last answers to be stored"):
                result = _result(running)
    except (ChildFailed, httpx.HTTPError) as error:
        Console(stderr=True).print(f"[red]The demonstration could not go on.[/red] {error}")
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps(result))
    else:
        console.print(
            f"{result['pressed']} presses, {result['thanked']} thanked, {result['stored']} stored, "
            f"{result['duplicates']} twice, {result['missing']} missing."
        )
    raise typer.Exit(0 if result["missing"] == result["duplicates"] == 0 else 1)


@contextmanager
def _folder(headless: bool) -> Iterator[Path]:
    """Where the demonstration's data lives: its own, marked folder; a passing one when headless."""
    if headless:
        with tempfile.TemporaryDirectory(prefix="wellheard-demo-") as passing:
            yield Path(passing)
        return
    folder = Path("demo-data")
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "README").write_text(
        "Data of the demonstration clinic. `make clean` removes it.\n", "utf-8"
    )
    yield folder


@contextmanager
def _opened(
    folder: Path, console: Console, *, headless: bool, seed: int, history: bool
) -> Iterator[Running]:
    port, broker_port = ("0", "0") if headless else (str(PORT), str(BROKER_PORT))
    with Children(folder / "logs") as children:
        with console.status("Starting the hub, its broker and its database"):
            options = (
                "--data",
                str(folder / "hub"),
                "--port",
                port,
                "--broker-port",
                broker_port,
                "--demonstration",
                "--json",
            )
            started = children.start("hub", "hub", *options)
            write_history = _history_writer() if history else None  # while the hub starts
            camera = _camera(folder / KIOSK, console)
            addresses = children.first_line("hub", started)
            _remember_password(folder / "hub", addresses)
            addresses["phone"] = f"{addresses['dashboard']}/demo/phone"
        with Clinic(addresses["dashboard"], addresses["user"], addresses["password"]) as clinic:
            with console.status("Furnishing the clinic"):
                clinic.furnish()
                clinic.invite_to_text()
                enrolled = clinic.enrol()
            if write_history is not None:
                with _progress(console, "Writing five weeks of marked history") as done:
                    write_history(folder / "hub", int(time.time() * 1000), seed, done)
            folders = {folder / terminal.device: terminal for terminal in TERMINALS}
            with console.status("Switching the terminals on"):
                for (home, terminal), credentials in zip(folders.items(), enrolled, strict=True):
                    seen = camera if terminal.device == KIOSK else None
                    terminal.write(home, addresses, credentials, seen)
                    (home / "controls.sock").unlink(missing_ok=True)
                    screen = str(_screen_port(terminal, headless=headless))
                    if terminal.device == KIOSK:
                        addresses["kiosk"] = f"http://127.0.0.1:{screen}/"
                    simulated = ("--simulate", "--folder", str(home), "--screen-port", screen)
                    children.start(terminal.device, "edge", *simulated)
                for home, terminal in folders.items():
                    children.wait_for(home / "controls.sock", terminal.device)
            crowd = gather(folders, seed)
            page = OpenPage(addresses["dashboard"], clinic.cookies, crowd.panels)
            page.start()
            with console.status("Waiting for what an earlier demonstration left to be sent"):
                _settle(clinic)
            with _standing_in(folder / "hub") if history else nullcontext():
                yield Running(addresses, clinic, crowd, page, children, clinic.newest_answer())


def _history_writer() -> Callable[[Path, int, int, Callable[[float], None]], int]:
    # Late: only a demonstration with a past has to load what the hub is made of.
    from wellheard.demo.history import write_history  # noqa: PLC0415

    return write_history


def _standing_in(data: Path) -> AbstractContextManager[None]:
    from wellheard.demo.standing_in import standing_in  # noqa: PLC0415  late, as above

    return standing_in(data)


def _camera(home: Path, console: Console) -> dict[str, Any] | None:
    """What the terminal in this folder is shown people by; None where it cannot see, which is said."""
    from wellheard.demo.film import NoFilm, camera  # noqa: PLC0415  late: OpenCV takes its time

    try:
        return camera(home, SCREENS[KIOSK])
    except (NoFilm, OSError) as error:
        console.print(f"[yellow]Nobody is seen near the terminals.[/yellow] {error}")
        return None


@contextmanager
def _progress(console: Console, doing: str) -> Iterator[Callable[[float], None]]:
    """A bar, and what to tell it: which share is done."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(doing, total=1)
        yield lambda share: progress.update(task, completed=share)


def _screen_port(terminal: DemoTerminal, *, headless: bool) -> int:
    """Behind the dashboard's, or any free one."""
    if not headless:
        return PORT + 1 + TERMINALS.index(terminal)
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _settle(clinic: Clinic) -> None:
    """Until every terminal has connected and nothing of its numbering is missing."""
    live = {terminal.device for terminal in TERMINALS}
    deadline = time.monotonic() + SETTLE_S
    while time.monotonic() < deadline:
        ledger = clinic.ledger()
        if {row["device"] for row in ledger} == live and not _gaps(ledger):
            return
        time.sleep(0.05)


def _gaps(ledger: list[dict[str, Any]]) -> int:
    return sum(row["missing_count"] for row in ledger)


def _remember_password(hub: Path, addresses: dict[str, Any]) -> None:
    """The hub says the first password once; the demonstration, and only it, keeps it for its next start."""
    file = hub / "demo-password"
    if addresses["password"] is not None:
        file.touch(mode=0o600)
        file.write_text(json.dumps({"user": addresses["user"], "password": addresses["password"]}))
    elif file.exists():
        addresses.update(json.loads(file.read_text()))
    else:
        raise ChildFailed(f"The password of {hub} is not known any more. `make clean` begins anew.")


def _say_where(running: Running, console: Console, *, as_json: bool) -> None:
    where = {
        key: running.addresses[key]
        for key in ("dashboard", "kiosk", "phone", "api", "user", "password")
    }
    if as_json:
        typer.echo(json.dumps(where))
        return
    console.print()
    console.print(f"  Look at  [bold]{where['dashboard']}[/bold]")
    console.print(f"  sign in  [bold]{where['user']}[/bold]  [bold]{where['password']}[/bold]")
    console.print(f"  be a patient at  [bold]{where['kiosk']}[/bold]")
    console.print(f"  or by SMS at     [bold]{where['phone']}[/bold]")
    console.print()
    console.print("  Patients press buttons now; Ctrl-C ends everything.")


def _wait(running: Running, ending: threading.Event, seconds: float | None) -> None:
    """Until somebody ends it, or its time is over; ChildFailed when a process ends by itself."""
    until = time.monotonic() + seconds if seconds is not None else float("inf")
    while time.monotonic() < until and not ending.wait(
        min(0.5, max(0.0, until - time.monotonic()))
    ):
        running.children.check()


def _result(running: Running) -> dict[str, Any]:
    """What became of every press, once everything that was thanked for has had time to arrive."""
    running.crowd.stop()
    deadline = time.monotonic() + SETTLE_S
    while True:
        thanked, stored = (
            running.crowd.thanked(),
            running.clinic.count_answers(running.stored_before),
        )
        ledger = running.clinic.ledger()
        gaps = _gaps(ledger)
        shown = running.page.shown()
        if (
            thanked == running.crowd.pressed() == stored == shown and not gaps
        ) or time.monotonic() > deadline:
            break
        time.sleep(0.2)
    return {
        "pressed": running.crowd.pressed(),
        "thanked": thanked,
        "stored": stored,
        "duplicates": max(0, stored - thanked),
        "missing": max(0, thanked - stored) + gaps,
        "p50_ms": percentile(running.page.latencies_ms, 0.50),
        "p99_ms": percentile(running.page.latencies_ms, 0.99),
        "replayed": sum(row["duplicates"] for row in ledger),
    }
