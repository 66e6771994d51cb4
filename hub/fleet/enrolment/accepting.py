"""Taking in the terminal whose code somebody has typed, for pages and programs alike. Guesses are counted."""

from contract.topics import DeviceAddress
from hub.core.errors import BadInput
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.fleet.enrolment import claims
from hub.fleet.enrolment.claims import Claim
from hub.fleet.enrolment.schemas import Acceptance
from hub.identity import attempts
from hub.identity.rules import AttemptSubject
from hub.identity.views import Visitor

GUESSES = 40
"""Codes that one account may try in a quarter of an hour."""


def look(workplace: Workplace, visitor: Visitor, code: str) -> Claim:
    """The terminal that shows this code; BadInput, or TooManyAttempts for whoever goes on trying."""
    guesses = AttemptSubject(f"enrolment code by:{visitor.scope.actor}", GUESSES)
    with workplace.begin() as work:
        refusal = _("Too many codes were tried. Wait a quarter of an hour.")
        attempt = attempts.note(work, [guesses], refusal)
    with workplace.read() as work:
        found = claims.find(work, visitor.scope, code)
    with workplace.begin() as work:
        attempts.take_back(work, attempt)
    return found


def accept(workplace: Workplace, visitor: Visitor, code: str, given: Acceptance) -> None:
    """Make it the device that was said."""
    look(workplace, visitor, code)
    with workplace.begin() as work:
        if given.replaces:
            claims.replace(work, visitor.scope, code, given.device)
            return
        if given.facility is None:
            raise BadInput("facility", _("Please fill this in."))
        claims.accept(
            work,
            visitor.scope,
            code,
            DeviceAddress(visitor.scope.organisation, given.facility, given.device),
            name=given.name,
            touchpoint=given.touchpoint,
        )
