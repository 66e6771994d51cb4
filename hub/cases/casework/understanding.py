"""What a patient's words say: the topics they suggest, and whether somebody is in danger.

Done as a job just after a case has opened, because reading takes longer than storing should. What the staff choose
instead is kept with the case, and learned from: the next texts that resemble it are drawn to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_
from sqlmodel import col, func, select

from hub.cases.casework import cases, person, story
from hub.cases.casework.cases import CaseView
from hub.cases.casework.words import STEMMERS
from hub.cases.events import CaseOpened, TopicSet
from hub.cases.tables import PatientCase
from hub.cases.topics.taxonomy import TAXONOMY, Topic
from hub.core.clock import Clock
from hub.core.errors import BadInput
from hub.core.jobs import queue
from hub.core.jobs.queue import Job
from hub.core.jobs.ticker import Duty
from hub.core.jobs.worker import Manner, Worker
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.sms.dictionaries import lexicons as sms_lexicons
from hub.sms.interpreter.interpreter import Interpreter
from hub.sms.interpreter.labels import Label, State

if TYPE_CHECKING:
    from hub.cases.topics.suggesting import Suggester

KIND = "case-words"
LOOK_EVERY_S = 0.5
MOST_CORRECTIONS = 500
SUGGESTED = 3


@dataclass(frozen=True, slots=True, repr=False)
class Correction:
    """What somebody of the staff chose for a patient's words."""

    language: str
    words: str
    topic: Topic


@dataclass(frozen=True, slots=True)
class _Learnt:
    """What was learned of one organisation, and from how many corrections."""

    corrections: int
    suggester: "Suggester"


class Understanding:
    """Reads the words of cases that have just opened."""

    def __init__(self, workplace: Workplace, clock: Clock) -> None:
        self._workplace = workplace
        self._worker = Worker(workplace, clock, KIND, self._read, Manner(attempts=5))
        self._learnt: dict[str, _Learnt] = {}
        self._interpreter: Interpreter | None = None

    def duties(self) -> list[Duty]:
        """For the ticker."""
        return [Duty("case-words", LOOK_EVERY_S, self.step)]

    def step(self) -> bool:
        """Read one case; whether there may be more."""
        return self._worker.step()

    def _read(self, jobs: list[Job]) -> None:
        for job in jobs:
            told: Mapping[str, str | int] = job.payload
            scope = Scope(str(told["organisation"]), frozenset({str(told["facility"])}))
            self._understand(scope, int(told["case"]))

    def _understand(self, scope: Scope, case_id: int) -> None:
        """Understood between two units of work: it may take seconds, in which others want to store."""
        with self._workplace.read() as work:
            row = cases.found(work, scope, case_id)
            words = person.opened(work.vault, row.sealed).words
            language = row.language if row.language in STEMMERS else "es"
        if not words:
            return
        found = self._suggester(scope).suggest(language, words)[:SUGGESTED]
        danger = self._is_danger(words, language)
        with self._workplace.begin() as work:
            row = cases.found(work, scope, case_id, lock=True)
            if row.topic_sure:
                return
            known = row.topic, row.subtopic, row.urgent
            row.topic, row.subtopic = found[0].topic, found[0].subtopic
            row.urgent = row.urgent or danger
            if known == (row.topic, row.subtopic, row.urgent):
                return  # read again after more words: nothing new to tell
            topics = ",".join(one.topic for one in found)
            story.tell(work, scope, row, "topic_suggested", topics=topics, urgent=int(row.urgent))
            _tell(work, row)

    def _suggester(self, scope: Scope) -> "Suggester":
        """Made anew when there are other corrections than before."""
        with self._workplace.read() as work:
            count = work.session.exec(select(func.count()).where(_corrected(scope))).one()
            learnt = self._learnt.get(scope.organisation)
            if learnt is not None and learnt.corrections == count:
                return learnt.suggester
            chosen = corrections(work, scope)
        learnt = self._learnt[scope.organisation] = _Learnt(count, _taught(chosen))
        return learnt.suggester

    def _is_danger(self, words: str, language: str) -> bool:
        if self._interpreter is None:
            self._interpreter = Interpreter(sms_lexicons())
        meant = self._interpreter.interpret(words, language, State.AWAIT_REASON)
        return Label.ESCALATE_URGENT in meant.labels


def put_words(work: UnitOfWork, event: CaseOpened) -> None:
    """`within` listener: words are read soon after."""
    if event.worded:
        told = {"organisation": event.organisation, "facility": event.facility}
        queue.put(work, KIND, {**told, "case": event.case_id})


@needs(Permission.HANDLE_CASES)
def choose_topic(
    work: UnitOfWork, scope: Scope, case_id: int, topic: Topic, subtopic: str | None = None
) -> CaseView:
    """Somebody of the staff knows better, or agrees; both are learned from."""
    if subtopic is not None and subtopic not in TAXONOMY[topic].subtopics:
        raise BadInput("subtopic", _("This belongs to another topic."))
    row = cases.found(work, scope, case_id, lock=True)
    before = row.topic or ""
    row.topic, row.subtopic, row.topic_sure = topic, subtopic, True
    chosen = f"{topic.value}/{subtopic}" if subtopic else topic.value
    story.tell(work, scope, row, "topic", before=before, after=chosen)
    _tell(work, row)
    return cases.view(row)


def corrections(work: UnitOfWork, scope: Scope) -> list[Correction]:
    """What the organisation's staff chose for texts, the earliest first."""
    wanted = select(PatientCase).where(_corrected(scope)).order_by(col(PatientCase.id).desc())
    found = []
    for row in work.session.exec(wanted.limit(MOST_CORRECTIONS)):
        words = person.opened(work.vault, row.sealed).words
        if words and row.topic and row.language in STEMMERS:
            found.append(Correction(row.language, words, Topic(row.topic)))
    return found[::-1]


def _taught(chosen: list[Correction]) -> "Suggester":
    """From the examples, and what the staff chose."""
    # scikit-learn takes seconds to load, and most processes never read words
    from hub.cases.topics.dictionaries import examples, lexicons  # noqa: PLC0415
    from hub.cases.topics.example import Example  # noqa: PLC0415
    from hub.cases.topics.learned import learn  # noqa: PLC0415
    from hub.cases.topics.suggesting import Suggester  # noqa: PLC0415

    taught = [Example(one.language, one.words, (one.topic,)) for one in chosen]
    return Suggester(lexicons(), learn(examples(), taught))


def _corrected(scope: Scope) -> ColumnElement[bool]:
    whole = Scope(scope.organisation)
    return and_(whole.rows(PatientCase), col(PatientCase.topic_sure).is_(True))


def _tell(work: UnitOfWork, row: PatientCase) -> None:
    place = (row.organisation, row.facility, row.id or 0)
    work.tell(TopicSet(*place, row.topic or "", row.touchpoint or "", row.urgent))
