"""Carries rollouts on: judges their terminals by what is known now, and does what the rules decide.

The one place where facts meet rules. It is a duty of the ticker and may be done by several hubs: a rollout's row is
locked while it is looked at. Rollouts that are paused or over are judged as well, so that late news is seen.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from hub.core.jobs.ticker import Duty
from hub.core.scope import HUB, Scope
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.fleet.rollout_tables import Rollout, RolloutDevice, RolloutGroup
from hub.fleet.rollouts import asking, service
from hub.fleet.rollouts.facts import Present, condition, heard, note_gap, present
from hub.fleet.rollouts.rules import (
    SIGNALS,
    Act,
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

LOOK_EVERY_S = 5.0
MINUTE_MS = 60_000
WATCHED_AFTER_MS = 7 * 24 * 60 * MINUTE_MS
"""So long after its end a rollout's terminals are still judged."""

Fewer = Callable[[Rollout, Sequence[RolloutDevice], int], frozenset[str]]
"""Which terminals have too few answers now."""


@dataclass(slots=True)
class _Looked:
    """A rollout while it is looked at."""

    row: Rollout
    groups: list[RolloutGroup]
    parts: list[RolloutDevice]
    present: Mapping[str, Present]
    scope: Scope


class Advancing:
    """The duty; `fewer` watches the answers."""

    def __init__(self, workplace: Workplace, fewer: Fewer) -> None:
        self._workplace = workplace
        self._fewer = fewer

    def duties(self) -> list[Duty]:
        """For the ticker."""
        return [Duty("rollouts", LOOK_EVERY_S, self.step)]

    def step(self) -> bool:
        """Look at each rollout once, each in a unit of work of its own."""
        with self._workplace.read() as work:
            long_ago = work.now_ms - WATCHED_AFTER_MS
            alive = col(Rollout.ended_ms).is_(None) | (col(Rollout.ended_ms) > long_ago)
            seen = [
                (row.organisation, row.id)
                for row in work.session.exec(select(Rollout).where(alive))
            ]
        for organisation, name in seen:
            self._look_at(Scope(organisation), name)
        return False

    def _look_at(self, scope: Scope, name: str) -> None:
        few = self._few(scope, name)
        with self._workplace.begin() as work:
            looked = _looked_at(work, scope, name)
            if looked is None:
                return
            _judge(work, looked, few)
            if looked.row.state == "running":
                _carry_on(work, looked)

    def _few(self, scope: Scope, name: str) -> frozenset[str]:
        """Before the transaction: the store of series may be another machine."""
        with self._workplace.read() as work:
            row = work.session.get(Rollout, name)
            if row is None or row.state != "running":
                return frozenset()
            parts = service.rows_of(work, scope, name)
            now_ms = work.now_ms
            work.session.expunge_all()
        return self._fewer(row, [p for p in parts if p.confirmed_ms is not None], now_ms)


def _looked_at(work: UnitOfWork, scope: Scope, name: str) -> _Looked | None:
    row = work.session.exec(select(Rollout).where(Rollout.id == name).with_for_update()).first()
    if row is None:
        return None
    parts = service.rows_of(work, scope, name)
    asked = {part.device for part in parts}
    return _Looked(row, service.groups_of(work, name), parts, present(work, asked), scope)


def _judge(work: UnitOfWork, looked: _Looked, few: frozenset[str]) -> None:
    """Bring each terminal's standing up to date."""
    names = {job for part in looked.parts for job in (part.job, part.back_job) if job}
    told = heard(work, looked.scope, names)
    for part in looked.parts:
        if part.job is None and part.back_job is None:
            continue
        now = looked.present.get(part.device, Present())
        silence_ms = looked.groups[part.group].silence_minutes * MINUTE_MS
        if part.back_job is not None:
            _judge_return(part, told.get(part.back_job, Heard()), now, silence_ms, work.now_ms)
        else:
            task = Task(
                looked.row.release,
                part.asked_ms or 0,
                silence_ms,
                confirmed=part.confirmed_ms is not None,
            )
            said = told.get(part.job or "", Heard())
            if said.outcome == "done":
                note_gap(part, now, work.now_ms)
            how = condition(part, now, work.now_ms, fewer_answers=part.device in few)
            _note_verdict(part, judge(task, said, how, work.now_ms), work.now_ms)
        work.session.add(part)
    work.session.flush()


def _note_verdict(part: RolloutDevice, found: Verdict, now_ms: int) -> None:
    known = (part.standing, part.reason, part.detail)
    if known != (found.standing, found.reason, found.detail):
        part.standing, part.reason, part.detail = found.standing, found.reason, found.detail
        part.changed_ms = now_ms
    if found.standing is Standing.CONFIRMED and part.confirmed_ms is None:
        part.confirmed_ms = now_ms


def _judge_return(
    part: RolloutDevice, told: Heard, now: Present, silence_ms: int, now_ms: int
) -> None:
    """Whether it runs the version before again; what it did with the release stays as it was judged."""
    task = Task(part.before, part.back_asked_ms or 0, silence_ms)
    how = condition(part, now, now_ms, fewer_answers=False)
    found = judge(task, told, how, now_ms)
    part.back_standing, part.back_reason = found.standing, found.reason


def _carry_on(work: UnitOfWork, looked: _Looked) -> None:
    """What the rules decide, until there is nothing more to be done now."""
    for _ in range(2 * len(looked.groups) + 2):
        decision = decide([_group(looked, g) for g in looked.groups], _signals(looked), work.now_ms)
        if not _did(work, looked, decision):
            return


def _did(work: UnitOfWork, looked: _Looked, decision: Decision) -> bool:
    """Do it; whether there may be more to do at once."""
    row, group = looked.row, looked.groups[decision.group]
    match decision.act:
        case Act.BEGIN:
            group.begun_ms = work.now_ms
            of_group = [p for p in looked.parts if p.group == group.number]
            asking.ask(work, looked.scope, row, of_group, looked.present)
            service.note(work, looked.scope, row, "group_begun", HUB, group=group.number)
        case Act.NOTE_SUCCESS:
            group.reached_ms = work.now_ms
            service.note(work, looked.scope, row, "group_succeeded", HUB, group=group.number)
        case Act.PAUSE:
            pause(work, looked.scope, row, HUB, decision.reason, group=decision.group)
            return False
        case Act.FINISH:
            row.state, row.ended_ms = "done", work.now_ms
            work.session.add(row)
            service.note(work, looked.scope, row, "done", HUB)
            return False
        case _:
            return False
    work.session.add(group)
    work.session.flush()
    return True


def pause(
    work: UnitOfWork, scope: Scope, row: Rollout, by: str, reason: Reason, *, group: int = 0
) -> None:
    """Nobody else is asked, and who has not begun need not; installations that have begun go on."""
    row.state, row.reason, row.reason_group = "paused", reason.value, group
    work.session.add(row)
    take_back_unbegun(work, scope, row)
    service.note(work, scope, row, "paused", by, group=group, reason=reason.value)


def take_back_unbegun(work: UnitOfWork, scope: Scope, row: Rollout) -> None:
    """What was asked and has not begun; these terminals wait again."""
    parts = [p for p in service.rows_of(work, scope, row.id) if p.standing == Standing.ASKED]
    asking.take_back(work, scope, [part.job for part in parts if part.job])
    for part in parts:
        part.standing, part.changed_ms = Standing.WAITING.value, work.now_ms
        work.session.add(part)
    work.session.flush()


def _group(looked: _Looked, group: RolloutGroup) -> Group:
    counted = [p for p in looked.parts if p.group == group.number and not _is_passed_over(p)]
    return Group(
        Terms(
            success_percent=group.success_percent,
            error_percent=group.error_percent,
            least=group.least,
            soak_ms=group.soak_minutes * MINUTE_MS,
            needs_approval=group.needs_approval,
        ),
        tuple(Standing(part.standing) for part in counted),
        begun=group.begun_ms is not None,
        approved=group.approved_ms is not None,
        reached_ms=group.reached_ms,
    )


def _is_passed_over(part: RolloutDevice) -> bool:
    return part.passed_over and part.standing == Standing.FAILED


def _signals(looked: _Looked) -> dict[int, Reason]:
    found: dict[int, Reason] = defaultdict()
    for part in looked.parts:
        if part.standing == Standing.FAILED and not part.passed_over and part.reason in SIGNALS:
            found.setdefault(part.group, Reason(part.reason))
    return found
