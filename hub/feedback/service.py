"""What the pages may ask about answers."""

from sqlalchemy import Table, select

from hub.core.errors import NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.events import AnswerView
from hub.feedback.tables import Response

response: Table = Response.__table__  # type: ignore[attr-defined]


@needs(Permission.SEE_ANSWERS)
def recent(
    work: UnitOfWork,
    scope: Scope,
    limit: int = 50,
    after: int | None = None,
    before: int | None = None,
) -> list[AnswerView]:
    """Answers of the scope: the newest first, or, given `after`, those stored since that one, oldest first."""
    # Read by number: by way of an index of places SQLite would sort all that the organisation has.
    here = [response.c.organisation.concat("") == scope.organisation]
    if scope.facilities is not None:
        here.append(response.c.facility.concat("").in_(sorted(scope.facilities)))
    rows = select(response).where(*here).limit(limit)
    if before is not None:
        rows = rows.where(response.c.id < before)
    rows = (
        rows.order_by(response.c.id.desc())
        if after is None
        else rows.where(response.c.id > after).order_by(response.c.id)
    )
    return [AnswerView.of_row(row) for row in work.connection.execute(rows).mappings()]


@needs(Permission.SEE_ANSWERS)
def answer(work: UnitOfWork, scope: Scope, answer_id: int) -> AnswerView:
    """One answer; NotFound."""
    wanted = select(response).where(scope.rows(response.c), response.c.id == answer_id)
    row = work.connection.execute(wanted).mappings().one_or_none()
    if row is None:
        raise NotFound(_("There is no such answer."))
    return AnswerView.of_row(row)
