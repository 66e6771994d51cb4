"""Waiting for something that another thread or process does, with a deadline instead of a guess."""

import time
from collections.abc import Callable


def eventually(condition: Callable[[], object], within_s: float = 60.0) -> None:
    """Return once `condition()` is true; fail when it is not by the deadline."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s} s: {condition}")
        time.sleep(0.02)
