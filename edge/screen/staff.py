"""The staff's corner, pure: who may enter, for how long, and what cleaning locks.

Wrong PINs are answered ever more slowly. Cleaning ends by itself; nothing that is touched meanwhile counts.
"""

from dataclasses import dataclass, replace
from typing import Literal

Place = Literal["closed", "pin", "open", "learning", "cleaning"]
Act = Literal["learn", "clean", "brighter", "darker", "back", "leave"]

PIN_MS = 30_000
OPEN_MS = 120_000
CLEANING_MS = 30_000
FREE_TRIES = 3
FIRST_BLOCK_MS = 30_000
LONGEST_BLOCK_MS = 3_600_000
BRIGHTNESS = (40, 55, 70, 85, 100)


@dataclass(frozen=True, slots=True)
class Corner:
    """Where the staff are. `failures` outlives a visit: leaving and coming back is no new try."""

    place: Place = "closed"
    ends_ms: int = 0
    failures: int = 0
    blocked_until_ms: int = 0
    brightness: int = 100


def hold(corner: Corner, now_ms: int) -> Corner:
    """Somebody held the corner for long enough."""
    if corner.place != "closed":
        return corner
    return replace(corner, place="pin", ends_ms=now_ms + PIN_MS)


def may_try(corner: Corner, now_ms: int) -> bool:
    """Whether a PIN is looked at now."""
    return corner.place == "pin" and now_ms >= corner.blocked_until_ms


def tried(corner: Corner, now_ms: int, *, right: bool) -> Corner:
    """A PIN was compared. Ask `may_try` before."""
    if right:
        opened = replace(corner, failures=0, blocked_until_ms=0)
        return _go(opened, "open", now_ms)
    failures = corner.failures + 1
    over = failures - FREE_TRIES
    block = 0 if over < 0 else min(LONGEST_BLOCK_MS, FIRST_BLOCK_MS * 2 ** min(over, 10))
    ends = max(now_ms + PIN_MS, now_ms + block)
    return replace(corner, failures=failures, blocked_until_ms=now_ms + block, ends_ms=ends)


def act(corner: Corner, what: Act, now_ms: int) -> Corner:
    """Something was touched in the corner."""
    if corner.place in ("cleaning", "closed"):
        return corner
    if what == "leave":
        return _go(corner, "closed", now_ms)
    match corner.place, what:
        case (("open" | "learning"), "back"):
            return _go(corner, "open", now_ms)
        case "open", ("learn" | "clean"):
            return _go(corner, "learning" if what == "learn" else "cleaning", now_ms)
        case "open", ("brighter" | "darker"):
            return _go(replace(corner, brightness=_step(corner.brightness, what)), "open", now_ms)
    return corner


def touched(corner: Corner, now_ms: int) -> Corner:
    """Somebody is there; during cleaning that is the cloth."""
    if corner.place in ("open", "learning"):
        return replace(corner, ends_ms=now_ms + OPEN_MS)
    return corner


def tick(corner: Corner, now_ms: int) -> Corner:
    """Time has passed."""
    if corner.place == "closed" or now_ms < corner.ends_ms:
        return corner
    return replace(corner, place="closed")


def seconds_left(corner: Corner, now_ms: int) -> int:
    """Until cleaning ends, or a PIN is looked at again."""
    until = corner.ends_ms if corner.place == "cleaning" else corner.blocked_until_ms
    return max(0, -(-(until - now_ms) // 1000))


def _go(corner: Corner, place: Place, now_ms: int) -> Corner:
    length = CLEANING_MS if place == "cleaning" else OPEN_MS
    return replace(corner, place=place, ends_ms=now_ms + length)


def _step(brightness: int, what: Act) -> int:
    place = min(range(len(BRIGHTNESS)), key=lambda n: abs(BRIGHTNESS[n] - brightness))
    place += 1 if what == "brighter" else -1
    return BRIGHTNESS[max(0, min(len(BRIGHTNESS) - 1, place))]
