"""The page that takes in patients: a table, or one by hand.

A table is shown before anything is stored, with every row that cannot be right; it is taken in whole or not at all.
The browser keeps the file meanwhile: the hub keeps nothing of a list that is only looked at.
"""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, File, Path, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from contract.messages.envelope import Identifier
from hub.core.errors import BadInput
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.row_problems import BadRows, RowProblem
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import service as identity
from hub.identity.access import Access
from hub.identity.views import Visitor
from hub.sms.campaigns import definitions
from hub.sms.campaigns.definitions import Campaign
from hub.sms.invitations import intake
from hub.sms.invitations.columns import Column
from hub.sms.invitations.enrolling import Enrolled
from hub.sms.invitations.intake import Preview, Source
from hub.sms.web import words

MOST_BYTES = 4 * 1024 * 1024
_COLUMN = "column-"
"""Before a meaning, in the name of the field that says which column has it."""

_ANEW = "another-file"
"""A field that comes with a file which has just been chosen: what was said of the one before is void."""
_LONGEST = 500

CampaignId = Annotated[Identifier, Path()]
Table = Annotated[UploadFile, File()]


async def _meant(request: Request) -> dict[Column, str] | None:
    """Which column means what, as the form says; None before anybody has said so of this file."""
    form = await request.form()
    if _ANEW in form:
        return None
    said = {column: form.get(_COLUMN + column) for column in Column}
    if all(name is None for name in said.values()):
        return None
    return {column: name for column, name in said.items() if isinstance(name, str) and name}


async def _typed(request: Request) -> dict[Column, str]:
    """One patient, as they were typed in."""
    form = await request.form()
    return {column: str(form.get(column, "")).strip()[:_LONGEST] for column in Column}


Meant = Annotated[dict[Column, str] | None, Depends(_meant)]
Typed = Annotated[dict[Column, str], Depends(_typed)]


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """For whoever may send campaigns."""
    router = Router(prefix="/sms/campaigns/{campaign}/lists", include_in_schema=False)
    sends = Depends(access.may(Permission.SEND_CAMPAIGNS))

    def page(request: Request, visitor: Visitor, campaign: str, **more: Any) -> Response:
        with workplace.read() as work:
            values = _form(work, visitor, campaign)
        status = BadInput.status if more.get("problems") or more.get("hand_problems") else 200
        return shown.show(request, "sms/lists.html", status=status, **{**values, **more})

    @router.get("")
    def index(request: Request, campaign: CampaignId, visitor: Visitor = sends) -> Response:
        return page(request, visitor, campaign)

    @router.post("/preview")
    def look(
        request: Request,
        campaign: CampaignId,
        table: Table,
        meant: Meant,
        visitor: Visitor = sends,
    ) -> Response:
        """Answers with what htmx puts below the file, so never with an error's status."""
        seen: Preview | None = None
        problems: list[RowProblem] = []
        with workplace.read() as work:
            values = _form(work, visitor, campaign)
            try:
                seen = intake.preview(work, visitor.scope, campaign, _content(table), meant)
            except BadInput as error:
                problems = _problems(error)
        told = {"seen": seen, "problems": seen.problems if seen else problems}
        return shown.show(request, "sms/list_preview.html", **{**values, **told})

    @router.post("")
    def take_in(
        request: Request,
        campaign: CampaignId,
        table: Table,
        meant: Meant,
        visitor: Visitor = sends,
    ) -> Response:
        by = visitor.account.name
        try:
            with workplace.begin() as work:
                content = _content(table)
                taken = intake.take_in(work, visitor.scope, campaign, content, mapping=meant, by=by)
        except BadInput as error:
            return page(request, visitor, campaign, problems=_problems(error))
        return _back(campaign, taken)

    @router.post("/by-hand")
    def by_hand(
        request: Request, campaign: CampaignId, typed: Typed, visitor: Visitor = sends
    ) -> Response:
        row = {column: text for column, text in typed.items() if text}
        try:
            with workplace.begin() as work:
                by = visitor.account.name
                taken = intake.take_in_rows(
                    work, visitor.scope, campaign, [row], source=Source.BY_HAND, by=by
                )
        except BadInput as error:
            found = {problem.field: problem.detail for problem in _problems(error)}
            return page(request, visitor, campaign, typed=typed, hand_problems=found)
        return _back(campaign, taken)

    return router


def _form(work: UnitOfWork, visitor: Visitor, campaign_id: str) -> dict[str, Any]:
    """What both forms need, with nothing in them yet."""
    campaign: Campaign = definitions.get(work, visitor.scope, campaign_id)
    (place,) = identity.facilities(work, campaign.scope)
    return {
        "campaign": campaign,
        "place": place,
        "employees": identity.employees(work, campaign.scope),
        "touchpoints": identity.touchpoints(work, campaign.scope),
        "columns": words.COLUMNS,
        "column_field": _COLUMN,
        "anew": _ANEW,
        "patient_languages": words.LANGUAGES,
        "typed": {},
        "hand_problems": {},
        "problems": [],
        "seen": None,
    }


def _content(table: UploadFile) -> bytes:
    content = table.file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        detail = _("The table is larger than 4 MB. Divide it into several.")
        raise BadInput("file", detail)
    return content


def _problems(error: BadInput) -> list[RowProblem]:
    if isinstance(error, BadRows):
        return error.problems
    return [RowProblem(1, error.field or "", error.detail)]


def _back(campaign: str, taken: Enrolled) -> Response:
    names = ("rows", "chosen", "not_sampled", "quota_full", "known")
    told = urlencode({name: getattr(taken, name) for name in names})
    return RedirectResponse(f"/sms/campaigns/{campaign}?{told}", 303)
