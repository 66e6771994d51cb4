"""The page of what patients say by SMS: the score of each facility, doctor, campaign and week, the funnel, and what
is in neither.

Those who were asked are a sample, so that nothing here is put together with what terminals hear.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BeforeValidator

from contract.messages.envelope import Identifier
from hub.core import texts
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.texts import N_
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.dashboards.filters import PERIODS, Filters, midnight_ms
from hub.dashboards.tiles.board import Board
from hub.dashboards.words import BASES, FLAGS, SOURCES
from hub.feedback.figures.figure import Figure
from hub.feedback.figures.measures import Shown
from hub.feedback.figures.origin import Collection, Origin
from hub.feedback.figures.publishing import standing
from hub.feedback.figures.rates import sms_funnel
from hub.feedback.left_out import left_out
from hub.feedback.questions import Question
from hub.identity.access import Access
from hub.identity.views import Visitor
from hub.sms.campaigns import definitions
from hub.sms.campaigns.definitions import Campaign
from hub.sms.campaigns.policy import Trigger
from hub.sms.conversations import reading
from hub.sms.conversations.outcomes import QUESTION, SURVEY
from hub.sms.conversations.reading import Show
from hub.sms.progress import By, Progress, nps_by, progress

DAY_MS = 24 * 3600 * 1000
SHOWN_ANSWERS = 20
TITLES = {
    By.FACILITY: N_("By facility"),
    By.EMPLOYEE: N_("By doctor"),
    By.CAMPAIGN: N_("By campaign"),
    By.WEEK: N_("By week"),
}
WRONG_PERSON = N_("given by the wrong person")


class ScoreFilters(Filters):
    """One campaign, or None for all."""

    campaign: Annotated[Identifier | None, BeforeValidator(lambda given: given or None)] = None


Asked = Annotated[ScoreFilters, Query()]


@dataclass(frozen=True, slots=True)
class Part:
    """One facility, doctor, campaign or week; `query` shows it alone."""

    name: str
    shown: Shown
    query: str


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """For whoever may see answers."""
    router = Router(prefix="/sms/scores", include_in_schema=False)
    sees = Depends(access.may(Permission.SEE_ANSWERS))

    def show(request: Request, asked: ScoreFilters, visitor: Visitor, page: str) -> HTMLResponse:
        with workplace.read() as work:
            values = _read(Board(work, visitor, asked), asked)
        return shown.show(request, page, **values)

    @router.get("")
    def index(request: Request, asked: Asked, visitor: Visitor = sees) -> HTMLResponse:
        return show(request, asked, visitor, "dashboards/sms_scores.html")

    @router.get("/parts")
    def parts(request: Request, asked: Asked, visitor: Visitor = sees) -> HTMLResponse:
        return show(request, asked, visitor, "dashboards/sms_score_parts.html")

    return router


def _read(seen: Board, asked: ScoreFilters) -> dict[str, Any]:
    work, scope, days = seen.work, seen.scope, seen.days
    campaigns = {one.id: one for one in definitions.listed(work, scope)}
    figures = {by: nps_by(work, scope, by, days, asked.campaign) for by in By}
    since = midnight_ms(days.first, seen.zone)
    until = midnight_ms(days.last, seen.zone) + DAY_MS
    counted = [
        (one, progress(work, scope, one.id))
        for one in campaigns.values()
        if one.trigger is not Trigger.DEMONSTRATION and asked.campaign in {None, one.id}
    ]
    return {
        "asked": asked,
        "days": days,
        "periods": PERIODS,
        "whole": [_shown(seen, figure) for figure in figures[By.WHOLE].values()],
        "tables": {by: _parts(seen, asked, by, figures[by], campaigns) for by in TITLES},
        "titles": TITLES,
        "funnel": _funnel([far for _campaign, far in counted]),
        "funnels": counted,
        "campaigns": campaigns,
        "facilities": seen.names.facilities,
        "left_out": left_out(work, scope, seen.selection, Question(SURVEY, QUESTION)),
        "late": reading.count_late(work, scope, since, until, asked.campaign),
        "answers": reading.listed(
            work, scope, campaign=asked.campaign, show=Show.SCORED, limit=SHOWN_ANSWERS
        ),
        "zones": seen.names.time_zones,
        "employees": seen.names.employees,
        "bases": BASES,
        "sources": SOURCES,
        "flags": FLAGS | {"wrong_person": WRONG_PERSON},
    }


def _parts(
    seen: Board,
    asked: ScoreFilters,
    by: By,
    figures: Mapping[str, Figure],
    campaigns: Mapping[str, Campaign],
) -> list[Part]:
    names: dict[By, Mapping[str, str]] = {
        By.FACILITY: seen.names.facilities,
        By.EMPLOYEE: seen.names.employees,
        By.CAMPAIGN: {code: one.name for code, one in campaigns.items()},
    }
    found = []
    for key, figure in figures.items():
        name = names[by].get(key, key) if by in names else _week(key)
        instead = {By.FACILITY: {"facility": key}, By.CAMPAIGN: {"campaign": key}}.get(by)
        query = asked.query(**instead) if instead else ""
        found.append(Part(name or _("Nobody named"), _shown(seen, figure), query))
    return found


def _shown(seen: Board, figure: Figure) -> Shown:
    origin = Origin(f"{SURVEY}/{QUESTION}", seen.days, Collection.SAMPLED)
    return Shown(figure.from_origin(origin), standing(figure))


def _week(monday: str) -> str:
    return _("Week of %(day)s") % {"day": texts.day(date.fromisoformat(monday), "d MMM")}


def _funnel(found: list[Progress]) -> dict[str, Any]:
    """All campaigns together; a patient takes part in each once."""
    names = ("invited", "sent", "delivered", "replied", "accepted", "scored")
    counts = {name: sum(getattr(far, name) for far in found) for name in names}
    steps = sms_funnel(**{name: counts[name] for name in names[1:]})
    return {"counts": counts, "steps": steps}
