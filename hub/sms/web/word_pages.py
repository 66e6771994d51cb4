"""The page of the words: every message in one language, how a patient sees it, and what it costs.

A text is saved by itself. What it replaced is offered for an undo, and whatever it was before can be had again; the
standard words are always there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Depends, Form, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from hub.core.errors import BadInput, HubError
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import service as identity
from hub.identity.access import Access
from hub.identity.views import Visitor
from hub.sms.campaigns import definitions, wording
from hub.sms.campaigns.definitions import Campaign
from hub.sms.campaigns.policy import Policy
from hub.sms.campaigns.schemas import Language
from hub.sms.campaigns.wording import Place, Preview, Version
from hub.sms.conversations import costs
from hub.sms.engine.templates import Template
from hub.sms.parts import MULTIPLE, SINGLE
from hub.sms.texts import default_texts
from hub.sms.web import words

Text = Annotated[str, Form(max_length=2000)]


class Where(BaseModel):
    """Whose words in which language; the campaign "" is all of the facility's."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    facility: str = ""
    campaign: str = ""
    language: Language = "es"

    @property
    def place(self) -> Place:
        """As the service asks for it."""
        return Place(self.facility, self.campaign)


@dataclass(frozen=True, slots=True)
class Written:
    """One message as it is now; `own` where the clinic wrote it itself for just this place."""

    template: Template
    text: str
    own: bool
    preview: Preview
    versions: Sequence[Version]


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """Read by whoever may see answers; written by whoever may send campaigns."""
    router = Router(prefix="/sms/words", include_in_schema=False)
    sees = Depends(access.may(Permission.SEE_ANSWERS))
    sends = Depends(access.may(Permission.SEND_CAMPAIGNS))

    @router.get("")
    def index(
        request: Request, asked: Annotated[Where, Query()], visitor: Visitor = sees
    ) -> Response:
        with workplace.read() as work:
            places = identity.facilities(work, visitor.scope)
            campaigns = definitions.listed(work, visitor.scope)
            where = _settled(asked, [place.id for place in places], campaigns)
            given = _all(work, visitor, where) if places else {}
            price, zone = _price_and_zone(work, visitor, where)
        return shown.show(
            request,
            "sms/words.html",
            facilities=places,
            campaigns=[one for one in campaigns if one.facility == where.facility],
            where=where,
            given=given,
            groups=words.GROUPS,
            price=price,
            zone=zone,
            **_WORDS,
        )

    @router.post("/preview")
    def preview(
        request: Request,
        where: Annotated[Where, Query()],
        text: Text = "",
        template: Annotated[Template, Form()] = Template.INVITE,
        visitor: Visitor = sees,
    ) -> Response:
        with workplace.read() as work:
            told = _told(work, visitor, where)
            price, _zone = _price_and_zone(work, visitor, where)
        problem, seen = "", None
        try:
            seen = wording.preview(text.strip() or default_texts(where.language)[template], **told)
        except BadInput as error:
            problem = error.detail
        return shown.show(
            request, "sms/word_preview.html", preview=seen, problem=problem, price=price, **_WORDS
        )

    @router.post("/{template}")
    def save(
        request: Request,
        template: Template,
        where: Annotated[Where, Query()],
        text: Text = "",
        visitor: Visitor = sends,
    ) -> Response:
        problem, before = "", ""
        try:
            with workplace.begin() as work:
                own = wording.own_words(work, visitor.scope, where.place)
                before = own.get((where.language, template), "")
                texts = {(str(where.language), template): text.strip()}
                by = visitor.account.name
                wording.rewrite(work, visitor.scope, where.place, texts, by)
        except HubError as error:
            problem = error.detail
        with workplace.read() as work:
            now = _all(work, visitor, where)[template]
            price, zone = _price_and_zone(work, visitor, where)
        return shown.show(
            request,
            "sms/word.html",
            word=now,
            where=where,
            price=price,
            zone=zone,
            problem=problem,
            typed=text if problem else None,
            before=before,
            saved=not problem,
            **_WORDS,
        )

    return router


_WORDS: dict[str, Any] = {
    "templates": words.TEMPLATES,
    "patient_languages": words.LANGUAGES,
    "single": SINGLE,
    "multiple": MULTIPLE,
}


def _settled(asked: Where, places: list[str], campaigns: list[Campaign]) -> Where:
    """What is asked for, where that is there; a campaign only of its own facility."""
    facility = asked.facility if asked.facility in places else next(iter(places), "")
    there = {one.id for one in campaigns if one.facility == facility}
    campaign = asked.campaign if asked.campaign in there else ""
    return Where(facility=facility, campaign=campaign, language=asked.language)


def _all(work: UnitOfWork, visitor: Visitor, where: Where) -> dict[Template, Written]:
    own = wording.own_words(work, visitor.scope, where.place)
    versions = wording.history(work, visitor.scope, where.place, where.language)
    told = _told(work, visitor, where)
    found: dict[Template, Written] = {}
    for template in Template:
        text = wording.words_of(work, visitor.scope, where.place, where.language, template)
        is_own = (where.language, template) in own
        preview = wording.preview(text, **told)
        found[template] = Written(template, text, is_own, preview, versions.get(template, ()))
    return found


def _told(work: UnitOfWork, visitor: Visitor, where: Where) -> dict[str, str]:
    """What the words name, as far as it is known."""
    names = [one.name for one in identity.facilities(work, visitor.scope.within(where.facility))]
    return {
        "facility": names[0] if names else "",
        "emergency": _policy(work, visitor, where).emergency,
    }


def _price_and_zone(work: UnitOfWork, visitor: Visitor, where: Where) -> tuple[Decimal, str]:
    """What a part will cost, and in which zone the facility's clocks go."""
    policy = _policy(work, visitor, where)
    price = costs.part_price(work, visitor.scope, where.facility, policy)
    return price, identity.time_zone(work, visitor.scope, where.facility)


def _policy(work: UnitOfWork, visitor: Visitor, where: Where) -> Policy:
    """The campaign's; for all of a facility's the usual one."""
    if not where.campaign:
        return Policy()
    return definitions.get(work, visitor.scope, where.campaign).policy
