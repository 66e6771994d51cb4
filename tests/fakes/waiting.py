"""Waiting for something that another thread or process does, with a deadline instead of a guess."""

import time
from collections.abc import Callable

SHORTEST_S, LONGEST_S = 0.01, 0.25
OF_THE_WAIT = 0.05
"""What is long in coming is asked for less often: asking takes time from whoever is waited for."""


def eventually(condition: Callable[[], object], within_s: float = 60.0) -> None:
    """Return once `condition()` is true; fail when it is not by the deadline."""
    began = time.monotonic()
    while not condition():
        waited_s = time.monotonic() - began
        if waited_s > within_s:
            raise AssertionError(f"not within {within_s} s: {condition}")
        time.sleep(min(LONGEST_S, max(SHORTEST_S, OF_THE_WAIT * waited_s)))
