"""A real Chromium that hangs, dies or goes white is started anew, whoever started it; a healthy one is left alone."""

import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import sync_playwright

from edge.screen.browser import KIOSK_FLAGS, SILENT_MS, BrowserWatch, ChromiumProcess
from edge.screen.showing import SIGN_OF_LIFE_S, AskedPage
from tests.edge.screen.terminal import HeldTerminalClock, ScreenTerminal
from tests.fakes.supervisor import Supervisor
from tests.fakes.waiting import eventually

HERE = (
    "--remote-debugging-port=0",
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
)
"""This machine has neither a screen nor a user whom Chromium would lock in."""
STARTS_S = 40.0


class Shown:
    """The page in a Chromium that is watched, on the terminal's held clock."""

    def __init__(self, terminal: ScreenTerminal, folder: Path) -> None:
        self.terminal = terminal
        self.profile = folder / "profile"
        process = ChromiumProcess(terminal.url, self.profile, flags=(*KIOSK_FLAGS, *HERE))
        self.watch = BrowserWatch(process, terminal.kiosk.page, terminal.clock)

    def processes(self, kind: str) -> list[psutil.Process]:
        """Chromium's processes of a kind (`renderer`); "" is the first of them."""
        wanted = f"--type={kind}" if kind else f"--user-data-dir={self.profile}"
        found = []
        for process in psutil.Process().children(recursive=True):
            try:
                command = process.cmdline()
            except psutil.Error:
                continue
            is_first = not any(word.startswith("--type=") for word in command)
            if wanted in command and is_first == (kind == ""):
                found.append(process)
        return found

    def browser(self) -> int:
        (first,) = self.processes("")
        return first.pid

    def paints(self) -> None:
        """Wait until the page says that it does, a little later than now."""
        page, moment_ms = self.terminal.kiosk.page, self.now_ms()
        self.terminal.clock.move(1)
        eventually(lambda: page.has_painted_since(moment_ms), STARTS_S)

    def until_started_anew(self, before: int) -> None:
        def is_another() -> bool:
            running = {process.pid for process in self.processes("")}
            return bool(running) and before not in running

        eventually(is_another, STARTS_S)

    def now_ms(self) -> int:
        return self.terminal.clock.monotonic_ns() // 1_000_000


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("terminal")
    with ScreenTerminal(folder) as terminal:
        shown = Shown(terminal, tmp_path_factory.mktemp("browser"))
        shown.watch.start()
        try:
            shown.paints()
            yield shown
        finally:
            shown.watch.stop()
        assert shown.processes("") == shown.processes("renderer") == []


def stand_still(shown: Shown) -> None:
    for renderer in shown.processes("renderer"):
        renderer.send_signal(signal.SIGSTOP)


def die(shown: Shown) -> None:
    for renderer in shown.processes("renderer"):
        renderer.kill()


def go_white(shown: Shown) -> None:
    """The page is there and speaks, and shows nothing."""
    port = (shown.profile / "DevToolsActivePort").read_text().split()[0]
    with sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        (page,) = [page for context in browser.contexts for page in context.pages]
        page.evaluate("document.body.replaceChildren(document.getElementById('screen'))")
        page.evaluate("document.getElementById('screen').style.height = '0'")
        browser.close()


@pytest.mark.parametrize("misfortune", [die, stand_still, go_white], ids=["crash", "hang", "white"])
def test_a_page_that_falls_silent_is_back_within_the_limit(
    shown: Shown, misfortune: Callable[[Shown], None]
) -> None:
    shown.paints()
    before = shown.browser()
    misfortune(shown)
    shown.terminal.clock.move(SILENT_MS / 1000 - 1)
    shown.watch.look()
    assert shown.browser() == before, "a page may be busy for a while"
    shown.terminal.clock.move(1)
    shown.until_started_anew(before)
    shown.paints()
    assert not psutil.pid_exists(before)


def test_a_browser_that_ends_is_back_at_once(shown: Shown) -> None:
    before = shown.browser()
    os.kill(before, signal.SIGKILL)
    shown.until_started_anew(before)
    shown.paints()


def test_the_process_of_its_own_asks_the_agent(shown: Shown) -> None:
    page, clock = shown.terminal.kiosk.page, shown.terminal.clock
    asked = AskedPage(shown.terminal.url, clock)
    assert asked.silent_since(0) == 0, "it may have been the agent that was away"
    clock.move(1)
    moment = shown.now_ms()
    clock.move(1)
    page.beat(painted=True)
    assert asked.has_painted_since(moment)
    assert asked.silent_since(0) == page.silent_since(0)


def test_while_the_agent_is_away_nothing_is_started_anew() -> None:
    clock = HeldTerminalClock()
    asked = AskedPage("http://127.0.0.1:9/", clock)
    clock.move(3600)
    assert asked.silent_since(0) == 0
    assert not asked.has_painted_since(0)


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """Chromium puts a socket into it, whose path may have 107 letters."""
    with tempfile.TemporaryDirectory(prefix="wh-") as folder:
        yield Path(folder)


def test_it_runs_by_itself_and_leaves_nothing_behind(shown: Shown, short_folder: Path) -> None:
    """As the unit starts it, beside another browser at the same page."""
    port = str(shown.terminal.screen.server.port)
    flags = [f"--flag={flag}" for flag in HERE]
    command = [sys.executable, "-m", "edge.screen.showing", "--port", port, *flags]
    systemd = Supervisor(short_folder / "notify")
    environment = {"TMPDIR": str(short_folder), "NOTIFY_SOCKET": str(systemd.path)}
    alone = psutil.Popen(command, env=os.environ | environment)
    started: list[psutil.Process] = []
    try:
        assert systemd.hears(STARTS_S) == "READY=1"
        assert systemd.hears(3 * SIGN_OF_LIFE_S) == "WATCHDOG=1"
        eventually(lambda: len(alone.children(recursive=True)) >= 4, STARTS_S)
        started = alone.children(recursive=True)
        alone.send_signal(signal.SIGTERM)
        assert alone.wait(20) == 0
        assert [process for process in started if lives(process)] == []
        assert list(short_folder.glob("wellheard-screen-*")) == []
    finally:
        for process in [alone, *started]:
            if lives(process):
                process.kill()
        systemd.close()


def lives(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
