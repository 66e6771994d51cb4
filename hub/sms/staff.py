"""What staff and their programs tell of a telephone: that it wants no messages, or was reminded of an appointment."""

from hub.core.errors import BadInput
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity import service as identity
from hub.sms import telephones
from hub.sms.campaigns.policy import Policy
from hub.sms.conversations import opening
from hub.sms.conversations.opening import Line
from hub.sms.people import opt_outs, respondents
from hub.sms.people.numbers import NoTelephone, mobile, zone_of
from hub.sms.people.respondents import Person


@needs(Permission.HANDLE_CASES)
def note_wish(
    work: UnitOfWork, scope: Scope, facility: str, written: str, *, stopped: bool
) -> None:
    """Add to the ledger of opt-outs; a stop holds for the whole organisation."""
    telephone = _checked(work, scope, facility, written)
    recipient = telephones.fingerprint(work.vault, scope.organisation, telephone)
    opt_outs.note(work, scope, facility, recipient, stopped=stopped, source=scope.actor)
    action = "opt_out.noted" if stopped else "opt_in.noted"
    work.audit.record(scope, action, f"recipient/{recipient}", facility=facility)


@needs(Permission.HANDLE_CASES)
def await_appointment(
    work: UnitOfWork,
    scope: Scope,
    facility: str,
    written: str,
    *,
    language: str,
    reference: str,
    until_ms: int,
) -> None:
    """From now on a reply may be about this appointment."""
    telephone = _checked(work, scope, facility, written)
    recipient = telephones.fingerprint(work.vault, scope.organisation, telephone)
    (place,) = identity.facilities(work, scope.within(facility))
    if respondents.of_telephone(work, scope.organisation, recipient) is None:
        person = Person(telephone, zone_of(telephone, place.time_zone), language=language)
        respondents.keep(work, scope, facility, person)
    line = Line(scope.organisation, facility, telephone, recipient, language)
    opening.await_appointment(work, line, reference, until_ms)


def _checked(work: UnitOfWork, scope: Scope, facility: str, written: str) -> str:
    if facility not in identity.time_zones(work, scope):
        raise BadInput("facility", _("There is no such facility."))
    try:
        return mobile(written, Policy().region)
    except NoTelephone as error:
        raise BadInput("telephone", _("This is not a telephone that receives SMS.")) from error
