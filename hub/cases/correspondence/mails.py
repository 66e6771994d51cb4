"""E-mails to patients: from an approved template, in their language, with their consent, never after an opt-out.

Whatever somebody adds in their own words is approved by somebody else before it goes out. Consent and opt-out are asked
when the mail is written, and again at the moment of sending.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime

from sqlmodel import col, select

from contract.receipts import receipt_code
from hub.cases.casework import cases, person, story
from hub.cases.casework.statuses import Status
from hub.cases.correspondence import templates
from hub.cases.correspondence.tables import ClientMail, MailOptOut
from hub.cases.tables import PatientCase
from hub.core.clock import Clock, as_datetime
from hub.core.errors import Conflict, Forbidden, NotFound
from hub.core.jobs import queue
from hub.core.jobs.queue import Job
from hub.core.jobs.ticker import Duty
from hub.core.jobs.worker import Manner, Worker
from hub.core.mail.outgoing import Refused
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import service as identity

KIND = "client-mail"
LOOK_EVERY_S = 1.0
DRAFT, WAITING, SENT, WITHHELD, REFUSED = "draft", "waiting", "sent", "withheld", "refused"

Post = Callable[[EmailMessage], None]


@dataclass(frozen=True, slots=True, repr=False)
class MailView:
    """Its words, but not its address."""

    id: int
    template: str
    state: str
    subject: str
    text: str
    by: str
    at_ms: int
    sent_ms: int | None


@needs(Permission.HANDLE_CASES)
def write(
    work: UnitOfWork,
    scope: Scope,
    *,
    case_id: int,
    template: str,
    address: str,
    own_words: str = "",
) -> int:
    """The mail's number. Without words of one's own it goes out at once; Conflict where it may not.

    Forbidden for whoever is complained about.
    """
    row = cases.found(work, scope, case_id, lock=True)
    told = person.opened(work.vault, row.sealed)
    _check(work, scope, row, told)
    chosen = templates.approved(work, scope, row.facility, template, row.language)
    facility = next(f for f in identity.facilities(work, scope.within(row.facility)))
    places = {
        "clinic": facility.name,
        "code": receipt_code(row.visit),
        "address": f"{address.rstrip('/')}/receipt",
    }
    stop = f"{address.rstrip('/')}/mail/stop/{row.organisation}/{mark(work, row, told.email)}"
    body = templates.filled(chosen.body, places)
    text = "\n\n".join(part for part in (own_words.strip(), body, f"–\n{stop}") if part)
    kept = {
        "to": told.email,
        "subject": templates.filled(chosen.subject, places),
        "text": text,
        "stop": stop,
    }
    mail = ClientMail(
        organisation=row.organisation,
        facility=row.facility,
        case_id=case_id,
        template=template,
        language=chosen.language,
        version=chosen.version,
        state=DRAFT if own_words.strip() else WAITING,
        sealed=work.vault.seal(json.dumps(kept, ensure_ascii=False).encode()),
        by=scope.actor,
        at_ms=work.now_ms,
    )
    work.session.add(mail)
    work.session.flush()
    story.tell(work, scope, row, "mail_written", mail=mail.id or 0, state=mail.state)
    if mail.state == WAITING:
        _put(work, mail)
    return mail.id or 0


@needs(Permission.DIRECT_CASES)
def approve(work: UnitOfWork, scope: Scope, case_id: int, number: int) -> None:
    """What was added in somebody's own words may go out; Conflict for its author."""
    row = cases.found(work, scope, case_id, lock=True)
    mail = work.session.get(ClientMail, number)
    if mail is None or mail.case_id != case_id or mail.state != DRAFT:
        raise NotFound(_("There is no such e-mail waiting."))
    if mail.by == scope.actor:
        raise Conflict(_("Somebody else than its author approves this."), field="mail")
    _check(work, scope, row, person.opened(work.vault, row.sealed))
    mail.state = WAITING
    work.session.add(mail)
    story.tell(work, scope, row, "mail_approved", mail=number)
    _put(work, mail)


@needs(Permission.SEE_TELEPHONES)
def mails(work: UnitOfWork, scope: Scope, case_id: int) -> list[MailView]:
    """Of a case, in the order they were written; none for whoever is complained about."""
    row = cases.found(work, scope, case_id)
    if person.hidden_from(work, scope, row):
        return []
    wanted = select(ClientMail).where(scope.rows(ClientMail), ClientMail.case_id == case_id)
    return [_view(work, mail) for mail in work.session.exec(wanted.order_by(col(ClientMail.id)))]


def opt_out(work: UnitOfWork, organisation: str, address_mark: str) -> None:
    """For whoever has the link of a mail: no more mails to that address. Nobody can make up such a mark."""
    work.session.merge(
        MailOptOut(organisation=organisation, address=address_mark, at_ms=work.now_ms)
    )


class ClientMailSender:
    """Sends the mails that wait."""

    def __init__(self, workplace: Workplace, clock: Clock, sender: str, post: Post) -> None:
        self._workplace = workplace
        self._sender = sender
        self._post = post
        manner = Manner(lease_ms=45_000, pause_ms=2_000, longest_pause_ms=60_000, attempts=50)
        self._worker = Worker(workplace, clock, KIND, self._send, manner)

    def duties(self) -> list[Duty]:
        """For the ticker."""
        return [Duty(KIND, LOOK_EVERY_S, self._worker.step)]

    def step(self) -> bool:
        """Send one mail; whether there may be more."""
        return self._worker.step()

    def _send(self, jobs: list[Job]) -> None:
        for job in jobs:
            with self._workplace.read() as work:
                mail = work.session.get(ClientMail, job.payload["mail"])
                message = (
                    None if mail is None or mail.state != WAITING else self._written(work, mail)
                )
            if message is None:
                self._note(job.payload["mail"], WITHHELD)
                continue
            try:
                self._post(message)
            except Refused:
                self._note(job.payload["mail"], REFUSED)
            else:
                self._note(job.payload["mail"], SENT)

    def _written(self, work: UnitOfWork, mail: ClientMail) -> EmailMessage | None:
        row = work.session.get_one(PatientCase, mail.case_id)
        kept = json.loads(work.vault.open(mail.sealed))
        if not _may(work, row, person.opened(work.vault, row.sealed)):
            return None
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = (
            self._sender,
            kept["to"],
            kept["subject"],
        )
        message["Date"] = format_datetime(as_datetime(mail.at_ms))
        message["Message-ID"] = f"<case-mail-{mail.id}@{self._sender.rpartition('@')[2]}>"
        message["List-Unsubscribe"] = f"<{kept['stop']}>"
        message.set_content(kept["text"])
        return message

    def _note(self, number: int, state: str) -> None:
        with self._workplace.begin() as work:
            mail = work.session.get(ClientMail, number)
            if mail is None or mail.state != WAITING:
                return
            mail.state, mail.sent_ms = state, work.now_ms
            work.session.add(mail)
            scope = Scope(mail.organisation, frozenset({mail.facility}))
            row = cases.found(work, scope, mail.case_id, lock=True)
            story.tell(work, scope, row, f"mail_{state}", mail=number)


def mark(work: UnitOfWork, row: PatientCase, address: str) -> str:
    """What an address is known by, without being told."""
    return work.vault.fingerprint(_address(row.organisation, address))


def _address(organisation: str, address: str) -> str:
    return f"{organisation}\nmail\n{address.strip().casefold()}"


def _may(work: UnitOfWork, row: PatientCase, told: person.Person) -> bool:
    out = work.session.get(MailOptOut, (row.organisation, mark(work, row, told.email)))
    return bool(told.email) and told.may_mail and out is None and row.status != Status.NO_CONSENT


def _check(work: UnitOfWork, scope: Scope, row: PatientCase, told: person.Person) -> None:
    if person.hidden_from(work, scope, row):
        raise Forbidden(_("This complaint concerns you. Who made it is not shown to you."))
    if not _may(work, row, told):
        raise Conflict(
            _("This patient left no address, did not agree to e-mails, or wants none any more."),
            field="mail",
        )


def _put(work: UnitOfWork, mail: ClientMail) -> None:
    queue.put(work, KIND, {"mail": mail.id})


def _view(work: UnitOfWork, mail: ClientMail) -> MailView:
    kept = json.loads(work.vault.open(mail.sealed))
    told = (mail.by, mail.at_ms, mail.sent_ms)
    return MailView(mail.id or 0, mail.template, mail.state, kept["subject"], kept["text"], *told)
