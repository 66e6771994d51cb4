"""Shows the page in Chromium from a process of its own, `python -m edge.screen.showing`, which a compositor starts.

The agent is locked away from the graphics and cannot start a browser; this process asks it when the page last painted
and starts the browser anew when that was too long ago. While the agent does not answer no page can paint, and a new
browser would not help: then nothing is done. systemd hears from here that the screen lives, and no more when new
browsers do not help either: it starts the compositor anew, too.
"""

import argparse
import json
import signal
import tempfile
import threading
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

import sdnotify

from edge.clock import Clock, SystemClock
from edge.screen.browser import KIOSK_FLAGS, BrowserWatch, ChromiumProcess

PATIENCE_S = 2.0
SIGN_OF_LIFE_S = 5.0


class AskedPage:
    """What the agent says of its page. Both processes read the same monotonic clock."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._address = f"{url.rstrip('/')}/painted"
        self._clock = clock
        # Never through a proxy that the environment names: this is the machine itself.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self._answering_since_ms: int | None = None

    def silent_since(self, moment_ms: int) -> int:
        """As the page's own; 0 while the agent is away, and counted anew when it is back."""
        now_ms = self._clock.monotonic_ns() // 1_000_000
        try:
            painted_ms = self._painted_ms()
        except (OSError, ValueError):
            self._answering_since_ms = None
            return 0
        if self._answering_since_ms is None:
            self._answering_since_ms = now_ms
        return now_ms - max(moment_ms, self._answering_since_ms, painted_ms)

    def has_painted_since(self, moment_ms: int) -> bool:
        """Whether it has, as far as anybody answers."""
        try:
            return self._painted_ms() > moment_ms
        except (OSError, ValueError):
            return False

    def _painted_ms(self) -> int:
        with self._opener.open(self._address, timeout=PATIENCE_S) as answer:
            return int(json.load(answer)["painted_ms"] or 0)


def show(url: str, profile: Path, clock: Clock, flags: Sequence[str] = ()) -> None:
    """Until SIGTERM or SIGINT; `flags` are Chromium's, beside those of a kiosk."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    browser = ChromiumProcess(url, profile, flags=(*KIOSK_FLAGS, *flags))
    watch = BrowserWatch(browser, AskedPage(url, clock), clock)
    tell_systemd: Callable[[str], None] = sdnotify.SystemdNotifier().notify  # type: ignore[no-untyped-call]
    watch.start()
    tell_systemd("READY=1")
    while not ended.wait(SIGN_OF_LIFE_S):
        if watch.is_looking and not watch.in_vain:
            tell_systemd("WATCHDOG=1")
    watch.stop()


def main() -> None:
    """Not a command of the agent's: importing all of the agent would double this process."""
    parser = argparse.ArgumentParser(description="Show the terminal's screen in Chromium.")
    parser.add_argument("--port", type=int, default=8460, help="where the agent serves the page")
    parser.add_argument(
        "--flag", action="append", default=[], help="one more for Chromium: --flag=--lang=ca"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wellheard-screen-") as folder:
        url, profile = f"http://127.0.0.1:{given.port}/", Path(folder) / "profile"
        show(url, profile, SystemClock(), given.flag)


if __name__ == "__main__":
    main()
