"""What many open pages ask for at the same moment is made once and shared for a few seconds.

Decides for how long. Two visitors share only what is the same for both: whatever decides what they see is in the key.
"""

import threading
import time
from collections.abc import Callable, Hashable

from cachetools import TTLCache, cached

KEPT_S = 2.0
"""A page waits longer than this after an event (`live.js`), so that it never reads what was made before it."""
MOST = 2000


class Shared:
    """Makes each text once, however many threads ask at a time; what failed is tried again by the next."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        kept: TTLCache[Hashable, str] = TTLCache(MOST, KEPT_S, timer)
        keeping = cached(kept, key=lambda key, _make: key, condition=threading.Condition())

        @keeping
        def get(_key: Hashable, make: Callable[[], str]) -> str:
            return make()

        self._get = get

    def get(self, key: Hashable, make: Callable[[], str]) -> str:
        """What is kept under the key, made now where it is missing or too old."""
        return self._get(key, make)
