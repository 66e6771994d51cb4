"""Pure: what patients of the demonstration clinic said on one day. The same seed and day tell the same story.

Busy mornings and early evenings, few on Saturdays, hardly anybody on Sundays. Somebody got worse two weeks ago, and
one place has been quiet for three days; hardly anybody notices one of the terminals.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import NamedTuple

from wellheard.demo.cast import PLACES, SCREENS, Asks, Place

WEEKDAYS = (1.15, 1.05, 1.0, 1.0, 0.9, 0.4, 0.12)
OPENS = 8
BUSY = (4, 8, 11, 12, 9, 6, 4, 6, 9, 11, 8, 4)
"""How the day's patients spread over its hours, from OPENS on."""
CLOSES = OPENS + len(BUSY)

WORSE, WORSE_DAYS, WORSE_CONTENT = "david-klein", 14, 0.5
QUIET, QUIET_DAYS = "north-exit", 3

SCORES = ((8, 9, 9, 10, 10), (2, 4, 5, 6, 7, 7))
FACES = (("very_good", "good"), ("bad", "very_bad"))
"""Of those who are content, and of the others."""
BUTTONS = {"very_good": 1, "good": 2, "bad": 3, "very_bad": 4}
HARD_TO_SAY = 0.08
PLAYS = 0.012
"""Of the presses are a child's, who presses some more."""
CALL_ME = 0.15
"""Of those who would not recommend a doctor wish to be called."""
COMMENTS = (
    "I waited for more than an hour.",
    "Nobody explained the treatment to me.",
    "The appointment was moved twice.",
    "",
    "",
)
LANGUAGES = ("es", "es", "es", "ca", "ca", "en", "ru")
SERVED_OF_PLACES = (0.16, 0.26)
"""Which share of a facility's clients answers on a day."""
SERVED_OF_DOCTORS = (0.3, 0.5)
NEAR = (2.0, 3.5)
"""People who come near a terminal, for each who answers."""
UNNOTICED, UNNOTICED_NEAR = "north-1", (1.0, 1.15)
"""Who comes near that one has come to answer."""
LOOKED = (0.55, 0.8)
"""Which share of them looks at the screen."""
STAYED_MS = (4_000, 9_000)
"""How long one of them stays, on average."""


@dataclass(frozen=True, slots=True)
class Call:
    """A patient who is unhappy and may be called."""

    phone: str
    comment: str


@dataclass(frozen=True, slots=True)
class Told:
    """One answer, at a second of the day by the clinic's clocks; `call` only where it was offered."""

    second: int
    touchpoint: str
    asks: Asks
    employee: str | None
    value: str | int
    language: str = "es"
    played: bool = False
    offered_call: bool = False
    call: Call | None = None


class Near(NamedTuple):
    """People near one terminal within an hour."""

    approaches: int
    looked: int
    dwell_ms: int
    looked_ms: int


def told_on(day: date, ago: int, seed: int) -> list[Told]:
    """All answers of a day that was so many days ago, in their order."""
    told = [
        answer for touchpoint, place in PLACES.items()
        for answer in _at(touchpoint, place, day, ago, _chance(seed, day, touchpoint))
    ]  # fmt: skip
    return sorted(told, key=lambda answer: answer.second)


def clients_on(day: date, told: list[Told], seed: int) -> dict[tuple[str, str], int]:
    """How many each facility, and in it each doctor, served that day: at least those who answered."""
    answers: Counter[tuple[str, str]] = Counter()
    for answer in told:
        place = PLACES[answer.touchpoint]
        answers[place.facility, ""] += 1
        if answer.asks == "recommend" and answer.employee:
            answers[place.facility, answer.employee] += 1
    chance = _chance(seed, day, "served")
    return {
        one: int(count / chance.uniform(*(SERVED_OF_DOCTORS if one[1] else SERVED_OF_PLACES))) + 1
        for one, count in sorted(answers.items())
    }


def came_near(day: date, told: list[Told], seed: int) -> dict[tuple[str, int], Near]:
    """Who came near each terminal, in each hour in which the clinic is open."""
    chance = _chance(seed, day, "near")
    answers = Counter((answer.touchpoint, answer.second // 3600) for answer in told)
    return {
        (device, hour): _near(device, answers[touchpoint, hour], chance)
        for device, touchpoint in SCREENS.items()
        for hour in range(OPENS, CLOSES)
    }


def _near(device: str, answers: int, chance: Random) -> Near:
    if device == UNNOTICED:
        approaches = round(answers * chance.uniform(*UNNOTICED_NEAR))
    else:
        approaches = int(answers * chance.uniform(*NEAR)) + (chance.randrange(3) if answers else 0)
    looked = round(approaches * chance.uniform(*LOOKED))
    dwell_ms = approaches * chance.randrange(*STAYED_MS)
    return Near(approaches, looked, dwell_ms, dwell_ms // 2 if looked else 0)


def _at(touchpoint: str, place: Place, day: date, ago: int, chance: Random) -> Iterator[Told]:
    if touchpoint == QUIET and ago < QUIET_DAYS:
        return
    for asks in place.asks:
        for who in _judged(place, asks):
            content = WORSE_CONTENT if who == WORSE and ago < WORSE_DAYS else place.content
            usual = place.answers * WEEKDAYS[day.weekday()]
            for _ in range(max(0, round(chance.gauss(usual, usual**0.5)))):
                first = Told(_moment(chance), touchpoint, asks, who, "", chance.choice(LANGUAGES))
                answer = _said(first, chance, content=chance.random() < content)
                yield answer
                if asks == "faces" and chance.random() < PLAYS:
                    for times in range(1, 5):
                        yield replace(answer, second=answer.second + times, played=True)


def _judged(place: Place, asks: Asks) -> tuple[str | None, ...]:
    """Each employee for a recommendation, nobody for a score, and for faces whoever sits there."""
    if asks == "recommend":
        return place.employees
    return (place.employees or (None,))[:1] if asks == "faces" else (None,)


def _said(answer: Told, chance: Random, *, content: bool) -> Told:
    if answer.asks == "faces":
        return replace(answer, value=chance.choice(FACES[0] if content else FACES[1]))
    if answer.asks == "score":
        return replace(answer, value=chance.choice(SCORES[0] if content else SCORES[1]))
    if chance.random() < HARD_TO_SAY:
        return replace(answer, value="hard_to_say")
    if content:
        return replace(answer, value="yes")
    call = _call(chance) if chance.random() < CALL_ME else None
    return replace(answer, value="no", offered_call=True, call=call)


def _call(chance: Random) -> Call:
    """A number that is kept free for plays and films."""
    return Call(f"+447700900{chance.randrange(1000):03}", chance.choice(COMMENTS))


def _chance(seed: int, day: date, of: str) -> Random:
    return Random(f"{seed}/{day}/{of}")  # noqa: S311 - a story, no secret


def _moment(chance: Random) -> int:
    (hour,) = chance.choices(range(OPENS, CLOSES), BUSY)
    return hour * 3600 + chance.randrange(3600)
