"""Pure: opening hours as people fill them in, a line for each day of the week, and as they are stored.

What is stored may say more than a week can (`Dec 24 off`); then there are no lines for it, and it is written by hand.
"""

import re
from collections.abc import Sequence
from itertools import groupby

from hub.core.errors import BadInput
from hub.core.texts import gettext as _

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?")
_RULE = re.compile(r"((?:[A-Z][a-z](?:-[A-Z][a-z])?,?)+) ((?:\d\d:\d\d-\d\d:\d\d,?)+|off)")
_LAST_HOUR, _LAST_MINUTE = 24, 59


def written(week: Sequence[str]) -> str:
    """Seven lines as they are stored: `Mo-Fr 09:00-13:00,14:00-17:00; Sa 10:00-14:00`.

    Lines may be typed as `9-13, 14:00–17:30`, empty on days off; BadInput names the day (`day0` is Monday).
    """
    read = [spans(f"day{number}", line) for number, line in enumerate(week)]
    rules = []
    for hours, days in groupby(range(len(DAYS)), key=lambda number: read[number]):
        if hours:
            of = list(days)
            first, last = DAYS[of[0]], DAYS[of[-1]]
            rules.append(f"{first if first == last else f'{first}-{last}'} {hours}")
    if not rules:
        raise BadInput("day0", _("By these hours nobody ever works."))
    return "; ".join(rules)


def lines(hours: str) -> list[str] | None:
    """The other way round; None for what no week can say."""
    week = [""] * len(DAYS)
    for rule in hours.split(";"):
        found = _RULE.fullmatch(rule.strip())
        days = None if found is None else _days(found[1])
        if found is None or days is None:
            return None
        for day in days:
            week[day] = "" if found[2] == "off" else found[2].replace(",", ", ")
    return week


def spans(field: str, line: str) -> str:
    """The hours of one day as they are stored, `09:00-13:00,14:00-17:00`; BadInput names the field."""
    rest = _SPAN.sub("", line)
    if re.sub(r"[\s,;+]", "", rest):
        raise BadInput(
            field, _("Write hours like 09:00-13:00, 14:00-17:00, or leave the day empty.")
        )
    return ",".join(_span(field, found) for found in _SPAN.finditer(line))


def _span(field: str, found: re.Match[str]) -> str:
    hours = (int(found[1]), int(found[3]))
    minutes = (int(found[2] or 0), int(found[4] or 0))
    late = hours[0] >= _LAST_HOUR or hours[1] * 60 + minutes[1] > _LAST_HOUR * 60
    if late or max(minutes) > _LAST_MINUTE:
        raise BadInput(field, _("There is no such hour."))
    return f"{hours[0]:02}:{minutes[0]:02}-{hours[1]:02}:{minutes[1]:02}"


def _days(told: str) -> list[int] | None:
    found: list[int] = []
    for part in told.strip(",").split(","):
        first, _dash, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            return None
        begin, end = DAYS.index(first), DAYS.index(last or first)
        if end < begin:
            return None
        found += range(begin, end + 1)
    return found
