"""What the settings' pages have in common: whose facility they are about, and how a refusal comes back to its field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Path, Request
from fastapi.responses import RedirectResponse, Response

from contract.messages.envelope import Identifier
from hub.cases.routes.names import names
from hub.cases.routes.wording import WORDS
from hub.core.errors import NotFound
from hub.core.pages import Pages
from hub.core.scope import Scope
from hub.core.texts import N_
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import service as identity
from hub.identity.refusals import Deed, Refusal, refusal
from hub.identity.views import Visitor

HOME = "/casework"
TABS: Mapping[str, str] = {
    "hours": N_("Working hours"),
    "people": N_("People"),
    "labels": N_("Labels"),
    "mails": N_("E-mails"),
    "sheets": N_("Sheets to print"),
}
NOTHING: Mapping[str, Any] = MappingProxyType({})

FacilityId = Annotated[Identifier, Path()]
Read = Callable[[UnitOfWork, Scope, str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Frame:
    """Every page is about one facility, which the address names; without one, about the first."""

    workplace: Workplace
    shown: Pages

    def page(
        self,
        request: Request,
        visitor: Visitor,
        tab: str,
        read: Read,
        *,
        facility: str | None,
        part: str = "",
        refusal: Refusal | None = None,
        given: Mapping[str, Any] = NOTHING,
    ) -> Response:
        """The template of a tab, or of a part of it; `given` stands where what is stored would stand otherwise."""
        with self.workplace.read() as work:
            facilities = identity.facilities(work, visitor.scope)
            here = next((f for f in facilities if facility in {f.id, None}), None)
            if here is None:
                raise NotFound(_("There is no such facility."))
            values = {**read(work, visitor.scope, here.id), **given}
            known = names(work, visitor.scope.within(here.id))
        return self.shown.show(
            request,
            f"cases/settings/{part or tab}.html",
            status=refusal.status if refusal else 200,
            errors=refusal.errors if refusal else NOTHING,
            tabs=TABS,
            tab=tab,
            facilities=facilities,
            facility=here,
            names=known,
            words=WORDS,
            **{"done": request.query_params.get("done", ""), **values},
        )

    def refusal(self, visitor: Visitor, deed: Deed) -> Refusal | None:
        """Do it in one transaction; None where nothing stood against it."""
        return refusal(self.workplace, visitor, deed)


def back(tab: str, facility: str, **more: str) -> Response:
    """To the tab, with what was done in the address."""
    return RedirectResponse(f"{HOME}/{tab}?{urlencode({'facility': facility, **more})}", 303)
