"""Whether the hub answers by HTTP where the settings on trial say that it is, believing whom they say.

The broker's connection does not prove that: photographs, files and updates go another way. Asked from a thread of its
own, again and again, because the loop that hears presses waits for nobody; what follows is the configuration's affair.
"""

import threading
from collections.abc import Callable

import structlog

from contract.enrolment import CHALLENGE, Challenge
from edge.fleet.hub_client import HubClient, HubFailure, Refused

log = structlog.get_logger()

AGAIN_S = 5.0
SIGNED = "/releases/metadata/timestamp.json"
"""For terminals alone, by their password; a hub without releases has none."""
NOT_FOUND = 404


class HubTrial:
    """`served` is called once, as soon as the hub has answered and knows this terminal."""

    def __init__(
        self, client: HubClient, served: Callable[[], None], again_s: float = AGAIN_S
    ) -> None:
        self._client = client
        self._served = served
        self._again_s = again_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hub-trial", daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self) -> None:
        """Ask no more."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            if self._answers():
                self._served()
                return
            self._stopping.wait(self._again_s)

    def _answers(self) -> bool:
        try:
            Challenge.model_validate_json(self._client.get(CHALLENGE))
            return self._knows_us()
        except (HubFailure, OSError, ValueError) as error:
            log.info("hub_unreachable", error=type(error).__name__)
            return False

    def _knows_us(self) -> bool:
        try:
            self._client.get(SIGNED)
        except Refused as refused:
            return refused.status == NOT_FOUND
        return True
