"""The statistics of cases on a page, and as CSV, XLSX and PDF."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from hub.cases.routes.names import Names, names
from hub.cases.routes.wording import GROUPS, STATUSES, TOPICS
from hub.cases.statistics import counting
from hub.cases.statistics.report import Report, report
from hub.core.errors import BadInput
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.spreadsheet import Cell, as_csv
from hub.core.texts import day as written_day
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.identity.access import Access
from hub.identity.views import Visitor

USUAL_DAYS = 30
LONGEST_DAYS = 1100


class By(StrEnum):
    """What the rows are."""

    TOPIC = "topic"
    EMPLOYEE = "employee"
    TOUCHPOINT = "touchpoint"
    STAGE = "stage"


class Form(StrEnum):
    """How it is given."""

    PAGE = "page"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


_TYPES = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.PDF: "application/pdf",
}


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """The routes."""
    router = Router(prefix="/cases", include_in_schema=False)
    sees = Depends(access.may(Permission.SEE_CASES))

    @router.get("/statistics")
    def statistics(
        request: Request,
        *,
        by: By = By.TOPIC,
        first: Annotated[date | None, Query()] = None,
        last: Annotated[date | None, Query()] = None,
        form: Form = Form.PAGE,
        visitor: Visitor = sees,
    ) -> Response:
        with workplace.begin() as work:
            known = names(work, visitor.scope)
            zone = ZoneInfo(next(iter(known.zones.values()), "UTC"))
            today = datetime.fromtimestamp(work.now_ms / 1000, UTC).astimezone(zone).date()
            span = _span(first or today - timedelta(days=USUAL_DAYS - 1), last or today)
            found = report(work, visitor.scope, by, *(_ms(day, zone) for day in span))
        days = span[0], span[1] - timedelta(days=1)
        if form is not Form.PAGE:
            return _file(found, known, form, days)
        return shown.show(
            request,
            "cases/statistics.html",
            report=found,
            by=by,
            groups=GROUPS,
            first=days[0],
            last=days[1],
            called=lambda group: _called(by, group, known),
        )

    return router


def _file(found: Report, known: Names, form: Form, days: tuple[date, date]) -> Response:
    from hub.cases.statistics import files  # noqa: PLC0415 - what writes PDF takes a second to load

    by = By(found.by)
    rows: list[list[Cell]] = [row.cells(_called(by, row.group, known)) for row in found.rows]
    name = f"cases-by-{by}-{days[0]}-{days[1]}.{form}"
    if form is Form.CSV:
        content = as_csv(counting.HEADER, rows)
    elif form is Form.XLSX:
        content = files.as_xlsx(by, counting.HEADER, rows)
    else:
        title = f"{_('Statistics of cases')}: {_(GROUPS[by])}"
        period = f"{written_day(days[0])} – {written_day(days[1])} · n = {found.total.cases}"
        header = [_(GROUPS[by]), *(_(text) for text in PRINTED)]
        content = files.as_pdf(title, [period], header, rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=_TYPES[form], headers=headers)


PRINTED = (
    "Cases", "Open", "Closed", "Overdue", "Reopened", "Duplicates", "Answered again", "Won back", "Minutes",
    "Contacting", "Qualified", "Investigating", "Action taken", "Patient informed", "Closed",
)  # fmt: skip


def _called(by: By, group: str, known: Names) -> str:
    texts = {
        By.TOPIC: {code: _(name) for code, name in TOPICS.items()},
        By.STAGE: {code: _(name) for code, name in STATUSES.items()},
        By.EMPLOYEE: known.employees,
        By.TOUCHPOINT: known.touchpoints,
    }
    return texts[by].get(group, group) or _("not known")


def _span(first: date, last: date) -> tuple[date, date]:
    """From a day until before a day."""
    if not timedelta(0) <= last - first <= timedelta(days=LONGEST_DAYS):
        raise BadInput("last", _("The last day comes after the first, within three years."))
    return first, last + timedelta(days=1)


def _ms(day: date, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, time(), zone).timestamp() * 1000)
