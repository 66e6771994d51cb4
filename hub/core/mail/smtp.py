"""Hands one mail to a mail server; decides nothing but which answers of the server are final."""

import smtplib
import ssl
from email.message import EmailMessage

from hub.core.mail.outgoing import Refused
from hub.core.mail.smtp_address import SmtpAddress

ANSWER_WITHIN_S = 4.0
"""For each of the nine answers that a mail needs at most: together less than the lease of its job."""
PERMANENT = 500


class SmtpServer:
    """One server; a connection for each mail, so that none is kept open for the few there are."""

    def __init__(
        self, address: SmtpAddress, password: str, tls: ssl.SSLContext | None = None
    ) -> None:
        self._address = address
        self._password = password
        self._tls = tls or ssl.create_default_context()

    def post(self, message: EmailMessage) -> None:
        """Return when the server has taken it; Refused when it never will; OSError or SMTPException to try again."""
        server = self._connected()
        try:
            self._greet(server)
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            if all(code >= PERMANENT for code, _ in error.recipients.values()):
                raise Refused from error
            raise
        except smtplib.SMTPDataError as error:
            if error.smtp_code >= PERMANENT:
                raise Refused from error
            raise
        finally:
            server.close()  # without QUIT: once the mail is taken, nothing more is waited for

    def _connected(self) -> smtplib.SMTP:
        at = self._address
        if at.scheme == "smtps":
            return smtplib.SMTP_SSL(at.host, at.port, timeout=ANSWER_WITHIN_S, context=self._tls)
        return smtplib.SMTP(at.host, at.port, timeout=ANSWER_WITHIN_S)

    def _greet(self, server: smtplib.SMTP) -> None:
        if self._address.scheme == "smtp+starttls":
            server.starttls(context=self._tls)
        if self._address.user:
            server.login(self._address.user, self._password)
