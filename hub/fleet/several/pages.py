"""The pages on which something is done to several terminals: what and to which is shown first, then it is done.

Nothing happens to any of them where one may not be managed; that is decided, and audited, where it is done.
"""

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, BeforeValidator, Field

from contract.jobs import Command
from contract.messages.envelope import Identifier
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.fleet.bulk import refusals_audited
from hub.fleet.configuration.pages import HOME as SETTINGS_HOME
from hub.fleet.health.words import LEVELS
from hub.fleet.health.words import TONES as LEVEL_TONES
from hub.fleet.jobs import batches
from hub.fleet.jobs.words import COMMANDS
from hub.fleet.listing.found import address
from hub.fleet.listing.query import MOST_LETTERS
from hub.fleet.several import choosing, words
from hub.fleet.several.asked_pages import ASKED
from hub.fleet.tagging import normal, tag_each, tags
from hub.identity.access import Access
from hub.identity.refusals import Refusal, refusal_in
from hub.identity.views import Visitor

HOME = "/fleet/several"

Deed = Literal[Command, "tag", "untag", "settings"]
Names = Annotated[
    list[Identifier],
    BeforeValidator(lambda given: " ".join(given).split()),
    Field(max_length=choosing.MOST),
]
"""Each by itself, or all in one field with blanks between them."""


class Picked(BaseModel):
    """What was picked on the list, and what is to be done; `everything`: all that the filter `q` means."""

    deed: Deed
    device: Names = []
    everything: bool = False
    q: Annotated[str, Field(max_length=MOST_LETTERS)] = ""


class Confirmed(BaseModel):
    """A deed on those that were shown: a command to be begun within `minutes`, or a tag."""

    deed: Deed
    device: Annotated[Names, Field(min_length=1)]
    minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    tag: Annotated[str, Field(max_length=100)] = ""
    q: Annotated[str, Field(max_length=MOST_LETTERS)] = ""


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """For whoever manages devices."""
    router = Router(include_in_schema=False)
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    def ask(
        request: Request, visitor: Visitor, picked: Picked, refused: Refusal | None = None
    ) -> Response:
        scope, deed = visitor.scope, picked.deed
        with refusals_audited(workplace, scope, f"several.{deed}") as work:
            names = choosing.all_of(work, scope, picked.q) if picked.everything else picked.device
            found = choosing.chosen(work, scope, names, reachable=deed in COMMANDS)
            known = sorted({tag for given in tags(work, scope).values() for tag in given})
        return shown.show(
            request,
            "fleet/several.html",
            status=refused.status if refused else 200,
            problems=refused.errors if refused else {},
            deed=deed,
            chosen=found,
            q=picked.q,
            back=address(picked.q),
            known_tags=known,
            name=words.DEEDS[deed],
            question=words.QUESTIONS[deed],
            minutes=words.MINUTES,
            commands=COMMANDS,
            levels=LEVELS,
            tones=LEVEL_TONES,
        )

    @router.post(HOME)
    def show(
        request: Request, picked: Annotated[Picked, Form()], visitor: Visitor = manages_devices
    ) -> Response:
        """What would be done, and to which."""
        return ask(request, visitor, picked)

    @router.post(HOME + "/confirmed")
    def do(
        request: Request, given: Annotated[Confirmed, Form()], visitor: Visitor = manages_devices
    ) -> Response:
        """Do it; then how it gets on, what is set for the tag, or the way back."""
        done: list[Response] = []

        def deed(work: UnitOfWork, scope: Scope) -> None:
            done.append(answer(request, work, scope, given))

        kind = "command" if given.deed in COMMANDS else "several"
        unit = refusals_audited(workplace, visitor.scope, f"{kind}.{given.deed}")
        if refused := refusal_in(unit, visitor.scope, deed):
            picked = Picked(deed=given.deed, device=given.device, q=given.q)
            return ask(request, visitor, picked, refused)
        return done[0]

    def answer(request: Request, work: UnitOfWork, scope: Scope, given: Confirmed) -> Response:
        match given.deed:
            case "tag" | "untag" | "settings":
                changed = tag_each(
                    work, scope, given.device, given.tag, given=given.deed != words.UNTAG
                )
            case command:
                asked = batches.command(work, scope, command, given.device, minutes=given.minutes)
                return RedirectResponse(f"{ASKED}/{asked.batch}", 303)
        tag = normal(given.tag)
        if given.deed == words.SETTINGS:
            layer = urlencode({"kind": "tag", "subject": tag})
            return RedirectResponse(f"{SETTINGS_HOME}?{layer}", 303)
        return shown.show(
            request,
            "fleet/several_tagged.html",
            tag=tag,
            given=given.deed != words.UNTAG,
            changed=changed,
            q=given.q,
            back=address(given.q),
        )

    return router
