"""Pure: when somebody wants to be called, as they write it in Spanish, Catalan, Russian or English.

Decides on a day (a weekday, today, tomorrow) and a part of the day, by its name or by an hour; whatever else is written
is left to people. A bare number is no hour: patients answer surveys with such numbers.
"""

import re
import unicodedata
from datetime import date, time

from hub.cases.calling.planning import Part, Wish, part_of

_WEEKDAYS = (
    "lunes|dilluns|понедельник|monday",
    "martes|dimarts|вторник|tuesday",
    "miercoles|dimecres|сред[ауыие]|wednesday",
    "jueves|dijous|четверг|thursday",
    "viernes|divendres|пятниц|friday",
    "sabado|dissabte|суббот|saturday",
    "domingo|diumenge|воскресен|sunday",
)
_TODAY = r"hoy|avui|сегодня|today"
_TOMORROW = r"(?<!la )manana|dema\b|завтра|tomorrow"
_PARTS = {
    Part.MORNING: r"(?<=la )manana|\bmati\b|утр[оау]|morning",
    Part.MIDDAY: r"mediodia|migdia|обед|полдень|midday|noon\b|lunch",
    Part.AFTERNOON: r"(?<!medio)\btardes?\b|днем|после обеда|afternoon",
    Part.EVENING: r"noche|vespre|\bnit\b|вечер|evening",
}
_HOUR = re.compile(
    r"(?:\b(?:a las|a les|las|les|at|after|в|к|после)\s+(\d{1,2})(?![\d])"
    r"|(?<![\d+])(\d{1,2})(?=[:.h]|\s*(?:h|am|pm|час)))(?:[:.]([0-5]\d))?\s*(am|pm)?"
)
_NOT = re.compile(r"\b(?:no|not|dont|don't|не|never|nunca|mai)\b")
_FIRST_HOUR, _LAST_HOUR = 8, 21


def read_wish(text: str, today: date) -> Wish | None:
    """None where neither a day nor a part of it is named, or something is refused."""
    said = _plain(text)
    if _NOT.search(said):
        return None
    weekday, part = _weekday(said, today), _hour(said) or _part(said)
    return None if weekday is None and part is None else Wish(part=part, weekday=weekday)


def _weekday(said: str, today: date) -> int | None:
    named = [day for day, names in enumerate(_WEEKDAYS) if re.search(rf"\b(?:{names})", said)]
    if named:
        return named[0] if len(named) == 1 else None
    if re.search(rf"\b(?:{_TOMORROW})", said):
        return (today.weekday() + 1) % 7
    return today.weekday() if re.search(rf"\b(?:{_TODAY})", said) else None


def _part(said: str) -> Part | None:
    return next((part for part, names in reversed(_PARTS.items()) if re.search(names, said)), None)


def _hour(said: str) -> Part | None:
    found = _HOUR.search(said)
    if found is None:
        return None
    hour, half = int(found[1] or found[2]), found[4]
    if (half == "pm" and hour < 12) or (not half and hour < _FIRST_HOUR):
        hour += 12
    if not _FIRST_HOUR <= hour <= _LAST_HOUR:
        return None
    return part_of(time(hour, int(found[3] or 0)))


def _plain(text: str) -> str:
    """Small letters without accents."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parted if not unicodedata.combining(sign))
