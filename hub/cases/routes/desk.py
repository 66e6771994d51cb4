"""The desk at which the page of a case is shown and its forms are dealt with.

A refusal (409, 422) comes back on the same page with its reason; nothing was changed then.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Form, Path, Request
from fastapi.responses import RedirectResponse, Response

from contract.messages.envelope import MAX_INT
from hub.cases.calling import attempts
from hub.cases.casework import (
    assigning,
    by_sms,
    cases,
    listing,
)
from hub.cases.casework.attachments import attachments
from hub.cases.casework.person import Person
from hub.cases.correspondence import mails, templates
from hub.cases.deadlines import notices, running
from hub.cases.labour import entries
from hub.cases.receipts import receipts
from hub.cases.routes.names import names
from hub.cases.routes.wording import WORDS
from hub.core.errors import BadInput, Conflict, Forbidden, HubError
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity.views import Visitor

CaseNumber = Annotated[int, Path(ge=1, le=MAX_INT)]
Minutes = Annotated[int | None, Form()]
Words = Annotated[str, Form(max_length=4000)]
Deed = Callable[[UnitOfWork, Scope], object]


@dataclass(frozen=True, slots=True)
class Desk:
    """What every deed on the page needs."""

    workplace: Workplace
    shown: Pages

    def page(
        self,
        request: Request,
        visitor: Visitor,
        case: int,
        *,
        person: Person | None = None,
        refusal: HubError | None = None,
    ) -> Response:
        """The whole page; `person` in full where somebody has asked for it."""
        with self.workplace.begin() as work:
            values = _seen(work, visitor, case)
        status = 200 if refusal is None else refusal.status
        return self.shown.show(
            request, "cases/case.html", status=status, revealed=person, refusal=refusal, **values
        )

    def does(self, request: Request, visitor: Visitor, case: int, deed: Deed) -> Response:
        """Do it and show the case; a refusal is shown with its reason."""
        try:
            with self.workplace.begin() as work:
                deed(work, visitor.scope)
        except (BadInput, Conflict, Forbidden) as refusal:
            return self.page(request, visitor, case, refusal=refusal)
        # Back to where it was done: whoever works by keyboard goes on from there.
        done = request.url.path.rpartition("/")[2]
        return RedirectResponse(f"/cases/{case}#{done}", 303)


def _seen(work: UnitOfWork, visitor: Visitor, number: int) -> dict[str, Any]:
    scope = visitor.scope
    whole = cases.whole_case(work, scope, number)
    facility = whole.case.facility
    handles = scope.within(facility).may(Permission.HANDLE_CASES)
    notices.see(work, scope, visitor.account.id, number)
    reads = scope.within(facility).may(Permission.SEE_TELEPHONES)
    return {
        "whole": whole,
        "case": whole.case,
        "words": WORDS,
        "names": names(work, scope),
        "handles": handles,
        "me": visitor.account.id,
        "directs": scope.within(facility).may(Permission.DIRECT_CASES),
        "calls": attempts.attempts(work, scope, number),
        "deadlines": running.deadlines(work, scope, number),
        "labour": entries.entries(work, scope, number),
        "timer": entries.timer(work, scope),
        "files": attachments(work, scope, number),
        "labels": listing.labels(work, scope, facility),
        "proposals": assigning.suggestions(work, scope, number) if handles else [],
        "code": receipts.code_of(work, scope, number) if handles and not whole.hidden else "",
        "templates": templates.templates(work, scope, facility) if handles else [],
        "mails": mails.mails(work, scope, number) if reads else [],
        "conversation": [] if whole.hidden else by_sms.conversation_of(work, scope, number),
        "now_ms": work.now_ms,
    }
