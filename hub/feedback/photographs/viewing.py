"""Who sees a photograph: those with the permission at its facility, one answer at a time, and never unrecorded."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, select, tuple_

from hub.core.errors import NotFound
from hub.core.objects import ObjectFolder
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.feedback import service
from hub.feedback.events import AnswerView
from hub.feedback.photographs.privacy import subject_of
from hub.feedback.photographs.tables import AnswerPhotograph

photograph: Table = AnswerPhotograph.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class PhotographView:
    """That there is one, or was; the picture itself is opened by `open_photograph`."""

    taken_ms: int
    deleted_ms: int | None


@dataclass(frozen=True, slots=True)
class Picture:
    content: bytes
    media_type: str


@needs(Permission.SEE_PHOTOGRAPHS)
def photograph_of(work: UnitOfWork, scope: Scope, answer: AnswerView) -> PhotographView | None:
    """What is known of an answer's photograph; None where there never was one, or it is not theirs to know."""
    row = work.connection.execute(select(photograph).where(*_of(scope, answer))).one_or_none()
    return None if row is None else PhotographView(row.taken_ms, row.deleted_ms)


@needs(Permission.SEE_PHOTOGRAPHS)
def open_photograph(
    work: UnitOfWork, scope: Scope, answer_id: int, folder: ObjectFolder
) -> Picture:
    """The picture itself, which is recorded in the same transaction; NotFound."""
    answer = service.answer(work, scope, answer_id)
    row = work.connection.execute(select(photograph).where(*_of(scope, answer))).one_or_none()
    sealed = folder.find(row.file) if row is not None and row.file else None
    if row is None or sealed is None:
        raise NotFound(_("There is no photograph with this answer, or it has been deleted."))
    work.audit.record(
        scope, "photograph.read", subject_of(row), facility=row.facility, answer=answer_id
    )
    return Picture(work.vault.open(sealed), row.media_type)


def _of(scope: Scope, answer: AnswerView) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    c = photograph.c
    named = (answer.device, answer.epoch, answer.sequence)
    return scope.rows(c), tuple_(c.device, c.answer_epoch, c.answer_sequence) == named
