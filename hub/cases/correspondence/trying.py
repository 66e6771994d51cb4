"""What a template becomes, before any patient reads it: shown with an invented code, and sent to oneself."""

from collections.abc import Mapping

from contract.receipts import receipt_code
from hub.cases.correspondence import templates
from hub.cases.correspondence.templates import TemplateView
from hub.core.errors import BadInput, Conflict, NotFound
from hub.core.mail.outgoing import Mail, put_mail
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity import service as identity
from hub.identity.colleagues import account_of, address_of

NO_VISIT = "an example"


@needs(Permission.DIRECT_CASES)
def preview(
    work: UnitOfWork, scope: Scope, facility: str, words: Mapping[str, str], address: str
) -> Mapping[str, str] | None:
    """`subject` and `body` with their places filled; None where they cannot be right."""
    try:
        templates.checked(words["subject"], words["body"])
    except BadInput:
        return None
    places = _places(work, scope, facility, address)
    return {name: templates.filled(words[name], places) for name in ("subject", "body")}


@needs(Permission.DIRECT_CASES)
def send_to_oneself(work: UnitOfWork, scope: Scope, template: TemplateView, address: str) -> None:
    """Approved or not; Conflict for whoever has no address."""
    account = account_of(scope)
    to = "" if account is None else address_of(work, scope, account)
    if not to:
        raise Conflict(_("Your account has no e-mail address to send this to."), field="try")
    places = _places(work, scope, template.facility, address)
    subject, body = (templates.filled(text, places) for text in (template.subject, template.body))
    put_mail(work, Mail(to, subject, body))
    work.audit.record(
        scope, "template.tried", f"template/{template.id}", facility=template.facility
    )


def _places(work: UnitOfWork, scope: Scope, facility: str, address: str) -> dict[str, str]:
    here = next(iter(identity.facilities(work, scope.within(facility))), None)
    if here is None:
        raise NotFound(_("There is no such facility."))
    code, at = receipt_code(NO_VISIT), f"{address.rstrip('/')}/receipt"
    return {"clinic": here.name, "code": code, "address": at}
