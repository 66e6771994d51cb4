"""Cases that open or grow by SMS: a detractor, a wish to be called, danger, and what somebody writes afterwards.

One case a conversation. The next score of a person who had complained says whether they were won back.
"""

from sqlmodel import col, select, update

from hub.cases.casework import cases, opening, person, story, understanding, words
from hub.cases.casework.opening import Complaint, Source
from hub.cases.casework.person import Person
from hub.cases.events import CaseOpened
from hub.cases.tables import PatientCase
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.sms import events as news
from hub.sms.conversations import reading
from hub.sms.conversations.reading import Message


def detractor_found(work: UnitOfWork, event: news.DetractorFound) -> None:
    """`within` listener."""
    _open(work, event.of, Source.SMS, score=event.score)


def person_needed(work: UnitOfWork, event: news.PersonNeeded) -> None:
    """`within` listener: somebody must look at once, and in danger sooner."""
    case_id = _open(work, event.of, Source.URGENT if event.urgent else Source.SMS)
    row = work.session.get_one(PatientCase, case_id)
    if event.urgent and not row.urgent:
        row.urgent = True
        story.tell(work, _scope(event.of), row, "urgent")


def call_decided(work: UnitOfWork, event: news.CallDecided) -> None:
    """`within` listener: whoever wishes to be called is a case; who does not is noted."""
    known = case_of(work, event.of)
    if known is None and event.may_call:
        _open(work, event.of, Source.SMS)
    elif known is not None:
        what = "call_allowed" if event.may_call else "call_refused"
        story.tell(work, _scope(event.of), known, what)


def words_received(work: UnitOfWork, event: news.WordsReceived | news.RequestReceived) -> None:
    """`within` listener: what the patient writes belongs to the case, and is read anew."""
    row = case_of(work, event.of)
    if row is None:
        return
    scope, told = _scope(event.of), person.opened(work.vault, row.sealed)
    said = _words(work, event.of)
    row.sealed = person.sealed(
        work.vault, Person(told.phone, told.email, told.name, said, told.may_mail)
    )
    words.note(work, row, [said])
    story.tell(work, scope, row, "wrote", message=event.message)
    place = (row.organisation, row.facility, row.id or 0)
    understanding.put_words(
        work, CaseOpened(*place, urgent=row.urgent, reachable=True, worded=True)
    )


def answer_taken_back(work: UnitOfWork, event: news.AnswerTakenBack) -> None:
    """`within` listener: it was somebody else's telephone."""
    row = case_of(work, event.of)
    if row is not None:
        story.tell(work, _scope(event.of), row, "wrong_person")


def score_given(work: UnitOfWork, event: news.ScoreGiven) -> None:
    """`within` listener: what a person who had complained before answers next."""
    scope = Scope(event.of.organisation)
    phone = reading.telephone_of(work, scope, event.of.conversation)
    mark = person.mark_of(work.vault, scope.organisation, phone)
    earlier = (
        scope.rows(PatientCase),
        col(PatientCase.person) == mark,
        col(PatientCase.next_score).is_(None),
        col(PatientCase.origin) != _origin(event.of),
    )
    work.session.exec(update(PatientCase).where(*earlier).values(next_score=event.score))


def conversation_of(work: UnitOfWork, scope: Scope, case_id: int) -> list[Message]:
    """What was written either way, where a case came by SMS; nothing otherwise."""
    row = cases.found(work, scope, case_id)
    kind, _slash, number = row.origin.partition("/")
    if kind != "sms":
        return []
    return reading.messages(work, Scope(row.organisation, frozenset({row.facility})), int(number))


def _open(work: UnitOfWork, of: news.Told, source: Source, score: int | None = None) -> int:
    scope = _scope(of)
    conversation = reading.get(work, scope, of.conversation)
    complaint = Complaint(
        facility=of.facility,
        source=source,
        origin=_origin(of),
        person=Person(
            phone=reading.telephone_of(work, scope, of.conversation), words=_words(work, of)
        ),
        occurred_ms=of.at_ms,
        employee=of.employee or None,
        question="nps" if score is not None else None,
        value=None if score is None else str(score),
        score=score,
        language=conversation.language or None,
        urgent=source is Source.URGENT,
    )
    return opening.open_case(work, scope, complaint)


def case_of(work: UnitOfWork, of: news.Told) -> PatientCase | None:
    """The case of a conversation, if it has become one."""
    wanted = select(PatientCase).where(
        _scope(of).rows(PatientCase), col(PatientCase.origin) == _origin(of)
    )
    return work.session.exec(wanted).first()


def _words(work: UnitOfWork, of: news.Told) -> str:
    """What the patient wrote beside a bare score."""
    said = reading.messages(work, _scope(of), of.conversation)
    texts = [m.text.strip() for m in said if m.inbound]
    return "\n".join(text for text in texts if any(sign.isalpha() for sign in text))


def _origin(of: news.Told) -> str:
    return f"sms/{of.conversation}"


def _scope(of: news.Told) -> Scope:
    return Scope(of.organisation, frozenset({of.facility}))
