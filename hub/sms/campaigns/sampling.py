"""Pure: who of those that could be asked is asked.

Decides by a number that seed, survey and patient make: the same people are drawn whenever it is done again, whatever
the order in which they are listed. A quota takes the lowest numbers of its stratum.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

RANGE = 2**53


class Drawn(StrEnum):
    """What became of a candidate."""

    CHOSEN = "chosen"
    NOT_SAMPLED = "not_sampled"
    QUOTA_FULL = "quota_full"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be asked."""

    key: str
    stratum: str
    number: int


def number_of(seed: str, survey: str, patient: str) -> int:
    """From 0 until RANGE, evenly; `patient` is a keyed fingerprint, so that nobody is found by the number."""
    digest = hashlib.sha256(f"{seed}\n{survey}\n{patient}".encode()).digest()
    return int.from_bytes(digest[:8]) * RANGE >> 64


def draw(
    candidates: Iterable[Candidate],
    fraction: float,
    quotas: Mapping[str, int],
    taken: Mapping[str, int],
) -> dict[str, Drawn]:
    """By key. `taken` counts who was chosen before, by stratum; a stratum without a quota has none."""
    drawn: dict[str, Drawn] = {}
    strata: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        if candidate.number < fraction * RANGE:
            strata[candidate.stratum].append(candidate)
        else:
            drawn[candidate.key] = Drawn.NOT_SAMPLED
    counts = Counter(taken)
    for stratum, several in strata.items():
        for candidate in sorted(several, key=lambda one: (one.number, one.key)):
            full = stratum in quotas and counts[stratum] >= quotas[stratum]
            drawn[candidate.key] = Drawn.QUOTA_FULL if full else Drawn.CHOSEN
            counts[stratum] += not full
    return drawn
