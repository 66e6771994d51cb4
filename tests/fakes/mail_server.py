"""A real mail server on loopback that keeps what it takes, and refuses what a test wants refused."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Mailbox:
    """What arrived, in its order; `answers` are given to the next mails instead of taking them."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.offered: list[EmailMessage] = []
        self.answers: list[str] = []
        self.refused: set[str] = set()

    def by_id(self) -> dict[str, EmailMessage]:
        """As a receiver has them: one for each Message-ID."""
        return {mail["Message-ID"]: mail for mail in self.mails}

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if address in self.refused:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content: Any = envelope.content
        mail = message_from_bytes(content, EmailMessage, policy=policy.default)
        self.offered.append(mail)
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def running_mail_server(
    mailbox: Mailbox, port: int | None = None, login: tuple[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
) -> Iterator[int]:  # fmt: skip
    """Serve until the block ends; its port. With `login` it wants one, and TLS before it."""

    def knows(
        _server: SMTP, _session: Session, _envelope: Envelope, _how: str, said: Any
    ) -> AuthResult:
        right = isinstance(said, LoginPassword) and login == (
            said.login.decode(),
            said.password.decode(),
        )
        return AuthResult(success=right, handled=False)

    controller = Controller(
        mailbox, hostname="127.0.0.1", port=port or _free_port(), authenticator=knows, auth_required=login is not None,
        tls_context=tls, require_starttls=tls is not None,
    )  # fmt: skip
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
