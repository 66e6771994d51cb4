"""Keeps a terminal's credentials from growing old: asks for new ones when two thirds of their time have passed.

Also when the terminal has not been heard for a while, whatever its clock says: it may have been in a cupboard for
weeks, its clock may be wrong, or it was given another place. A hub that is away, or refuses, is asked again ever more
seldom.
"""

import threading
from collections.abc import Callable
from random import Random

import structlog

from contract.enrolment import Credentials
from edge.clock import Clock
from edge.fleet.enrolment.asking import collect
from edge.fleet.hub_client import HubClient, HubFailure
from edge.fleet.identity import Identity

log = structlog.get_logger()

LOOK_EVERY_S = 30.0
LONGEST_S = 3600.0
SHARE = 2 / 3
SHUT_OUT_S = 120.0
"""Not heard for as long as this, the credentials are suspected."""
SUSPECT_AGAIN_S = 3600.0

Renewed = Callable[[Credentials], None]


class Renewing:
    """Runs in a thread of its own from `start` to `stop`. `is_heard` tells whether broker and hub know us."""

    def __init__(
        self,
        client: HubClient,
        identity: Identity,
        clock: Clock,
        is_heard: Callable[[], bool],
        renewed: Renewed,
        *,
        look_every_s: float = LOOK_EVERY_S,
        shut_out_s: float = SHUT_OUT_S,
    ) -> None:
        self._client = client
        self._identity = identity
        self._clock = clock
        self._is_heard = is_heard
        self._renewed = renewed
        self._look_every_s = look_every_s
        self._shut_out_s = shut_out_s
        self._random = Random()  # noqa: S311 - jitter
        self._heard_s = clock.monotonic_ns() / 1e9
        self._suspected_s: float | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="renewing", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1)

    def is_due(self) -> bool:
        """Whether it is time to ask."""
        found = self._identity.credentials
        return found is None or self._is_old(found) or self._is_shut_out()

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            if self.is_due():
                # By a clock that runs years ahead, even new ones are old; the hub is not to be asked for ever.
                failures = 0 if self._ask() and not self.is_due() else failures + 1
            longest_s = min(LONGEST_S, self._look_every_s * 2 ** min(failures, 16))
            self._stopping.wait(self._random.uniform(longest_s / 2, longest_s))

    def _ask(self) -> bool:
        self._suspected_s = self._clock.monotonic_ns() / 1e9
        try:
            found = collect(self._client, self._identity)
            log.info("credentials_renewed")
            self._renewed(found)
        except (HubFailure, OSError) as failure:
            log.warning("credentials_not_renewed", reason=str(failure))
            return False
        except Exception:  # a thread that has ended would let the credentials expire
            log.exception("renewing_failed")
            return False
        return True

    def _is_old(self, found: Credentials) -> bool:
        time = self._clock.stamp()
        lasts = found.expires_ms - found.issued_ms
        return time.wall_ms > found.issued_ms + lasts * SHARE

    def _is_shut_out(self) -> bool:
        now_s = self._clock.monotonic_ns() / 1e9
        if self._is_heard():
            self._heard_s = now_s
            return False
        if now_s - self._heard_s < self._shut_out_s:
            return False
        return self._suspected_s is None or now_s - self._suspected_s > SUSPECT_AGAIN_S
