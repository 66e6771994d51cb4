"""A page that is open all the while: hears every answer as a browser would, and how long after the press."""

import json
import threading
import time

import httpx

from wellheard.demo.crowd import Panel


class OpenPage:
    """Listens to the hub's live stream in a thread."""

    def __init__(self, url: str, cookies: httpx.Cookies, panels: list[Panel]) -> None:
        self._url = url
        self._cookies = cookies
        self._panels = {(panel.device, panel.name): panel for panel in panels}
        self._thread = threading.Thread(target=self._listen, name="open-page", daemon=True)
        self._seen: set[tuple[str, int, int]] = set()
        self.listening = threading.Event()
        self.latencies_ms: list[float] = []

    def start(self) -> None:
        """Open it, and wait until it hears."""
        self._thread.start()
        self.listening.wait(10)

    def shown(self) -> int:
        """How many answers it has shown."""
        return len(self._seen)

    def _listen(self) -> None:
        while True:
            try:
                self._listen_once()
            except httpx.HTTPError:
                time.sleep(0.2)

    def _listen_once(self) -> None:
        timeout = httpx.Timeout(10, read=60)
        with (
            httpx.Client(base_url=self._url, cookies=self._cookies, timeout=timeout) as http,
            http.stream("GET", "/api/live") as stream,
        ):
            event = ""
            for line in stream.iter_lines():
                self.listening.set()
                if line.startswith("event: "):
                    event = line.removeprefix("event: ")
                elif line.startswith("data: ") and event == "answer":
                    self._show(json.loads(line.removeprefix("data: ")), time.monotonic_ns())

    def _show(self, answer: dict[str, object], now_ns: int) -> None:
        identity = (str(answer["device"]), int(str(answer["epoch"])), int(str(answer["sequence"])))
        panel = self._panels.get((identity[0], str(answer["panel"])))
        if identity in self._seen or panel is None:
            return
        self._seen.add(identity)
        if panel.waiting:
            self.latencies_ms.append((now_ns - panel.waiting.popleft()) / 1e6)


def percentile(values: list[float], share: float) -> float | None:
    """The value below which that share of the values lie (nearest rank); None without values."""
    if not values:
        return None
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * share // 1))
    return round(ordered[int(rank) - 1], 1)
