"""Which messages are made of what the camera saw, and when: people near by the minute, smiles by the hour."""

from contract.messages import PresenceCounted, SmilesCounted
from edge.clock import Clock
from edge.outbox import Draft
from edge.vision.presence import Presence
from edge.vision.settings import CameraSettings
from edge.vision.smiles import Smiles

EVERY_NS = 60_000_000_000
HOUR_MS = 3_600_000


class Reports:
    """Of one camera."""

    def __init__(
        self, presence: Presence, smiles: Smiles, settings: CameraSettings, clock: Clock
    ) -> None:
        self._presence = presence
        self._smiles = smiles
        self._settings = settings
        self._clock = clock
        self._due_ns = clock.monotonic_ns() + EVERY_NS
        self._hour = self._hour_now()

    def due(self) -> list[Draft]:
        """The messages to send now; empty most of the time. To be asked before each picture is looked at."""
        drafts = []
        if self._clock.monotonic_ns() >= self._due_ns:
            drafts += self._presence_counted()
        if self._hour_now() != self._hour:
            drafts += self._smiles_counted()
        return drafts

    def last(self) -> list[Draft]:
        """What is left when the terminal stops."""
        return [*self._presence_counted(), *self._smiles_counted()]

    def _hour_now(self) -> int:
        return self._clock.stamp().wall_ms // HOUR_MS

    def _presence_counted(self) -> list[Draft]:
        self._due_ns = self._clock.monotonic_ns() + EVERY_NS
        counts = self._presence.take()
        seconds = round(counts.watched_ns / 1e9)
        if seconds == 0 and counts.approaches == 0:
            return []
        fields = {
            "seconds": max(1, seconds),
            "approaches": counts.approaches,
            "looked": counts.looked,
            "dwell_ms": counts.dwell_ns // 1_000_000,
            "looked_ms": counts.looked_ns // 1_000_000,
            "touchpoint": self._settings.touchpoint,
        }
        return [Draft(PresenceCounted, self._clock.stamp(), fields)]

    def _smiles_counted(self) -> list[Draft]:
        self._hour = self._hour_now()
        sums, wanted = self._smiles.take(), self._settings.smiles
        if sums is None or wanted is None:
            return []
        seconds = (sums.last_ns - sums.first_ns) // 1_000_000_000
        fields = {
            "seconds": min(3600, max(1, seconds)),
            "service": wanted.service,
            "people": sums.people,
            "smiling": sums.smiling,
            "confidence": round(sums.confidence, 3),
            "touchpoint": self._settings.touchpoint,
        }
        return [Draft(SmilesCounted, self._clock.stamp(sums.last_ns), fields)]
