"""Jobs are put within a transaction, claimed by one at a time, in order where asked for, and never forgotten."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.core.jobs import queue
from hub.core.jobs.queue import Claim
from hub.core.unit_of_work import UnitOfWork, Workplace
from tests.fakes.clock import NOON_MS, HeldClock

MAIL = "mail"
LEASE_MS = 60_000


def put(workplace: Workplace, *payloads: object, due_ms: int | None = None) -> None:
    with workplace.begin() as work:
        for payload in payloads:
            queue.put(work, MAIL, payload, due_ms=due_ms)


def claim(workplace: Workplace, most: int = 100) -> Claim:
    with workplace.begin() as work:
        return queue.claim(work, MAIL, most, LEASE_MS)


def claim_in_order(workplace: Workplace, most: int = 100) -> Claim:
    with workplace.begin() as work:
        return queue.claim_in_order(work, MAIL, most, LEASE_MS)


def finish(workplace: Workplace, claimed: Claim) -> None:
    with workplace.begin() as work:
        queue.done(work, claimed)


def payloads(claimed: Claim) -> list[object]:
    return [job.payload for job in claimed.jobs]


def test_a_job_is_what_was_put(workplace: Workplace) -> None:
    put(workplace, {"to": [1, 2.5, None, "ünï"]})
    (job,) = claim(workplace).jobs
    assert (job.payload, job.due_ms, job.attempts) == ({"to": [1, 2.5, None, "ünï"]}, NOON_MS, 1)


def test_what_is_rolled_back_is_not_to_be_done(workplace: Workplace) -> None:
    def fail(work: UnitOfWork) -> None:
        queue.put(work, MAIL, "never")
        raise RuntimeError

    with pytest.raises(RuntimeError), workplace.begin() as work:
        fail(work)
    assert claim(workplace).jobs == []


def test_nothing_is_taken_before_it_is_due(workplace: Workplace, clock: HeldClock) -> None:
    put(workplace, "later", due_ms=NOON_MS + 1)
    put(workplace, "now")
    assert payloads(claim(workplace)) == ["now"]
    clock.move(ms=1)
    with workplace.read() as work:
        assert queue.is_due(work, MAIL)
        assert not queue.is_due(work, "other")
    assert payloads(claim(workplace)) == ["later"]


def test_the_earliest_due_come_first(workplace: Workplace) -> None:
    for back in (1, 3, 2):
        put(workplace, back, due_ms=NOON_MS - back)
    assert payloads(claim(workplace, 2)) == [3, 2]
    assert payloads(claim(workplace, 2)) == [1]


def test_what_is_held_is_nobody_elses_until_the_lease_ends(
    workplace: Workplace, clock: HeldClock
) -> None:
    put(workplace, "one")
    dead = claim(workplace)
    clock.move(ms=LEASE_MS - 1)
    assert claim(workplace).jobs == []
    clock.move(ms=1)
    (again,) = claim(workplace).jobs
    assert (again.payload, again.attempts) == ("one", 2)
    finish(workplace, dead)  # too late: it is somebody else's now
    clock.move(ms=LEASE_MS)
    assert payloads(claim(workplace)) == ["one"]


def test_what_is_done_is_gone(workplace: Workplace, clock: HeldClock) -> None:
    put(workplace, "one", "two")
    finish(workplace, claim(workplace, 1))
    clock.move(ms=LEASE_MS)
    assert payloads(claim(workplace)) == ["two"]


def test_what_is_postponed_comes_back(workplace: Workplace, clock: HeldClock) -> None:
    put(workplace, "one")
    with workplace.begin() as work:
        queue.postpone(work, queue.claim(work, MAIL, 1, LEASE_MS), NOON_MS + 5000)
    clock.move(ms=4999)
    assert claim(workplace).jobs == []
    clock.move(ms=1)
    assert payloads(claim(workplace)) == ["one"]


def test_in_order_nothing_overtakes_the_first(workplace: Workplace, clock: HeldClock) -> None:
    put(workplace, "first", due_ms=NOON_MS - 2)
    put(workplace, "second", due_ms=NOON_MS - 1)
    held = claim_in_order(workplace, 1)
    assert payloads(held) == ["first"]
    assert claim_in_order(workplace).jobs == []
    with workplace.begin() as work:
        queue.postpone(work, held, NOON_MS + 1000)
    assert claim_in_order(workplace).jobs == []
    clock.move(ms=1000)
    assert payloads(claim_in_order(workplace)) == ["first", "second"]


def test_in_order_those_of_one_moment_are_not_parted(workplace: Workplace) -> None:
    put(workplace, "a", "b", "c")
    put(workplace, "z", due_ms=NOON_MS - 1)
    assert payloads(claim_in_order(workplace, 2)) == ["z", "a", "b", "c"]


def test_kinds_are_apart(workplace: Workplace) -> None:
    with workplace.begin() as work:
        queue.put(work, MAIL, "mail", size=3)
        queue.put(work, "text", "text", size=4)
    assert payloads(claim(workplace)) == ["mail"]
    with workplace.read() as work:
        assert [queue.waiting(work, kind) for kind in (MAIL, "text", "other")] == [3, 4, 0]


@given(
    sizes=st.lists(st.integers(1, 5), max_size=8),
    excess=st.integers(1, 30),
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_more_is_dropped_than_must_be(
    workplace: Workplace, sizes: list[int], excess: int
) -> None:
    with workplace.begin() as work:
        for number, size in enumerate(sizes):
            queue.put(work, MAIL, number, size=size)
        dropped = queue.drop_oldest(work, MAIL, excess)
        left = queue.claim(work, MAIL, 100, LEASE_MS)
        queue.done(work, left) if left.jobs else None
    gone = len(sizes) - len(left.jobs)
    assert payloads(left) == list(range(gone, len(sizes)))
    assert dropped == sum(sizes[:gone])
    assert dropped >= excess or not left.jobs
    assert sum(sizes[: max(gone - 1, 0)]) < excess
