"""Waiting to be taken in: with a page on the terminal's screen, or on a command line."""

import signal
import threading
from collections.abc import Callable
from pathlib import Path

import sdnotify
import segno

from contract.enrolment import Credentials
from edge.clock import SystemClock
from edge.fleet.enrolment.asking import Hindered, Waiting
from edge.fleet.enrolment.card import Card, read_card
from edge.fleet.enrolment.starting import enrol
from edge.screen.browser import BrowserWatch, ChromiumProcess
from edge.screen.enrolment.page import WaitingPage, spelt

USUAL_PORT = 8460


def wait_to_be_taken_in(folder: Path, port: int | None, browser: bool) -> bool:
    """Show the way into a hub where the questions will be; whether there is a `terminal.toml` now, or SIGTERM came."""
    tell_systemd: Callable[[str], None] = sdnotify.SystemdNotifier().notify  # type: ignore[no-untyped-call]
    stopping, clock = threading.Event(), SystemClock()
    before = {
        number: signal.signal(number, lambda *_: stopping.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    page = WaitingPage(clock, port=_port(folder) if port is None else port)
    process = ChromiumProcess(page.url, folder / "browser") if browser else None
    watch = BrowserWatch(process, page.page, clock)
    page.start()
    watch.start()
    tell_systemd("READY=1")
    try:
        return (
            enrol(folder, page.show, stopping, pet=lambda: tell_systemd("WATCHDOG=1")) is not None
        )
    finally:
        watch.stop()
        page.stop()
        for number, handler in before.items():
            signal.signal(number, handler)


def enrol_here(
    folder: Path, card: Card, say: Callable[[str], None], patience_s: float
) -> Credentials | None:
    """Say on a terminal's command line how it stands; None when nobody accepted it in time."""
    stopping = threading.Event()
    timer = threading.Timer(patience_s, stopping.set)
    timer.daemon = True
    timer.start()
    said: list[str] = []

    def show(standing: Waiting | Hindered | None) -> None:
        text = _told(standing)
        if text not in said[-1:]:
            said.append(text)
            say(text)

    try:
        return enrol(folder, show, stopping, card)
    finally:
        timer.cancel()


def _told(standing: Waiting | Hindered | None) -> str:
    match standing:
        case Waiting(code, address):
            drawn = "\n".join(
                "".join("  " if dark else "██" for dark in row)
                for row in segno.make(address, error="m", micro=False).matrix_iter(border=2)
            )
            return f"{drawn}\nType this code at the hub: {spelt(code)}\n{address}"
        case Hindered(hub_url, reason, refused):
            return f"{hub_url} {'refuses' if refused else 'cannot be asked'}: {reason}"
        case None:
            return "No hub is known."


def _port(folder: Path) -> int:
    """Where the settings will have the screen: whoever shows it looks there."""
    card = read_card(folder)
    screen = card.settings.get("screen") if card else None
    port = screen.get("port") if isinstance(screen, dict) else None
    return port if isinstance(port, int) else USUAL_PORT
