"""Messages as other parts of the terminal hand them to the outbox, and a clock that stands still."""

from contract.messages import (
    ButtonPressed,
    ContactLeft,
    HealthReported,
    PhotoTaken,
    Reference,
    Stamp,
)
from edge.outbox import Draft

BOOT = "00000000-0000-4000-8000-000000000001"
DEVICE = "hall-1"
PHONE = "+79991234567"
NOON_MS = 1_763_812_800_000


def stamp(uptime_ms: int = 1, *, synchronised: bool = True) -> Stamp:
    return Stamp(
        wall_ms=NOON_MS + uptime_ms, boot_id=BOOT, uptime_ms=uptime_ms, synchronised=synchronised
    )


def press(panel: str = "desk", button: int = 1) -> Draft:
    """An answer."""
    return Draft(ButtonPressed, stamp(), {"panel": panel, "button": button})


def health(detail: str = "") -> Draft:
    """Telemetry."""
    fields = {"check": "disk", "status": "ok", "detail": detail}
    return Draft(HealthReported, stamp(), fields)


def contact(phone: str = PHONE) -> Draft:
    """What reaches a person."""
    fields = {"visit": BOOT, "phone": phone, "comment": "after six", "consent": "2026-01"}
    return Draft(ContactLeft, stamp(), fields)


def photograph(sealed: bytes) -> Draft:
    """Of the first answer."""
    fields = {
        "answer": Reference(epoch=1, sequence=1),
        "media_type": "image/jpeg",
        "sha256": "0" * 64,
    }
    return Draft(PhotoTaken, stamp(), fields, sealed)


class HeldTerminalClock:
    """An `edge.clock.Clock` that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now_ms = 1_000_000
        self.synchronised = True
        self.off_ms = 0.0

    def stamp(self, at_ns: int | None = None) -> Stamp:
        at_ms = self.now_ms if at_ns is None else at_ns // 1_000_000
        return stamp(at_ms, synchronised=self.synchronised)

    def monotonic_ns(self) -> int:
        return self.now_ms * 1_000_000

    def offset_ms(self) -> float | None:
        return self.off_ms if self.synchronised else None

    def move(self, *, s: float = 0) -> None:
        self.now_ms += int(s * 1000)
