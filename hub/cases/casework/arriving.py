"""Cases that open by themselves: a wish to be called that was left at a terminal.

A terminal offers a call only after an unhappy answer, so whoever leaves a number is a case; the answer that it was
given to is joined whichever of the two arrives first.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from hub.cases.casework import opening, story
from hub.cases.casework.opening import Complaint, Source
from hub.cases.casework.person import Person
from hub.cases.tables import PatientCase
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.feedback import visits
from hub.feedback.events import ContactsRecorded, ResponsesRecorded
from hub.feedback.questions import UNHAPPY
from hub.feedback.visits import VisitAnswer


def open_for_contacts(work: UnitOfWork, event: ContactsRecorded) -> None:
    """`within` listener."""
    for left in event.contacts:
        scope = Scope(left.organisation, frozenset({left.facility}))
        answer = visits.answer_of_visit(work, scope, left.visit, left.occurred_ms)
        told = json.loads(work.vault.open(left.sealed))
        complaint = Complaint(
            facility=left.facility,
            source=Source.TERMINAL,
            origin=origin_of(left.visit),
            person=Person(phone=told["phone"], words=told.get("comment", "")),
            occurred_ms=left.occurred_ms,
            visit=left.visit,
            language=left.language,
            **_answered(answer),
        )
        opening.open_case(work, scope, complaint)


def join_answers(work: UnitOfWork, event: ResponsesRecorded) -> None:
    """`within` listener: an answer that comes after the wish that belongs to it."""
    unhappy = [r for r in event.responses if r.kind == "screen" and r.value in UNHAPPY]
    by_place: dict[tuple[str, str], list[int]] = {}
    for answer in unhappy:
        by_place.setdefault((answer.organisation, answer.facility), []).append(answer.id)
    for (organisation, facility), numbers in by_place.items():
        scope = Scope(organisation, frozenset({facility}))
        _join(work, scope, visits.answers_of_numbers(work, scope, numbers))


def _join(work: UnitOfWork, scope: Scope, answers: Mapping[str, VisitAnswer]) -> None:
    wanted = select(PatientCase).where(
        scope.rows(PatientCase),
        col(PatientCase.origin).in_([origin_of(visit) for visit in answers]),
        col(PatientCase.answer).is_(None),
    )
    for row in work.session.exec(wanted).all():
        for name, value in _answered(answers[row.visit]).items():
            setattr(row, name, value)
        story.tell(work, scope, row, "answer_joined")


def origin_of(visit: str) -> str:
    """Of the case that a wish to be called opens."""
    return f"visit/{visit}"


def _answered(answer: VisitAnswer | None) -> dict[str, Any]:
    if answer is None:
        return {}
    return {
        "touchpoint": answer.touchpoint,
        "employee": answer.employee,
        "question": answer.question,
        "value": answer.value,
        "score": answer.score,
        "answer": answer.id,
    }
