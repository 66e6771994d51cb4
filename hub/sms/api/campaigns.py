"""The REST resource of campaigns: what they are, how far they got, and their words."""

from typing import Any

from fastapi import Depends

from hub.core.http_routes import Router
from hub.core.paging import AfterText, Limit
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.feedback.figures.figure import Figure
from hub.feedback.figures.origin import Period
from hub.identity.access import Access
from hub.identity.views import Visitor
from hub.sms.api.models import (
    CampaignId,
    CampaignModel,
    CampaignWanted,
    Day,
    FacilityId,
    StateWanted,
    TextToPreview,
    Words,
)
from hub.sms.campaigns import definitions, wording
from hub.sms.campaigns.schemas import NewCampaign
from hub.sms.campaigns.steering import steer
from hub.sms.campaigns.wording import Place, Preview
from hub.sms.progress import By, Progress, nps_by, progress


def api(workplace: Workplace, access: Access) -> Router:
    """Seen by whoever may see answers; made and steered by whoever may send campaigns."""
    router = Router(prefix="/api/sms", tags=["campaigns by SMS"])
    sees = Depends(access.may(Permission.SEE_ANSWERS))
    sends = Depends(access.may(Permission.SEND_CAMPAIGNS))

    @router.get("/campaigns")
    def campaigns(
        visitor: Visitor = sees, limit: Limit = 100, after: AfterText = ""
    ) -> list[CampaignModel]:
        """By id."""
        with workplace.read() as work:
            found = definitions.listed(work, visitor.scope, limit, after)
        return [CampaignModel.of(one) for one in found]

    @router.post("/campaigns", status_code=201)
    def create(given: NewCampaign, visitor: Visitor = sends) -> CampaignModel:
        """It does not run yet."""
        with workplace.begin() as work:
            return CampaignModel.of(
                definitions.create(work, visitor.scope, given, visitor.account.name)
            )

    @router.get("/campaigns/{campaign}")
    def one(campaign: CampaignId, visitor: Visitor = sees) -> CampaignModel:
        """What was decided about it."""
        with workplace.read() as work:
            return CampaignModel.of(definitions.get(work, visitor.scope, campaign))

    @router.put("/campaigns/{campaign}/state")
    def set_state(
        campaign: CampaignId, wanted: StateWanted, visitor: Visitor = sends
    ) -> CampaignModel:
        """Begin, pause, resume, or stop for good."""
        with workplace.begin() as work:
            return CampaignModel.of(steer(work, visitor.scope, campaign, wanted.state))

    @router.get("/campaigns/{campaign}/progress")
    def how_far(campaign: CampaignId, visitor: Visitor = sees) -> Progress:
        """Sent, delivered, replied, accepted, scored, what it cost and what the scores say."""
        with workplace.read() as work:
            return progress(work, visitor.scope, campaign)

    @router.get("/nps")
    def scores(
        by: By,
        first: Day,
        last: Day,
        visitor: Visitor = sees,
        campaign: CampaignWanted = None,
    ) -> dict[str, Figure]:
        """The score of each facility, employee, campaign or week."""
        with workplace.read() as work:
            return nps_by(work, visitor.scope, by, Period(first, last), campaign)

    @router.get("/facilities/{facility}/words")
    def words(
        facility: FacilityId, visitor: Visitor = sees, campaign: CampaignWanted = None
    ) -> list[Words]:
        """The clinic's own, for all campaigns or for one."""
        with workplace.read() as work:
            own = wording.own_words(work, visitor.scope, Place(facility, campaign or ""))
        return [
            Words.model_validate({"language": language, "template": template, "text": text})
            for (language, template), text in sorted(own.items())
        ]

    @router.put("/facilities/{facility}/words", status_code=204)
    def rewrite(
        facility: FacilityId,
        given: list[Words],
        visitor: Visitor = sends,
        campaign: CampaignWanted = None,
    ) -> None:
        """All of them, or none."""
        texts = {(str(one.language), one.template): one.text for one in given}
        with workplace.begin() as work:
            place = Place(facility, campaign or "")
            wording.rewrite(work, visitor.scope, place, texts, visitor.account.name)

    @router.post("/words/preview")
    def preview(given: TextToPreview, _visitor: Any = sees) -> Preview:
        """Parts, cost in units, and the letters that made the text longer by a part."""
        return wording.preview(given.text)

    return router
