"""The hand-over of messages from the network's thread to the storing one: nothing lost, nothing out of order."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from hub.core.batching import Batches

LONG_S = 30.0


def taken(batches: Batches[int]) -> list[list[int]]:
    found = []
    while (batch := batches.take()) is not None:
        found.append(batch)
    return found


def test_what_is_there_at_the_end_is_taken_without_waiting() -> None:
    batches: Batches[int] = Batches(size=10, within_s=LONG_S)
    for number in range(25):
        batches.put([number])
    batches.end()
    assert taken(batches) == [[*range(10)], [*range(10, 20)], [*range(20, 25)]]
    assert batches.take() is None


def test_a_full_batch_does_not_wait_for_its_time() -> None:
    batches: Batches[int] = Batches(size=5, within_s=LONG_S)
    for number in range(5):
        batches.put([number])
    assert batches.take() == [0, 1, 2, 3, 4]
    assert batches.waiting() == 0


def test_a_batch_that_never_fills_is_taken_after_its_time() -> None:
    batches: Batches[int] = Batches(size=5, within_s=0.01)
    batches.put([1])
    assert batches.take() == [1]


@pytest.mark.parametrize("within_s", [0.0, 0.001])
def test_two_threads_lose_nothing(within_s: float) -> None:
    batches: Batches[int] = Batches(size=7, within_s=within_s)
    count = 20_000
    with ThreadPoolExecutor(1) as taker:
        found = taker.submit(taken, batches)
        for number in range(count):
            batches.put([number])
        batches.end()
        got = found.result(LONG_S)
    assert [number for batch in got for number in batch] == list(range(count))
    assert max(map(len, got)) <= 7


def test_an_end_while_the_taker_is_busy_is_always_noticed() -> None:
    for _ in range(300):
        batches: Batches[int] = Batches(size=3, within_s=0.0)
        with ThreadPoolExecutor(1) as taker:
            found = taker.submit(taken, batches)
            batches.put([1])
            batches.end()
            assert sum(map(len, found.result(LONG_S))) == 1
