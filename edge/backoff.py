"""Pure: how long to wait before trying again. Exponential with full jitter, so that a clinic's terminals spread out."""

from random import Random

FIRST_S = 0.5
LONGEST_S = 60.0


def delay_s(attempt: int, random: Random) -> float:
    """Seconds before the next attempt; `attempt` counts the failures so far, from 1."""
    return random.uniform(0.0, min(LONGEST_S, FIRST_S * 2 ** min(attempt, 16)))
