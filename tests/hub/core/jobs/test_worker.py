"""A worker does what is due, tries again what fails, and shares the work with others without doing any of it twice."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from hub.core.jobs import queue
from hub.core.jobs.queue import Job
from hub.core.jobs.worker import Manner, Perform, Worker, pause
from hub.core.unit_of_work import Workplace
from tests.fakes.clock import HeldClock

MAIL = "mail"


class Outside:
    """Something that is told jobs, and refuses some for as long as it likes."""

    def __init__(self) -> None:
        self.refused: set[object] = set()
        self.heard: list[list[object]] = []

    def __call__(self, jobs: list[Job]) -> None:
        told = [job.payload for job in jobs]
        if self.refused.intersection(told):
            raise ConnectionError("away")
        self.heard.append(told)


@pytest.fixture
def outside() -> Outside:
    return Outside()


def put(workplace: Workplace, *payloads: object) -> None:
    with workplace.begin() as work:
        for payload in payloads:
            queue.put(work, MAIL, payload)


def work_off(workplace: Workplace, clock: HeldClock, perform: Perform, manner: Manner) -> None:
    worker = Worker(workplace, clock, MAIL, perform, manner)
    while worker.step():
        pass


def test_all_that_is_due_is_done_once(
    workplace: Workplace, clock: HeldClock, outside: Outside
) -> None:
    put(workplace, 1, 2, 3)
    work_off(workplace, clock, outside, Manner(together=2))
    work_off(workplace, clock, outside, Manner(together=2))
    assert outside.heard == [[1, 2], [3]]


def test_one_that_fails_holds_no_other_up(
    workplace: Workplace, clock: HeldClock, outside: Outside
) -> None:
    put(workplace, 1, 2, 3)
    outside.refused = {2}
    with capture_logs() as logs:
        work_off(workplace, clock, outside, Manner())
    assert outside.heard == [[1], [3]]
    assert [(log["event"], log["kind"], log["count"]) for log in logs] == [("jobs_failed", MAIL, 1)]
    outside.refused = set()
    work_off(workplace, clock, outside, Manner())
    assert outside.heard == [[1], [3]]
    clock.move(ms=Manner().pause_ms)
    work_off(workplace, clock, outside, Manner())
    assert outside.heard == [[1], [3], [2]]


def test_in_order_all_wait_for_the_first(
    workplace: Workplace, clock: HeldClock, outside: Outside
) -> None:
    manner = Manner(in_order=True)
    for number in (1, 2, 3):
        put(workplace, number)
        clock.move(ms=1)
    outside.refused = {1}
    work_off(workplace, clock, outside, manner)
    assert outside.heard == []
    outside.refused = set()
    clock.move(ms=manner.pause_ms)
    work_off(workplace, clock, outside, manner)
    assert outside.heard == [[1], [2], [3]]


def test_after_so_many_failures_it_is_given_up_and_kept(
    workplace: Workplace, clock: HeldClock, outside: Outside
) -> None:
    manner = Manner(attempts=3)
    put(workplace, 1)
    outside.refused = {1}
    with capture_logs() as logs:
        for _ in range(5):
            work_off(workplace, clock, outside, manner)
            clock.move(ms=manner.longest_pause_ms)
    assert [log["event"] for log in logs] == ["jobs_failed", "jobs_failed", "jobs_given_up"]
    with workplace.read() as work:
        assert queue.waiting(work, MAIL) == 1


@pytest.mark.parametrize("in_order", [False, True])
def test_workers_of_several_processes_share_the_work(
    workplace: Workplace, clock: HeldClock, in_order: bool
) -> None:
    workers, jobs = 3, 60
    together = Barrier(workers)
    done: Counter[object] = Counter()

    def perform(held: list[Job]) -> None:
        done.update(job.payload for job in held)

    def work_with_the_others(_: int) -> None:
        together.wait(30)
        deadline = time.monotonic() + 30
        while done.total() < jobs and time.monotonic() < deadline:
            work_off(workplace, clock, perform, Manner(together=4, in_order=in_order))

    for number in range(jobs):
        put(workplace, number)
        clock.move(ms=1)
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work_with_the_others, range(workers)))
    assert done == Counter(range(jobs))


@given(st.integers(1, 10_000))
def test_pauses_grow_to_a_limit(attempt: int) -> None:
    manner = Manner()
    assert manner.pause_ms <= pause(manner, attempt) <= manner.longest_pause_ms
    assert pause(manner, attempt + 1) == min(2 * pause(manner, attempt), manner.longest_pause_ms)
