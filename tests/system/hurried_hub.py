"""A hub whose clock runs faster, for tests that cannot wait for leases to end: `BEGAN_MS RATE SETTINGS`.

All else is the hub as it is delivered. The clock goes on while the hub is dead, as clocks do.
"""

import json
import sys
import time

from hub.core.logs import configure_logs
from hub.core.settings import HubSettings
from hub.running import run


class HurriedClock:
    """Right at `began_ms`, and ahead of the machine's ever since."""

    def __init__(self, began_ms: int, rate: int) -> None:
        self._began_ms = began_ms
        self._rate = rate

    def now_ms(self) -> int:
        passed_ns = time.time_ns() - self._began_ms * 1_000_000
        return self._began_ms + passed_ns * self._rate // 1_000_000


def main() -> None:
    """Until it is killed."""
    began_ms, rate, settings = sys.argv[1:]
    configure_logs()
    run(
        HubSettings(**json.loads(settings)),
        lambda started: print(started.as_json(), flush=True),
        lambda first: None,
        HurriedClock(int(began_ms), int(rate)),
    )


if __name__ == "__main__":
    main()
