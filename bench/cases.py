"""100,000 cases on the embedded database: how long the list, its filters, its counts and a search take.

Milliseconds over all questions, and of each; every question is asked again and again on a quiet connection.
"""

import argparse
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Table

from bench.apparatus.figures import goal, percentiles
from bench.apparatus.machine import describe
from hub.cases.casework import listing, words
from hub.cases.casework.listing import Sought
from hub.cases.casework.person import Person, sealed
from hub.cases.casework.statuses import Status
from hub.cases.tables import PatientCase
from hub.cases.topics.taxonomy import Topic
from hub.core.bulk import append
from hub.core.clock import SystemClock
from hub.core.db import Database
from hub.core.keys import KeyRing
from hub.core.scope import Scope
from hub.core.unit_of_work import Listeners, UnitOfWork, Workplace
from hub.migrations import upgrade

CASES, QUICK_CASES = 100_000, 10_000
ROUNDS = 20
GOAL_MS = 150.0
SCOPE = Scope("clinic", frozenset({"f0", "f1"}))
VOCABULARY = [f"palabra{number}" for number in range(3000)]
USUAL = ("esperé", "lavabo", "doctor", "cita", "recepción", "sucio", "tarde", "nadie")

patient_case: Table = PatientCase.__table__  # type: ignore[attr-defined]
_COLUMNS = tuple(column.name for column in patient_case.c)

QUESTIONS: dict[str, Sought] = {
    "open": Sought(open_only=True),
    "new": Sought(statuses=(Status.NEW,)),
    "topic": Sought(topic="toilet", open_only=True),
    "doctor": Sought(employee="e7"),
    "touchpoint": Sought(touchpoint="t3", statuses=(Status.CLOSED,)),
    "mine": Sought(responsible=5, open_only=True),
    "overdue": Sought(overdue=True),
    "period": Sought(from_ms=1_000_000, until_ms=40_000_000),
    "frequent_word": Sought(text="lavabo"),
    "two_words": Sought(text="lavabo sucio"),
    "rare_word": Sought(text="palabra2999"),
    "frequent_and_rare": Sought(text="doctor palabra17"),
    "nothing": Sought(text="neverwritten"),
    "telephone": Sought(text="+34600012345"),
    "word_of_open": Sought(text="tarde", open_only=True, topic="waiting"),
}


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_CASES} cases")
    cases = QUICK_CASES if parser.parse_args().quick else CASES
    with TemporaryDirectory() as folder:
        workplace = _filled(Path(folder), cases)
        found = {name: _asked(workplace, sought) for name, sought in QUESTIONS.items()}
        found["counts"] = _timed(workplace, lambda work: listing.counts(work, SCOPE))
    every = percentiles([taken for one in found.values() for taken in one])
    told = {
        "benchmark": "cases",
        "summary": True,
        "cases": cases,
        "ms": every,
        "ms_by_question": {name: percentiles(taken) for name, taken in found.items()},
        "goals": [goal("list and search within 150 ms (p95)", every["p95"], at_most=GOAL_MS)],
        "machine": describe(),
    }
    print(json.dumps(told))


def _filled(folder: Path, cases: int) -> Workplace:
    database = Database(f"sqlite:///{folder / 'hub.db'}")
    upgrade(database)
    keys = KeyRing(folder / "personal.keys")
    workplace = Workplace(database, Listeners(), SystemClock(), keys)
    chance = random.Random(7)
    topics, statuses = [topic.value for topic in Topic], [status.value for status in Status]
    nothing = sealed(keys, Person())
    for first in range(1, cases + 1, 5000):
        with workplace.begin() as work:
            rows = [
                _row(number, chance, topics, statuses, nothing)
                for number in range(first, min(first + 5000, cases + 1))
            ]
            append(work.connection, patient_case, _COLUMNS, rows)
            for row in rows:
                known = PatientCase(**dict(zip(_COLUMNS, row, strict=True)))
                said = [*chance.choices(VOCABULARY, k=5), *chance.sample(USUAL, 2)]
                words.note(work, known, [" ".join(said)], f"+346000{known.id:05}")
    return workplace


def _row(
    number: int, chance: random.Random, topics: list[str], statuses: list[str], nothing: bytes
) -> tuple[object, ...]:
    status = chance.choices(statuses, [3, 3, 3, 5, 3, 3, 70, 4, 3, 3])[0]
    ended = status in (Status.CLOSED, Status.DUPLICATE)
    told = {
        "id": number,
        "organisation": "clinic",
        "facility": f"f{number % 3}",
        "source": "terminal",
        "origin": f"bench/{number}",
        "status": status,
        "touchpoint": f"t{number % 20}",
        "employee": f"e{number % 40}",
        "visit": str(number),
        "topic": chance.choice(topics),
        "receipt": str(number),
        "sealed": nothing,
        "responsible": number % 30 or None,
        "opened_ms": number * 1000,
        "occurred_ms": number * 1000,
        "changed_ms": number * 1000,
        "closed_ms": number * 2000 if ended else None,
        "due_ms": None if ended else number * 3000,
    }
    usual = PatientCase(**told)
    return tuple(getattr(usual, name) for name in _COLUMNS)


def _asked(workplace: Workplace, sought: Sought) -> list[float]:
    return _timed(workplace, lambda work: listing.found(work, SCOPE, sought))


def _timed(workplace: Workplace, ask: Callable[[UnitOfWork], object]) -> list[float]:
    taken = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        with workplace.read() as work:
            ask(work)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


if __name__ == "__main__":
    main()
