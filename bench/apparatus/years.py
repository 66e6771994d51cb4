"""Two years of a large organisation: five facilities, a hundred doctors, sixty touchpoints, drawn at random.

Decides only what was answered; `seeding` writes it. Every answer is drawn by itself, so that the counts come out as
many and as uneven as real ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from hub.feedback.figures.calendar import Step, spans
from hub.feedback.figures.origin import Period

DAYS = 730
FACILITIES, TOUCHPOINTS, DOCTORS = 5, 12, 20
"""Touchpoints and doctors of each facility."""
OPENS, HOURS = 8, 12
WEEKDAYS = (1.2, 1.1, 1.0, 1.0, 0.9, 0.3, 0.0)
FLAGGED = 0.03
ZONE = ZoneInfo("Europe/Madrid")

QUESTIONS = (("visit", "how_was_it"), ("express", "recommend"), ("nps", "recommend_clinic_score"))
SHARES = (0.45, 0.4, 0.15)
"""Of the answers to each question."""
VALUES = (
    ("very_good", "good", "bad", "very_bad"),
    ("yes", "no", "hard_to_say"),
    tuple(str(score) for score in range(11)),
)
CHANCES = (
    (0.45, 0.33, 0.14, 0.08),
    (0.78, 0.14, 0.08),
    (0.02, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.12, 0.17, 0.2, 0.25),
)
NOBODY = DOCTORS
"""The number that stands for no employee."""

Column = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Years:
    """One entry of each column for each answer, in the order in which they were given; numbers stand for names."""

    facility: Column
    day: Column
    hour: Column
    """Since the opening."""
    question: Column
    touchpoint: Column
    employee: Column
    value: Column
    flagged: Column
    first: date

    @property
    def count(self) -> int:
        return len(self.day)

    @property
    def last(self) -> date:
        return self.first + timedelta(days=DAYS - 1)

    def midnights(self) -> Column:
        """Of each day, in hours since 1970 UTC."""
        days = spans(Period(self.first, self.last), Step.DAY, ZONE)
        return np.array([span.from_hour for span in days])

    def hours(self) -> Column:
        """When, in hours since 1970 UTC."""
        return self.midnights()[self.day] + OPENS + self.hour


def drawn(answers: int, today: date, seed: int = 1) -> Years:
    """That many answers on the DAYS until yesterday."""
    chance = np.random.default_rng(seed)
    first = today - timedelta(days=DAYS)
    weights = np.array([WEEKDAYS[(first + timedelta(days=n)).weekday()] for n in range(DAYS)])
    moment = np.sort(
        chance.choice(DAYS, answers, p=weights / weights.sum()) * HOURS
        + chance.integers(0, HOURS, answers)
    )
    question = chance.choice(len(QUESTIONS), answers, p=SHARES)
    doctor = chance.integers(0, DOCTORS, answers)
    place = chance.integers(0, TOUCHPOINTS, answers)
    # Doctors share the first ten places, two to a place; faces are judged where they sit, scores at the two exits.
    touchpoint = np.where(question == 2, 10 + place % 2, doctor // 2)
    return Years(
        facility=chance.integers(0, FACILITIES, answers),
        day=moment // HOURS,
        hour=moment % HOURS,
        question=question,
        touchpoint=touchpoint,
        employee=np.where(question == 2, NOBODY, doctor),
        value=_values(chance, question),
        flagged=(chance.random(answers) < FLAGGED).astype(np.int64),
        first=first,
    )


def _values(chance: np.random.Generator, question: Column) -> Column:
    value = np.zeros(len(question), dtype=np.int64)
    for number, chances in enumerate(CHANCES):
        asked = question == number
        value[asked] = chance.choice(len(chances), int(asked.sum()), p=chances)
    return value


def facility_name(number: int) -> str:
    return f"facility-{number}"


def touchpoint_name(facility: int, number: int) -> str:
    return f"place-{facility}-{number}"


def employee_name(facility: int, number: int) -> str:
    """ "" for nobody."""
    return "" if number == NOBODY else f"doctor-{facility}-{number}"


def counted(columns: Sequence[Column]) -> list[tuple[int, ...]]:
    """Each different row of these columns, ascending, and how often it is there as its last member."""
    spans_of = [int(column.max()) + 1 for column in columns]
    lows = [int(column.min()) for column in columns]
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column, low, top in zip(columns, lows, spans_of, strict=True):
        key = key * (top - low) + (column - low)
    found, counts = np.unique(key, return_counts=True)
    parts: list[list[int]] = []
    for low, top in zip(reversed(lows), reversed(spans_of), strict=True):
        found, part = np.divmod(found, top - low)
        parts.append((part + low).tolist())
    return list(zip(*reversed(parts), counts.tolist(), strict=True))


def today() -> date:
    """By the clinics' clocks."""
    return datetime.now(ZONE).date()
