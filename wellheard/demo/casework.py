"""The demonstration's past work on cases, by two invented colleagues: the older a case, the further it has come.

Each deed is done through the cases' own services, in a transaction whose clock is put back to when it was done. What
has just been opened stays for whoever looks at the demonstration.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from hub.cases.calling.attempts import Outcome, log_call
from hub.cases.casework import assigning, listing, moving, understanding
from hub.cases.casework.cases import CaseView
from hub.cases.casework.listing import Sought
from hub.cases.casework.moving import Labour, Move
from hub.cases.casework.opening import Source
from hub.cases.casework.statuses import Status
from hub.cases.labour.entries import Activity
from hub.cases.topics.taxonomy import Topic
from hub.core.permissions import Role
from hub.core.scope import Grant, Scope
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import accounts

COLLEAGUES = ("clara.mas", "pau.riera")
"""Nobody can sign in as them: they have no password."""
TOPICS = (Topic.WAITING, Topic.NOT_INFORMED, Topic.INCONVENIENT_TIME, Topic.RUDENESS)
HOUR_MS = 3600 * 1000
DAY_MS = 24 * HOUR_MS
PACE = (1.0, 1.6)
"""How much longer than the usual hours it takes."""
TOGETHER = 10
MOST = 500

Act = Callable[[UnitOfWork, Scope, CaseView, Random], object]


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done so many hours after the case was opened."""

    hours: float
    act: Act


def _assign(work: UnitOfWork, scope: Scope, case: CaseView, _chance: Random) -> object:
    return assigning.assign(work, scope, case.id, int(scope.actor.removeprefix("account/")))


def _call(outcome: Outcome) -> Act:
    def call(work: UnitOfWork, scope: Scope, case: CaseView, _chance: Random) -> object:
        return log_call(work, scope, case.id, outcome) if case.source == Source.TERMINAL else None

    return call


def _move(to: Status, minutes: int, activity: Activity) -> Act:
    def move(work: UnitOfWork, scope: Scope, case: CaseView, chance: Random) -> object:
        took = Labour(minutes + chance.randrange(minutes + 1), activity)
        return moving.change_status(work, scope, Move(case.id, to, took))

    return move


def _topic(work: UnitOfWork, scope: Scope, case: CaseView, chance: Random) -> object:
    return understanding.choose_topic(work, scope, case.id, chance.choice(TOPICS))


_TAKEN = (Deed(13.0, _assign),)
_TRIED = (
    *_TAKEN,
    Deed(13.2, _move(Status.CONTACTING, 2, Activity.CALLING)),
    Deed(13.3, _call(Outcome.NO_ANSWER)),
)
_SPOKEN_TO = (
    *_TAKEN,
    Deed(13.2, _move(Status.CONTACTING, 3, Activity.CALLING)),
    Deed(13.3, _call(Outcome.REACHED)),
    Deed(13.4, _move(Status.QUALIFIED, 3, Activity.QUALIFYING)),
    Deed(13.4, _topic),
)
_LOOKED_INTO = (*_SPOKEN_TO, Deed(16, _move(Status.INVESTIGATING, 12, Activity.INVESTIGATING)))
_SETTLED = (
    *_LOOKED_INTO,
    Deed(38, _move(Status.ACTION_TAKEN, 15, Activity.MEETING)),
    Deed(40, _move(Status.CLIENT_INFORMED, 5, Activity.CALLING)),
    Deed(40.5, _move(Status.CLOSED, 1, Activity.WRITING)),
)
_IN_VAIN = (
    *_TRIED,
    Deed(22, _call(Outcome.NO_ANSWER)),
    Deed(46, _move(Status.UNREACHABLE, 1, Activity.CALLING)),
    Deed(46.2, _move(Status.CLOSED, 0, Activity.WRITING)),
)

COURSES: tuple[tuple[int, Sequence[Sequence[Deed]]], ...] = (
    (7, (_SETTLED, _SETTLED, _SETTLED, _SETTLED, _IN_VAIN)),
    (3, (_SETTLED, _LOOKED_INTO, _LOOKED_INTO, _SPOKEN_TO, _TRIED)),
    (1, (_SPOKEN_TO, _SPOKEN_TO, _TRIED, _TAKEN, ())),
)
"""What may have become of cases that are at least so many days old."""


def work_off(workplace: Workplace, scope: Scope, now_ms: int, seed: int) -> None:
    """Do with the open cases what their age asks for."""
    chance = Random(seed)  # noqa: S311 - invented work, no secret
    with workplace.begin() as work:
        colleagues = [_colleague(work, scope, name) for name in COLLEAGUES]
        waiting = listing.found(work, scope, Sought(open_only=True), MOST).cases
    for start in range(0, len(waiting), TOGETHER):
        with workplace.begin() as work:
            for case in waiting[start : start + TOGETHER]:
                _follow(work, chance.choice(colleagues), case, now_ms, chance)


def _follow(work: UnitOfWork, actor: Scope, case: CaseView, now_ms: int, chance: Random) -> None:
    age = (now_ms - case.opened_ms) // DAY_MS
    course = next((chance.choice(choices) for days, choices in COURSES if age >= days), ())
    pace = chance.uniform(*PACE)
    for deed in course:
        work.now_ms = min(now_ms, case.opened_ms + int(deed.hours * pace * HOUR_MS))
        deed.act(work, actor, case, chance)


def _colleague(work: UnitOfWork, scope: Scope, name: str) -> Scope:
    role = Role.QUALITY_MANAGER
    made = accounts.create_account(work, scope, name=name, password_hash="", role=role)
    return Scope(
        scope.organisation, None, frozenset({Grant(None, role)}), actor=f"account/{made.id}"
    )
