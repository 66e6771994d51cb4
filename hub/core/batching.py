"""A hand-over between two threads, by the batch.

The taker is woken at most twice a batch, when its first items are there and when it is full. A queue would wake it for
every item, and two threads that wake each other thousands of times a second spend their time on changing over.
"""

import threading
from collections import deque
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class Batches(Generic[T]):
    """Items from one thread, taken in batches by another, in order."""

    def __init__(self, size: int, within_s: float) -> None:
        self._size = size
        self._within_s = within_s
        self._items: deque[T] = deque()
        self._first = threading.Event()
        self._full = threading.Event()
        self._ended = False

    def put(self, items: Iterable[T]) -> None:
        """Add items; never waits."""
        self._items.extend(items)
        if not self._first.is_set():
            self._first.set()
        if len(self._items) >= self._size and not self._full.is_set():
            self._full.set()

    def end(self) -> None:
        """No more will come: `take` returns what is there without waiting, and then None."""
        self._ended = True
        self._full.set()
        self._first.set()

    def take(self) -> list[T] | None:
        """The next batch: as many as come within its time after the first, at most its size. None at the end."""
        self._first.wait()
        if len(self._items) < self._size and not self._ended:
            self._full.wait(self._within_s)
        batch = [self._items.popleft() for _ in range(min(self._size, len(self._items)))]
        if len(self._items) < self._size and not self._ended:
            self._full.clear()
        if not self._items and not self._ended:
            self._first.clear()
            if self._items or self._ended:  # something came between the question and the answer
                self._first.set()
        return batch if batch or not self._ended else None

    def waiting(self) -> int:
        """How many have not been taken yet."""
        return len(self._items)
