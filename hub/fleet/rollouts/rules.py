"""Pure: how a staged rollout goes on, from what is known of its terminals. State and facts in, decisions out.

A terminal counts as done with only when it has confirmed it: it reported the end of its job with this release, says by
its own state that it runs it, and has no check that fails since. What is not heard in time has failed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

HEALTH_PATIENCE_MS = 2 * 60_000
"""A check may fail for so long after a start; a camera takes its time to open."""
ENDS = frozenset({"done", "failed", "rejected"})
SCREEN = "screen"
"""The check of what the kiosk shows."""


class Standing(StrEnum):
    """How far a terminal is."""

    WAITING = "waiting"
    """It has not been asked."""
    ASKED = "asked"
    """It has been, and has not begun."""
    UNDER_WAY = "under_way"
    CONFIRMED = "confirmed"
    FAILED = "failed"


class Reason(StrEnum):
    """Why a terminal has failed, or a rollout has been paused."""

    NONE = ""
    SILENT = "silent"
    REPORTED = "reported"
    """The terminal said that it could not."""
    REJECTED = "rejected"
    """The terminal would not even begin."""
    OTHER_RELEASE = "other_release"
    UNHEALTHY = "unhealthy"
    BLANK_SCREEN = "blank_screen"
    LEDGER_GAP = "ledger_gap"
    FEWER_ANSWERS = "fewer_answers"
    TOO_MANY_FAILURES = "too_many_failures"
    TOO_FEW_SUCCESSES = "too_few_successes"
    BY_HAND = "by_hand"


SIGNALS = frozenset({Reason.BLANK_SCREEN, Reason.LEDGER_GAP, Reason.FEWER_ANSWERS})
"""Signs of regression: one is enough to pause."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a terminal's job has come to; `closed` as `hub.fleet.jobs` has it."""

    outcome: str = "asked"
    release: str | None = None
    detail: str = ""
    heard_ms: int | None = None
    closed: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """How a terminal is now; `failing` are its checks that fail and did not when it was asked, and since when."""

    online: bool = False
    last_seen_ms: int | None = None
    software: str = ""
    failing: Mapping[str, int] = field(default_factory=dict)
    loses_messages: bool = False
    """Numbers of its ledger are missing that it does not hold any more, and were not before."""
    fewer_answers: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is made of it; `detail` is the terminal's own word, or the checks."""

    standing: Standing
    reason: Reason = Reason.NONE
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """What was asked of a terminal: when, for which release, and whether it has confirmed it before."""

    release: str
    asked_ms: int
    silence_ms: int
    confirmed: bool = False


def judge(task: Task | None, heard: Heard, now: Condition, now_ms: int) -> Verdict:
    """How far a terminal is with its task; without one it waits."""
    unbegun = heard.outcome in {"asked", "waiting"}
    if task is None or (heard.closed == "taken_back" and unbegun):
        return Verdict(Standing.WAITING)
    if heard.outcome == "rejected":
        return Verdict(Standing.FAILED, Reason.REJECTED, heard.detail)
    if heard.outcome == "failed":
        return Verdict(Standing.FAILED, Reason.REPORTED, heard.detail)
    if heard.outcome == "done":
        return _after_the_end(task, heard, now, now_ms)
    if heard.closed is not None or now_ms - _last_word(task, heard, now) >= task.silence_ms:
        return Verdict(Standing.FAILED, Reason.SILENT)
    return Verdict(Standing.UNDER_WAY if heard.outcome == "running" else Standing.ASKED)


def _last_word(task: Task, heard: Heard, now: Condition) -> int:
    """A connected terminal that waits for its hour has not fallen silent."""
    words = [task.asked_ms, heard.heard_ms or 0]
    if heard.outcome == "waiting":
        words.append(now.last_seen_ms or 0)
    return max(words)


def _after_the_end(task: Task, heard: Heard, now: Condition, now_ms: int) -> Verdict:
    found = _against_it(task, heard, now, now_ms)
    if found is not None:
        return found
    if task.confirmed:  # and need not stay switched on all night
        return Verdict(Standing.CONFIRMED)
    runs_it = now.online and now.software == task.release == heard.release
    if runs_it and not now.failing:
        return Verdict(Standing.CONFIRMED)
    if now_ms - max(task.asked_ms, heard.heard_ms or 0) >= task.silence_ms:
        return Verdict(Standing.FAILED, Reason.SILENT)
    return Verdict(Standing.UNDER_WAY)


def _against_it(task: Task, heard: Heard, now: Condition, now_ms: int) -> Verdict | None:
    """What speaks against a terminal that reported its end."""
    settled = [c for c, since in now.failing.items() if now_ms - since >= HEALTH_PATIENCE_MS]
    gone_back = task.confirmed and now.online and now.software != task.release
    if heard.release not in {None, task.release}:
        return Verdict(Standing.FAILED, Reason.OTHER_RELEASE, heard.release or "")
    if gone_back:
        return Verdict(Standing.FAILED, Reason.OTHER_RELEASE, now.software)
    if settled:
        reason = Reason.BLANK_SCREEN if SCREEN in settled else Reason.UNHEALTHY
        return Verdict(Standing.FAILED, reason, " ".join(sorted(settled)))
    if now.loses_messages:
        return Verdict(Standing.FAILED, Reason.LEDGER_GAP)
    if task.confirmed and now.fewer_answers:
        return Verdict(Standing.FAILED, Reason.FEWER_ANSWERS)
    return None


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which terms a group is counted a success, or stops everything.

    `error_percent` of those that have ended, once at least `least` have; reached is enough. `success_percent` of all.
    """

    success_percent: int
    error_percent: int
    least: int
    soak_ms: int
    needs_approval: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A group as it is. `standings` are of its terminals, without failures that a person has passed over."""

    terms: Terms
    standings: tuple[Standing, ...]
    begun: bool = False
    approved: bool = False
    reached_ms: int | None = None
    """When enough had succeeded."""

    def counted(self) -> Counter[Standing]:
        return Counter(self.standings)


class Act(StrEnum):
    """What is to be done now."""

    BEGIN = "begin"
    """Ask the terminals of the group."""
    NOTE_SUCCESS = "note_success"
    """Enough of the group have succeeded; its soak time begins."""
    PAUSE = "pause"
    AWAIT_APPROVAL = "await_approval"
    WAIT = "wait"
    FINISH = "finish"


@dataclass(frozen=True, slots=True)
class Decision:
    """What, and for which group (counted from 0)."""

    act: Act
    group: int = 0
    reason: Reason = Reason.NONE


def decide(groups: Sequence[Group], signals: Mapping[int, Reason], now_ms: int) -> Decision:
    """The next step of a rollout that is not paused; `signals` are signs of regression by group."""
    for number, group in enumerate(groups):
        if not group.begun:
            waits = group.terms.needs_approval and not group.approved
            return Decision(Act.AWAIT_APPROVAL if waits else Act.BEGIN, number)
        stop = signals.get(number) or _stopped(group)
        if stop:
            return Decision(Act.PAUSE, number, stop)
        if group.reached_ms is None:
            return Decision(Act.NOTE_SUCCESS if _succeeded(group) else Act.WAIT, number)
        if now_ms - group.reached_ms < group.terms.soak_ms:
            return Decision(Act.WAIT, number)
    ended = all(_unfinished(group) == 0 for group in groups)
    return Decision(Act.FINISH if ended else Act.WAIT, max(0, len(groups) - 1))


def _stopped(group: Group) -> Reason:
    """Why the group stops everything, if it does."""
    count = group.counted()
    failed, ended = count[Standing.FAILED], count[Standing.FAILED] + count[Standing.CONFIRMED]
    terms = group.terms
    if failed and ended >= terms.least and failed * 100 >= terms.error_percent * ended:
        return Reason.TOO_MANY_FAILURES
    if failed and not _unfinished(group) and not _succeeded(group):
        return Reason.TOO_FEW_SUCCESSES
    return Reason.NONE


def _succeeded(group: Group) -> bool:
    confirmed = group.counted()[Standing.CONFIRMED]
    return confirmed * 100 >= group.terms.success_percent * len(group.standings)


def _unfinished(group: Group) -> int:
    count = group.counted()
    return len(group.standings) - count[Standing.FAILED] - count[Standing.CONFIRMED]
