"""The pages of campaigns: all of them, one as it goes on, and the form by which it is decided."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import Depends, Form, Path, Request
from fastapi.responses import RedirectResponse, Response

from contract.messages.envelope import Identifier
from hub.core.errors import HubError
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.feedback.figures.publishing import standing
from hub.feedback.figures.rates import sms_funnel
from hub.identity import service as identity
from hub.identity.access import Access
from hub.identity.views import Visitor
from hub.sms.campaigns import definitions
from hub.sms.campaigns.definitions import Campaign, CampaignState
from hub.sms.campaigns.policy import Trigger
from hub.sms.campaigns.schemas import NewCampaign
from hub.sms.campaigns.steering import steer
from hub.sms.gateways import registry
from hub.sms.progress import progress
from hub.sms.web import words
from hub.sms.web.campaign_form import BadForm, CampaignForm, blank, form_of, id_of, read_form

HOME = "/sms"
WORDS: dict[str, Any] = {
    "triggers": words.TRIGGERS,
    "states": words.STATES,
    "tones": words.TONES,
    "reasons": words.REASONS,
    "patient_languages": words.LANGUAGES,
}
_ORDER = (
    CampaignState.RUNNING,
    CampaignState.PAUSED,
    CampaignState.DRAFT,
    CampaignState.STOPPED,
)
NO_PROBLEMS: Mapping[str, str] = MappingProxyType({})

CampaignId = Annotated[Identifier, Path()]


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """Seen by whoever may see answers; made and steered by whoever may send campaigns."""
    router = Router(prefix=HOME, include_in_schema=False)
    sees = Depends(access.may(Permission.SEE_ANSWERS))
    sends = Depends(access.may(Permission.SEND_CAMPAIGNS))

    @router.get("")
    def index(request: Request, visitor: Visitor = sees) -> Response:
        return shown.show(request, "sms/campaigns.html", **_index(workplace, visitor))

    @router.get("/rows")
    def rows(request: Request, visitor: Visitor = sees) -> Response:
        return shown.show(request, "sms/campaign_rows.html", **_index(workplace, visitor))

    @router.get("/campaigns/{campaign}")
    def one(request: Request, campaign: CampaignId, visitor: Visitor = sees) -> Response:
        return shown.show(
            request,
            "sms/campaign.html",
            **_one(workplace, visitor, campaign),
            taken=_taken(request),
        )

    @router.get("/campaigns/{campaign}/progress")
    def part(request: Request, campaign: CampaignId, visitor: Visitor = sees) -> Response:
        return shown.show(request, "sms/progress.html", **_one(workplace, visitor, campaign))

    @router.post("/campaigns/{campaign}/state")
    def set_state(
        campaign: CampaignId, state: Annotated[CampaignState, Form()], visitor: Visitor = sends
    ) -> Response:
        with workplace.begin() as work:
            steer(work, visitor.scope, campaign, state)
        return RedirectResponse(f"{HOME}/campaigns/{campaign}", 303)

    router.include(_editor(workplace, sends, shown))
    return router


def _editor(workplace: Workplace, sends: Any, shown: Pages) -> Router:
    """The form of a new campaign and of one that is there."""
    router = Router()

    def page(
        request: Request,
        visitor: Visitor,
        form: CampaignForm,
        campaign: str | None = None,
        problems: Mapping[str, str] = NO_PROBLEMS,
    ) -> Response:
        with workplace.read() as work:
            places = identity.facilities(work, visitor.scope)
            ways = registry.ways(work, visitor.scope)
        return shown.show(
            request,
            "sms/campaign_edit.html",
            status=422 if problems else 200,
            form=form,
            campaign=campaign,
            problems=problems,
            facilities=places,
            gateways=[way.name.id for way in ways],
            **WORDS,
        )

    @router.get("/new")
    def new(request: Request, visitor: Visitor = sends) -> Response:
        return page(request, visitor, blank())

    @router.post("/new")
    def create(
        request: Request, form: Annotated[CampaignForm, Form()], visitor: Visitor = sends
    ) -> Response:
        try:
            decided = read_form(form)
            new = {**decided.model_dump(), "id": id_of(decided.name), "facility": form.facility}
            with workplace.begin() as work:
                given = NewCampaign.model_validate(new)
                made = definitions.create(work, visitor.scope, given, visitor.account.name)
        except BadForm as bad:
            return page(request, visitor, form, problems=bad.problems)
        except HubError as error:
            return page(request, visitor, form, problems={error.field or "": error.detail})
        return RedirectResponse(f"{HOME}/campaigns/{made.id}", 303)

    @router.get("/campaigns/{campaign}/edit")
    def edit(request: Request, campaign: CampaignId, visitor: Visitor = sends) -> Response:
        with workplace.read() as work:
            found = definitions.get(work, visitor.scope, campaign)
        return page(request, visitor, form_of(found), campaign)

    @router.post("/campaigns/{campaign}/edit")
    def change(
        request: Request,
        campaign: CampaignId,
        form: Annotated[CampaignForm, Form()],
        visitor: Visitor = sends,
    ) -> Response:
        try:
            decided = read_form(form)
            with workplace.begin() as work:
                definitions.change(work, visitor.scope, campaign, decided)
        except BadForm as bad:
            return page(request, visitor, form, campaign, bad.problems)
        except HubError as error:
            return page(request, visitor, form, campaign, {error.field or "": error.detail})
        return RedirectResponse(f"{HOME}/campaigns/{campaign}", 303)

    return router


def _index(workplace: Workplace, visitor: Visitor) -> dict[str, Any]:
    """All campaigns, those that run first."""
    with workplace.read() as work:
        found = [
            (one, progress(work, visitor.scope, one.id))
            for one in definitions.listed(work, visitor.scope)
        ]
        places = {place.id: place.name for place in identity.facilities(work, visitor.scope)}
    found.sort(key=lambda pair: (_ORDER.index(pair[0].state), -pair[0].created_ms))
    return {"campaigns": found, "places": places, **WORDS}


def _one(workplace: Workplace, visitor: Visitor, campaign_id: str) -> dict[str, Any]:
    """How far a campaign is."""
    with workplace.read() as work:
        campaign = definitions.get(work, visitor.scope, campaign_id)
        far = progress(work, visitor.scope, campaign_id)
        (place,) = identity.facilities(work, campaign.scope)
        gateways = _serving(work, campaign)
    return {
        "campaign": campaign,
        "far": far,
        "steps": sms_funnel(far.sent, far.delivered, far.replied, far.accepted, far.scored),
        "standing": standing(far.nps),
        "place": place,
        "gateways": gateways,
        "demonstrates": campaign.trigger is Trigger.DEMONSTRATION,
        **WORDS,
    }


def _serving(work: UnitOfWork, campaign: Campaign) -> list[str]:
    """The gateways by which its messages may go."""
    ways = registry.ways(work, campaign.scope)
    return [way.name.id for way in ways if way.serves(campaign.organisation, campaign.facility)]


def _taken(request: Request) -> dict[str, int]:
    """What became of a list that has just been taken in, as the address says."""
    names = ("rows", "chosen", "not_sampled", "quota_full", "known")
    told = {name: request.query_params.get(name, "") for name in names}
    if not all(value.isascii() and value.isdigit() for value in told.values()):
        return {}
    return {name: int(value[:9]) for name, value in told.items()}
