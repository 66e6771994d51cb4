"""The pages that take in a table of clients served.

It is shown before anything is stored, with every row that cannot be right; it is stored as a whole or not at all.
"""

from typing import Annotated

from fastapi import Depends, Form, Request, UploadFile
from fastapi.responses import Response

from contract.messages.envelope import Identifier
from hub.core.errors import BadInput
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.row_problems import BadRows, RowProblem
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.feedback import served, served_entries
from hub.feedback.figures.origin import BaseSource
from hub.feedback.served_pages import SOURCES, back_to
from hub.feedback.served_schemas import NewServed
from hub.identity.access import Access
from hub.identity.views import Visitor

MOST_BYTES = 256 * 1024
MOST_SHOWN = 20


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """First shown, then, if somebody says so, stored."""
    router = Router(prefix="/served/table", include_in_schema=False)
    enters = Depends(access.may(Permission.ENTER_SERVED))

    @router.post("")
    def look(
        request: Request,
        facility: Annotated[Identifier, Form()],
        source: Annotated[BaseSource, Form()],
        table: UploadFile,
        visitor: Visitor = enters,
    ) -> Response:
        content = table.file.read(MOST_BYTES + 1)
        rows: list[NewServed] = []
        problems: list[RowProblem] = []
        replaced: dict[served.Key, int] = {}
        with workplace.read() as work:
            try:
                rows = _read(work, visitor, facility, source, content)
                replaced = served_entries.replaced_by(work, visitor.scope.within(facility), rows)
            except BadRows as bad:
                problems = bad.problems
        return shown.show(
            request,
            "feedback/served_table.html",
            status=BadInput.status if problems else 200,
            facility=facility,
            source=source,
            name=table.filename or "",
            problems=problems,
            rows=rows,
            replaced=replaced,
            key_of=served.key_of,
            most_shown=MOST_SHOWN,
            text="" if problems else content.decode("utf-8-sig"),
            sources=SOURCES,
        )

    @router.post("/store")
    def store(
        facility: Annotated[Identifier, Form()],
        source: Annotated[BaseSource, Form()],
        text: Annotated[str, Form(max_length=MOST_BYTES)],
        visitor: Visitor = enters,
    ) -> Response:
        with workplace.begin() as work:
            rows = _read(work, visitor, facility, source, text.encode())
            by = visitor.account.name
            number = served_entries.enter(work, visitor.scope, facility, rows, by)
        return back_to(facility, max(row.day for row in rows), number)

    return router


def _read(
    work: UnitOfWork, visitor: Visitor, facility: str, source: BaseSource, content: bytes
) -> list[NewServed]:
    """The table's rows, with this source where they name none; BadRows."""
    if len(content) > MOST_BYTES:
        detail = _("The table is larger than 256 kB. Divide it into several.")
        raise BadRows([RowProblem(1, "row", detail)])
    rows = served.checked_csv(work, visitor.scope.within(facility), content)
    return [
        row if "source" in row.model_fields_set else row.model_copy(update={"source": source})
        for row in rows
    ]
