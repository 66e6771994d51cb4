"""The touch screen: whether its page shows what it should, and whether its glass is touched like a glass.

The page says every few seconds what it has drawn and how long a finger has been down. A page that draws nothing is
blank; one that goes on drawing what should long be gone is frozen; one that says nothing at all is silent. A glass that
reports a finger for longer than anybody would hold it there has something lying on it, or is broken.
"""

from typing import Literal

from edge.clock import Clock
from edge.fleet.health.finding import Finding, Status

GLASS = "screen"
"""What the glass is called among what is touched."""

Sign = Literal["painted", "blank", "frozen"]
LATELY_MS = 15_000
"""Three times as long as a page takes between two signs."""
_SENTENCES = {
    "silent": "The touch screen's page does not answer. It is being started anew; if that does not help, look at it.",
    "blank": "The touch screen shows nothing. It is being started anew; if that does not help, look at it.",
    "frozen": "The touch screen stands still. It is being started anew; if that does not help, look at it.",
}
HELD = "The glass reports a finger that never goes away: clean it, and look what lies on it."


class GlassHealth:
    """Collects what the page says, from any thread."""

    def __init__(self, clock: Clock, held_s: float) -> None:
        self._clock = clock
        self._held_ms = held_s * 1000
        self._sign: Sign | None = None
        self._signed_ms = 0
        self._touched = False
        self._is_held = False

    def note_sign(self, sign: Sign, finger_down_ms: int) -> None:
        """What the page shows, and since when a finger is down."""
        self._sign, self._signed_ms = sign, self._now_ms()
        self._is_held = finger_down_ms >= self._held_ms

    def note_touch(self) -> None:
        """Somebody touched something."""
        self._touched = True

    def connected(self) -> list[str]:
        """The glass, once a page has shown something on it."""
        return [GLASS] if self._sign is not None else []

    def take_heard(self) -> set[str]:
        """The glass, if it was touched since this was asked last."""
        touched, self._touched = self._touched, False
        return {GLASS} if touched else set()

    def page(self, dark_ms: int, restarts: int) -> Finding:
        """The check `screen`; `dark_ms` is for how long it has not shown what it should, 0 when all is well."""
        status: Status = "failure" if dark_ms else "ok"
        reason = self._why() if dark_ms else ""
        return Finding("screen", status, restarts, "restarts", _SENTENCES.get(reason, ""), reason)

    def glass(self) -> list[Finding]:
        """The check `touch`; nothing before a page has said anything."""
        if self._sign is None:
            return []
        if self._is_held:
            return [Finding("touch", "failure", detail=HELD, reason="held")]
        return [Finding("touch", "ok")]

    def _why(self) -> str:
        late = self._now_ms() - self._signed_ms > LATELY_MS
        return "silent" if late or self._sign in {None, "painted"} else str(self._sign)

    def _now_ms(self) -> int:
        return self._clock.monotonic_ns() // 1_000_000
