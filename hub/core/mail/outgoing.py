"""E-mails that must go out: put within the transaction that has the reason for them, sent once it is durable.

Decides that a mail keeps its Message-ID whenever it is tried, so that a second delivery of it, after a hub that died
while handing it over, is no second mail to those who receive it; and after how long nobody is helped by it any more.
Leaves the words to whoever puts it: they hold no personal data, only a link to a page that asks who is looking. Until
it is sent all of it is sealed, for a link may be one by which a password is chosen.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from uuid import uuid4

import structlog

from hub.core.clock import Clock, as_datetime
from hub.core.jobs import queue
from hub.core.jobs.queue import Job, job
from hub.core.jobs.ticker import Duty
from hub.core.jobs.worker import Manner, Worker
from hub.core.keys import Vault
from hub.core.resealing import Sealed
from hub.core.unit_of_work import UnitOfWork, Workplace

log = structlog.get_logger()

KIND = "mail"
KEPT_MS = 3 * 86_400_000
LOOK_EVERY_S = 1.0
LEASE_MS = 45_000
"""Longer than a mail server is given to take one mail, and short enough that another hub sends it within the minute."""
MANNER = Manner(lease_ms=LEASE_MS, pause_ms=2_000, longest_pause_ms=20_000)


class Refused(Exception):
    """The server will never take this mail."""


Post = Callable[[EmailMessage], None]
"""Hands one mail over; returns when the server has it, raises Refused, or anything else to be called again."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person of the staff; plain text."""

    to: str
    subject: str
    text: str


def put_mail(work: UnitOfWork, mail: Mail, *, due_ms: int | None = None) -> None:
    """Have it sent once this transaction is durable and `due_ms` (now, when None) is past."""
    payload = {
        "id": uuid4().hex,
        "sealed": _text(work.vault.seal(json.dumps(asdict(mail), ensure_ascii=False).encode())),
    }
    queue.put(work, KIND, payload, due_ms=due_ms)


def opened(vault: Vault, payload: Mapping[str, Any]) -> Mail:
    """The mail of a job."""
    if "sealed" in payload:
        return Mail(**json.loads(vault.open(b64decode(payload["sealed"]))))
    # put by a hub of before: only its address is sealed
    return Mail(vault.open(b64decode(payload["to"])).decode(), payload["subject"], payload["text"])


def waiting_mails() -> Sealed:
    """To be sealed with a newer key while they wait."""

    def anew(vault: Vault, payload: str) -> str:
        told = json.loads(payload)
        name = "sealed" if "sealed" in told else "to"
        told[name] = _text(vault.seal(vault.open(b64decode(told[name]))))
        return json.dumps(told, separators=(",", ":"))

    return Sealed(job, job.c.payload, anew, rows=job.c.kind == KIND)


class MailSender:
    """Sends the mails that wait."""

    def __init__(
        self, workplace: Workplace, vault: Vault, clock: Clock, sender: str, post: Post
    ) -> None:
        self._vault = vault
        self._clock = clock
        self._sender = sender
        self._post = post
        self._worker = Worker(workplace, clock, KIND, self._send, MANNER)

    def duties(self) -> list[Duty]:
        """For the ticker."""
        return [Duty("mail", LOOK_EVERY_S, self._worker.step)]

    def _send(self, jobs: list[Job]) -> None:
        for each in jobs:
            if self._clock.now_ms() - each.due_ms > KEPT_MS:
                log.error("mail_too_old", attempt=each.attempts)
                continue
            try:
                self._post(self._written(each.payload, each.due_ms))
            except Refused:
                log.error("mail_refused", attempt=each.attempts)

    def _written(self, payload: dict[str, Any], at_ms: int) -> EmailMessage:
        mail = opened(self._vault, payload)
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = mail.to
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(as_datetime(at_ms))
        message["Message-ID"] = f"<{payload['id']}@{self._sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        return message


def _text(sealed: bytes) -> str:
    return b64encode(sealed).decode()
