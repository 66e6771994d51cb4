"""Pure: nights belong to the day on which they begin, whatever the next day is.

OpenStreetMap's rules are of calendar days: a day off would cut the night before it short at midnight, and leave the
morning after it open. So hours are written as two: until midnight, and what is left of each night, at the day on which
it began. Only times in figures are taken apart; what is written in another way stays as the rules have it.
"""

import re

_SPAN = re.compile(r"(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)(?!\s*\+)")
_SPANS = re.compile(rf"{_SPAN.pattern}(?:\s*,\s*{_SPAN.pattern})*")
_CLOSED = re.compile(r"\b(off|closed)\b")
_DAY = 24 * 60


def until_midnight(hours: str) -> str:
    """The same hours, of which none goes past midnight."""
    return _SPAN.sub(lambda found: _evening(*_minutes(found)), hours)


def left_over(hours: str) -> str | None:
    """What is left of each night, as hours of the day on which it began; None where there are no nights."""
    if not any(_left(*_minutes(found)) for found in _SPAN.finditer(hours)):
        return None
    return "; ".join(map(_mornings, hours.split(";")))


def _mornings(rule: str) -> str:
    """A rule without nights closes its days, for it stands in the place of what was said of them before."""
    if _SPAN.search(rule):
        return _SPANS.sub(lambda spans: _morning(spans[0]), rule)
    return rule if _CLOSED.search(rule) else f"{rule} off"


def _morning(spans: str) -> str:
    ends = [_left(*_minutes(found)) for found in _SPAN.finditer(spans)]
    return f"00:00-{_clock(max(ends))}" if any(ends) else "off"


def _evening(starts: int, ends: int) -> str:
    return f"{_clock(starts)}-{_clock(_DAY if starts >= ends or ends > _DAY else ends)}"


def _left(starts: int, ends: int) -> int:
    """So many minutes of the next day; hours may also be written as 20:00-26:00."""
    if ends > _DAY:
        return ends - _DAY
    return ends if starts >= ends else 0


def _minutes(found: re.Match[str]) -> tuple[int, int]:
    first, second, third, fourth = (int(part) for part in found.groups()[:4])
    return first * 60 + second, third * 60 + fourth


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
