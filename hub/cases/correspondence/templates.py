"""Words for e-mails to patients, by language and in versions; nobody approves their own."""

from dataclasses import dataclass
from string import Template

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from hub.cases.correspondence.tables import ClientTemplate
from hub.core import conflicts
from hub.core.errors import BadInput, Conflict, NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork

LANGUAGES = ("es", "ca", "ru", "en")
PLACES = frozenset({"clinic", "code", "address"})
"""What a template may leave to be filled in: $clinic, $code and $address of the receipt."""
MOST_LETTERS = 4000


@dataclass(frozen=True, slots=True)
class TemplateView:
    """`approved_by` None: not to be sent yet."""

    facility: str
    id: str
    language: str
    version: int
    subject: str
    body: str
    written_by: str
    approved_by: str | None
    at_ms: int


@needs(Permission.HANDLE_CASES)
def templates(work: UnitOfWork, scope: Scope, facility: str) -> list[TemplateView]:
    """The newest version of each, in each language."""
    wanted = select(ClientTemplate).where(scope.within(facility).rows(ClientTemplate))
    newest: dict[tuple[str, str], TemplateView] = {}
    for row in work.session.exec(wanted.order_by(col(ClientTemplate.version))):
        newest[row.id, row.language] = _view(row)
    return [newest[key] for key in sorted(newest)]


@needs(Permission.HANDLE_CASES)
def versions(
    work: UnitOfWork, scope: Scope, facility: str, template: str, language: str
) -> list[TemplateView]:
    """Of one template in one language, the newest first."""
    wanted = select(ClientTemplate).where(*_of(scope, facility, template, language))
    rows = work.session.exec(wanted.order_by(col(ClientTemplate.version).desc()))
    return [_view(row) for row in rows]


@needs(Permission.HANDLE_CASES)
def version(
    work: UnitOfWork,
    scope: Scope,
    facility: str,
    template: str,
    language: str,
    *,
    number: int | None = None,
) -> TemplateView:
    """The one of this number, or the newest; NotFound."""
    for one in versions(work, scope, facility, template, language):
        if number in {None, one.version}:
            return one
    raise NotFound(_("There is no such template."))


@needs(Permission.DIRECT_CASES)
def restore(
    work: UnitOfWork, scope: Scope, facility: str, template: str, language: str, *, number: int
) -> TemplateView:
    """A new version with the words of an earlier one."""
    old = version(work, scope, facility, template, language, number=number)
    return write(work, scope, facility, template, language, subject=old.subject, body=old.body)


@needs(Permission.DIRECT_CASES)
def write(
    work: UnitOfWork,
    scope: Scope,
    facility: str,
    template: str,
    language: str,
    *,
    subject: str,
    body: str,
) -> TemplateView:
    """A new version, to be approved by somebody else."""
    if not scope.covers(scope.organisation, facility):
        raise NotFound(_("There is no such facility."))
    if language not in LANGUAGES:
        raise BadInput("language", _("This language is not spoken here."))
    checked(subject, body)
    known = _newest(work, scope, facility, template, language)
    row = ClientTemplate(
        organisation=scope.organisation,
        facility=facility,
        id=template,
        language=language,
        version=known.version + 1 if known else 1,
        subject=subject.strip(),
        body=body.strip(),
        written_by=scope.actor,
        at_ms=work.now_ms,
    )
    conflicts.add(work, row, conflicts.changed_meanwhile())
    work.audit.record(scope, "template.written", f"template/{template}", facility=facility)
    return _view(row)


@needs(Permission.DIRECT_CASES)
def approve(
    work: UnitOfWork, scope: Scope, facility: str, template: str, language: str
) -> TemplateView:
    """The newest version may be sent from now on; Conflict for whoever wrote it."""
    row = _newest(work, scope, facility, template, language)
    if row is None:
        raise NotFound(_("There is no such template."))
    if row.written_by == scope.actor:
        raise Conflict(_("Somebody else than its author approves this."), field="template")
    row.approved_by = scope.actor
    work.session.add(row)
    work.audit.record(scope, "template.approved", f"template/{template}", facility=facility)
    return _view(row)


def approved(
    work: UnitOfWork, scope: Scope, facility: str, template: str, language: str | None
) -> TemplateView:
    """The newest approved version in the patient's language, or else in another that is there; NotFound."""
    wanted = select(ClientTemplate).where(
        scope.within(facility).rows(ClientTemplate),
        ClientTemplate.id == template,
        col(ClientTemplate.approved_by).is_not(None),
    )
    found = {
        row.language: row for row in work.session.exec(wanted.order_by(col(ClientTemplate.version)))
    }
    row = found.get(language or "") or next(iter(found.values()), None)
    if row is None:
        raise NotFound(_("There is no such template."))
    return _view(row)


def filled(text: str, places: dict[str, str]) -> str:
    """With what belongs into its places."""
    return Template(text).safe_substitute(places)


def checked(subject: str, body: str) -> None:
    """BadInput names which of them cannot be sent."""
    for field, text in (("subject", subject), ("body", body)):
        _check(field, text)


def _check(field: str, text: str) -> None:
    if not text.strip() or len(text) > MOST_LETTERS or (field == "subject" and "\n" in text):
        raise BadInput(field, _("Please fill this in."))
    template = Template(text)
    if not template.is_valid() or not set(template.get_identifiers()) <= PLACES:
        raise BadInput(field, _("Only $clinic, $code and $address can be filled in."))


def _newest(
    work: UnitOfWork, scope: Scope, facility: str, template: str, language: str
) -> ClientTemplate | None:
    wanted = select(ClientTemplate).where(*_of(scope, facility, template, language))
    return work.session.exec(wanted.order_by(col(ClientTemplate.version).desc())).first()


def _of(
    scope: Scope, facility: str, template: str, language: str
) -> tuple[ColumnElement[bool], ...]:
    c = ClientTemplate
    return scope.within(facility).rows(c), col(c.id) == template, col(c.language) == language


def _view(row: ClientTemplate) -> TemplateView:
    return TemplateView(**row.model_dump(exclude={"organisation"}))
