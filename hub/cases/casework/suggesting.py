"""Pure: who should look into a case, best first, and why: topics they know, the patient's language, who spoke with the
patient before, and how much they have in hand. Whoever is complained about is never suggested.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

KNOWS_TOPIC, SPEAKS, KNOWS_PATIENT = 3.0, 4.0, 2.0
PER_CASE_IN_HAND = 0.25
"""Taken off for each."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be given cases; `employee` is who they are among those whom patients judge."""

    account: int
    name: str
    languages: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    in_hand: int = 0
    employee: str | None = None
    spoke_before: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """`reasons` are `topic`, `language`, `spoke_before`; `in_hand` says the load."""

    candidate: Candidate
    score: float
    reasons: tuple[str, ...] = field(default=())


def is_conflicted(employee: str | None, complained_about: str | None) -> bool:
    """Whether somebody is the one complained about: not to investigate, nor to see who complained."""
    return employee is not None and employee == complained_about


def proposals(
    candidates: Iterable[Candidate],
    *,
    topic: str | None,
    language: str | None,
    complained_about: str | None,
) -> list[Proposal]:
    """Best first; of equals the one with less in hand, then by name."""
    found = [
        _proposal(candidate, topic, language)
        for candidate in candidates
        if not is_conflicted(candidate.employee, complained_about)
    ]
    return sorted(found, key=lambda p: (-p.score, p.candidate.in_hand, p.candidate.name))


def _proposal(candidate: Candidate, topic: str | None, language: str | None) -> Proposal:
    reasons = {
        "topic": KNOWS_TOPIC if topic in candidate.topics else 0.0,
        "language": SPEAKS if language in candidate.languages else 0.0,
        "spoke_before": KNOWS_PATIENT if candidate.spoke_before else 0.0,
    }
    score = sum(reasons.values()) - PER_CASE_IN_HAND * candidate.in_hand
    return Proposal(candidate, score, tuple(name for name, worth in reasons.items() if worth))
