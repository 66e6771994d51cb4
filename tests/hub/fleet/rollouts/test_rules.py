"""How a rollout goes on: for every standing of its terminals, and along whole rollouts."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.fleet.rollouts.division import divide
from hub.fleet.rollouts.fewer import OF_A_GROUP, fewer
from hub.fleet.rollouts.rules import (
    HEALTH_PATIENCE_MS,
    Act,
    Condition,
    Decision,
    Group,
    Heard,
    Reason,
    Standing,
    Task,
    Terms,
    Verdict,
    decide,
    judge,
)

HOUR = 3_600_000
ASKED = 1000 * HOUR
TASK = Task("2.0", ASKED, silence_ms=4 * HOUR)
WELL = Condition(online=True, last_seen_ms=ASKED, software="2.0")
DONE = Heard("done", "2.0", heard_ms=ASKED + HOUR)
TERMS = Terms(success_percent=80, error_percent=20, least=5, soak_ms=HOUR, needs_approval=False)

standings = st.lists(st.sampled_from(Standing), min_size=1, max_size=30).map(tuple)


def judged(heard: Heard, now: Condition = WELL, after_h: float = 1, task: Task = TASK) -> Verdict:
    return judge(task, heard, now, ASKED + round(after_h * HOUR))


def test_only_what_is_confirmed_and_healthy_succeeds() -> None:
    assert judged(DONE) == Verdict(Standing.CONFIRMED)
    for unlike in (
        Condition(online=False, software="2.0"),
        Condition(online=True, software="1.0"),
        Condition(online=True, software="2.0", failing={"camera": ASKED + HOUR}),
    ):
        assert judged(DONE, unlike).standing is Standing.UNDER_WAY
    for heard in (Heard(), Heard("running", "2.0", heard_ms=ASKED), Heard("done", heard_ms=ASKED)):
        assert judged(heard).standing is not Standing.CONFIRMED


def test_silence_is_a_failure_after_its_time() -> None:
    silent = Verdict(Standing.FAILED, Reason.SILENT)
    assert judged(Heard(), after_h=3.9).standing is Standing.ASKED
    assert judged(Heard(), after_h=4) == silent
    running = Heard("running", heard_ms=ASKED + 2 * HOUR)
    assert judged(running, after_h=5.9).standing is Standing.UNDER_WAY
    assert judged(running, after_h=6) == silent
    installed_never_confirmed = Condition(online=True, software="1.0")
    assert judged(DONE, installed_never_confirmed, after_h=5) == silent
    assert judged(Heard(closed="silent")) == silent


def test_who_waits_for_its_hour_and_is_connected_is_not_silent() -> None:
    waiting = Heard("waiting", heard_ms=ASKED)
    connected = Condition(online=True, last_seen_ms=ASKED + 40 * HOUR, software="1.0")
    assert judged(waiting, connected, after_h=41).standing is Standing.ASKED
    assert judged(waiting, connected, after_h=44) == Verdict(Standing.FAILED, Reason.SILENT)


def test_what_a_terminal_says_of_a_failure_is_kept() -> None:
    failed = judged(Heard("failed", detail="health gate: screen"))
    assert failed == Verdict(Standing.FAILED, Reason.REPORTED, "health gate: screen")
    assert judged(Heard("rejected", detail="hardware")).reason is Reason.REJECTED
    assert judged(Heard("done", "1.0", heard_ms=ASKED)).reason is Reason.OTHER_RELEASE
    assert judged(Heard("waiting", closed="taken_back")).standing is Standing.WAITING
    assert judge(None, DONE, WELL, ASKED) == Verdict(Standing.WAITING)


def test_a_check_that_goes_on_failing_is_a_failure() -> None:
    since = ASKED + HOUR - HEALTH_PATIENCE_MS
    blank = Condition(online=True, software="2.0", failing={"screen": since})
    assert judged(DONE, blank) == Verdict(Standing.FAILED, Reason.BLANK_SCREEN, "screen")
    hot = Condition(online=True, software="2.0", failing={"temperature": since, "camera": since})
    assert judged(DONE, hot) == Verdict(Standing.FAILED, Reason.UNHEALTHY, "camera temperature")
    gap = Condition(online=True, software="2.0", loses_messages=True)
    assert judged(DONE, gap).reason is Reason.LEDGER_GAP


def test_who_has_confirmed_may_be_switched_off_and_may_not_go_back() -> None:
    task = Task("2.0", ASKED, 4 * HOUR, confirmed=True)
    assert judged(DONE, Condition(software="2.0"), 90, task).standing is Standing.CONFIRMED
    back = Condition(online=True, software="1.0")
    assert judged(DONE, back, 90, task) == Verdict(Standing.FAILED, Reason.OTHER_RELEASE, "1.0")
    quiet = Condition(online=True, software="2.0", fewer_answers=True)
    assert judged(DONE, quiet, 90, task).reason is Reason.FEWER_ANSWERS


def group(confirmed: int = 0, failed: int = 0, asked: int = 0, **fields: object) -> Group:
    told = {Standing.CONFIRMED: confirmed, Standing.FAILED: failed, Standing.ASKED: asked}
    given = {"terms": TERMS, "begun": True, **fields}
    return Group(standings=tuple(Counter(told).elements()), **given)  # type: ignore[arg-type]


def next_of(*groups: Group, now_ms: int = 0) -> Decision:
    return decide(groups, {}, now_ms)


def test_three_of_ten_canaries_fail_and_nobody_else_is_told() -> None:
    rest = Group(TERMS, (Standing.WAITING,) * 90)
    assert next_of(group(failed=3, asked=7), rest).act is Act.WAIT, "fewer than five have ended"
    assert next_of(group(2, 3, 5), rest) == Decision(Act.PAUSE, 0, Reason.TOO_MANY_FAILURES)
    assert next_of(group(7, 3), rest) == Decision(Act.PAUSE, 0, Reason.TOO_MANY_FAILURES)
    assert next_of(group(9, 1), rest).act is Act.NOTE_SUCCESS


def test_a_group_smaller_than_the_minimum_stops_by_its_successes() -> None:
    assert next_of(group(1, 2)) == Decision(Act.PAUSE, 0, Reason.TOO_FEW_SUCCESSES)
    assert next_of(group(3)).act is Act.NOTE_SUCCESS


def test_the_next_group_waits_for_the_soak_and_for_approval() -> None:
    rest = Group(TERMS, (Standing.WAITING,) * 5)
    soaking = group(10, reached_ms=ASKED)
    assert decide([soaking, rest], {}, ASKED + HOUR - 1).act is Act.WAIT
    assert decide([soaking, rest], {}, ASKED + HOUR) == Decision(Act.BEGIN, 1)
    asks = Terms(80, 20, 5, HOUR, needs_approval=True)
    waiting = Group(asks, (Standing.WAITING,) * 5)
    assert decide([soaking, waiting], {}, ASKED + HOUR) == Decision(Act.AWAIT_APPROVAL, 1)
    approved = Group(asks, (Standing.WAITING,) * 5, approved=True)
    assert decide([soaking, approved], {}, ASKED + HOUR) == Decision(Act.BEGIN, 1)
    assert decide([soaking, rest], {0: Reason.BLANK_SCREEN}, ASKED) == Decision(
        Act.PAUSE, 0, Reason.BLANK_SCREEN
    )
    assert decide([group(8, asked=2, reached_ms=0)], {}, ASKED).act is Act.WAIT, "stragglers"
    assert decide([group(10, reached_ms=0)], {}, ASKED).act is Act.FINISH


@given(st.lists(standings, min_size=1, max_size=4), st.integers(0, 3), st.booleans())
def test_no_group_begins_before_all_before_it_have_succeeded(
    told: list[tuple[Standing, ...]], begun: int, reached: bool
) -> None:
    groups = [
        Group(
            TERMS, one, begun=number <= begun, reached_ms=0 if number < begun or reached else None
        )
        for number, one in enumerate(told)
    ]
    decision = decide(groups, {}, 2 * HOUR)
    before = groups[: decision.group]
    if decision.act is Act.BEGIN:
        assert all(one.begun and one.reached_ms is not None for one in before)
        for one in before:
            failed = one.standings.count(Standing.FAILED)
            ended = failed + one.standings.count(Standing.CONFIRMED)
            assert not (failed and ended >= TERMS.least and failed * 5 >= ended)
    if decision.act is Act.FINISH:
        assert all(
            s in {Standing.CONFIRMED, Standing.FAILED} for one in groups for s in one.standings
        )


@given(
    st.sets(st.text("abcdefgh0123", min_size=1, max_size=6), max_size=60),
    st.integers(0, 5),
    st.lists(st.integers(1, 100), min_size=1, max_size=5),
)
def test_every_terminal_is_in_one_group(devices: set[str], few: int, parts: list[int]) -> None:
    percents = [max(1, part * 100 // sum(parts)) for part in parts]
    percents[-1] = max(1, 100 - sum(percents[:-1]))
    canaries = set(sorted(devices)[:few])
    groups = divide("name", devices, canaries, percents)
    assert sorted(device for one in groups for device in one) == sorted(devices)
    assert groups == divide("name", sorted(devices), canaries, percents)
    if canaries:
        assert groups[0] == sorted(canaries)
    sizes = [len(one) for one in groups[bool(canaries) :]]
    assert all(size > 0 for size in sizes[: min(len(sizes), len(devices) - len(canaries))])


@pytest.mark.parametrize(("before", "after"), [(10, 0), (20, 3), (100, 60), (1000, 850)])
def test_far_fewer_answers_are_noticed(before: int, after: int) -> None:
    assert fewer(before, after, OF_A_GROUP)


@pytest.mark.parametrize(("before", "after"), [(0, 0), (9, 0), (20, 15), (100, 80), (5, 50)])
def test_chance_is_not(before: int, after: int) -> None:
    assert not fewer(before, after, OF_A_GROUP)


@given(st.integers(0, 500), st.integers(0, 500))
def test_more_answers_never_raise_it(before: int, after: int) -> None:
    assert fewer(before, after + 1, OF_A_GROUP) <= fewer(before, after, OF_A_GROUP)
    assert fewer(before, after, OF_A_GROUP) <= fewer(before + 1, after, OF_A_GROUP)
