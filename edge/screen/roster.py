"""Whose photographs are on the screen, pure: the people on duty here today, those who sit here now first.

Without a trusted clock, or when no shift is known, everybody with a shift here is shown: a photograph too many costs
less than a patient who cannot find theirs.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from contract.documents import DesiredConfiguration, Employee, RotaShift
from contract.messages import Stamp

Day = tuple[int, int]
"""The local day's first millisecond, and the next day's (UTC)."""


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One person with the shift that an answer now belongs to, where it is certain."""

    employee: Employee
    touchpoint: str
    shift: str | None


def on_duty(
    document: DesiredConfiguration, touchpoints: Collection[str], moment: Stamp, day: Day
) -> list[OnDuty]:
    """Everybody at these touchpoints today, once each."""
    here = [shift for shift in document.rota if shift.touchpoint in touchpoints]
    today = [shift for shift in here if shift.starts_ms < day[1] and shift.ends_ms > day[0]]
    certain = moment.synchronised
    shifts = sorted(today if certain else here, key=lambda shift: _nearness(shift, moment))
    people = {employee.employee: employee for employee in document.employees}
    found: dict[str, OnDuty] = {}
    for shift in shifts:
        if shift.employee in people and shift.employee not in found:
            known = shift.shift if certain else None
            found[shift.employee] = OnDuty(people[shift.employee], shift.touchpoint, known)
    return list(found.values())


def speciality(employee: Employee, language: str) -> str:
    """What they do, in the patient's language where the clinic has said it so."""
    names: Mapping[str, str] = employee.specialities
    return names.get(language, employee.speciality)


def initials(name: str) -> str:
    """Of the first and the last name, leaving titles out: what stands where there is no photograph."""
    words = [w for w in name.replace(".", " ").split() if w.casefold() not in _TITLES] or ["?"]
    return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper()


def _nearness(shift: RotaShift, moment: Stamp) -> tuple[int, int, str]:
    """Now before earlier and later, then the nearest."""
    now = moment.wall_ms
    away = max(shift.starts_ms - now, now - shift.ends_ms + 1, 0)
    return (away, shift.starts_ms, shift.employee)


_TITLES = {"dr", "dra", "prof", "др", "проф"}
