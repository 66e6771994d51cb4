"""The browser that shows the page, and what is done when it falls silent or white.

The page says every five seconds that it paints. When it has not for half a minute, or says that it paints nothing, its
browser is started anew, ever more seldom while that does not help. A new page finds the question where it was; what
was typed into a form is gone. Without a browser of ours silence is only reported: then `showing` watches it.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import structlog

from edge.clock import Clock

log = structlog.get_logger()

SILENT_MS = 30_000
FIRST_PATIENCE_MS = 60_000
"""A browser on a slow card needs this to show its first page."""
LONGEST_PATIENCE_MS = 600_000
LOOK_EVERY_S = 2.0
END_S = 5.0
BROWSERS = ("chromium", "chromium-browser")

KIOSK_FLAGS = (
    "--kiosk",
    "--incognito",
    "--no-first-run",
    "--no-default-browser-check",
    "--noerrdialogs",
    "--disable-session-crashed-bubble",
    "--disable-infobars",
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    "--disable-features=Translate,TouchpadOverscrollHistoryNavigation",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-sync",
    "--disable-domain-reliability",
    "--disable-breakpad",
    "--disable-dev-tools",
    "--password-store=basic",
    "--autoplay-policy=no-user-gesture-required",
    "--touch-events=enabled",
    "--hide-scrollbars",
    "--ozone-platform-hint=auto",
)


class Painted(Protocol):
    """What is known of when the page last painted."""

    def silent_since(self, moment_ms: int) -> int:
        """Milliseconds since it last painted, counted from `moment_ms` (CLOCK_MONOTONIC) at the earliest."""
        ...

    def has_painted_since(self, moment_ms: int) -> bool: ...


class Page:
    """When the page last said that it paints."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._painted_ms: int | None = None

    def beat(self, *, painted: bool) -> None:
        """A sign of life; one that paints nothing is none."""
        if painted:
            self._painted_ms = self._clock.monotonic_ns() // 1_000_000

    @property
    def painted_ms(self) -> int | None:
        """When it last painted (CLOCK_MONOTONIC), if ever."""
        return self._painted_ms

    def silent_since(self, moment_ms: int) -> int:
        now_ms = self._clock.monotonic_ns() // 1_000_000
        return now_ms - max(moment_ms, self._painted_ms or 0)

    def has_painted_since(self, moment_ms: int) -> bool:
        return self._painted_ms is not None and self._painted_ms > moment_ms


class Browser(Protocol):
    """A process that shows the page."""

    def start(self) -> None:
        """Show the page. OSError: it cannot be started."""
        ...

    def stop(self) -> None:
        """End it, however it takes."""
        ...

    def is_running(self) -> bool: ...


class ChromiumProcess:
    """Chromium over the whole panel, with a profile that is thrown away at every start.

    It is a session of its own, so that no process of it is left behind, not even one that stands still.
    """

    def __init__(
        self,
        url: str,
        profile: Path,
        command: str | None = None,
        flags: Sequence[str] = KIOSK_FLAGS,
    ) -> None:
        self._url = url
        self._profile = profile
        self._command = command
        self._flags = flags
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = self._command or next(filter(None, map(shutil.which, BROWSERS)), None)
        if command is None:
            raise FileNotFoundError("no Chromium on this machine")
        shutil.rmtree(self._profile, ignore_errors=True)
        arguments = [command, *self._flags, f"--user-data-dir={self._profile}", self._url]
        self._process = subprocess.Popen(
            arguments,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def stop(self) -> None:
        process = self._process
        if process is None:
            return
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(END_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._process = None

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None


class BrowserWatch:
    """Keeps the page alive, from a thread of its own."""

    def __init__(self, browser: Browser | None, page: Painted, clock: Clock) -> None:
        self._browser = browser
        self._page = page
        self._clock = clock
        self._since_ms = clock.monotonic_ns() // 1_000_000
        self._patience_ms = FIRST_PATIENCE_MS
        self._restarts = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="browser", daemon=True)

    def start(self) -> None:
        """Show the page, if there is a browser to do it."""
        if self._browser is not None:
            self._restart()
            self._thread.start()

    def stop(self) -> None:
        """End, and the browser with it."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=END_S)
        if self._browser is not None:
            self._browser.stop()

    def look(self) -> None:
        """Start the browser anew if its page has been silent for too long, or it has ended."""
        if self._browser is None:
            return
        if self._page.has_painted_since(self._since_ms):
            self._patience_ms = FIRST_PATIENCE_MS
            patience = SILENT_MS
        else:
            patience = self._patience_ms
        silent = self._page.silent_since(self._since_ms) >= patience
        if silent or not self._browser.is_running():
            log.warning("browser_restarted", silent=silent)
            self._restarts += 1
            self._restart()
            if silent:
                self._patience_ms = min(LONGEST_PATIENCE_MS, self._patience_ms * 2)

    @property
    def restarts(self) -> int:
        """How often the browser was started anew."""
        return self._restarts

    @property
    def in_vain(self) -> bool:
        """Whether a quarter of an hour of new browsers has shown nothing: then it is not the browser."""
        return self._patience_ms >= LONGEST_PATIENCE_MS

    @property
    def is_looking(self) -> bool:
        """Whether anybody is there who would notice."""
        return self._thread.is_alive()

    def dark_ms(self) -> int | None:
        """For how long nothing has been shown; 0 while all is well, None where nobody was to show it and nobody has."""
        if self._browser is None and not self._page.has_painted_since(0):
            return None
        silent_ms = self._page.silent_since(self._since_ms)
        return 0 if silent_ms < SILENT_MS or self._is_starting() else silent_ms

    def _is_starting(self) -> bool:
        begun_ms = self._clock.monotonic_ns() // 1_000_000 - self._since_ms
        return self._restarts == 0 and begun_ms < FIRST_PATIENCE_MS

    def _restart(self) -> None:
        self._since_ms = self._clock.monotonic_ns() // 1_000_000
        if self._browser is None:
            return
        try:
            self._browser.stop()
            self._browser.start()
        except OSError as error:
            log.error("browser_not_started", reason=str(error))

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            self.look()
