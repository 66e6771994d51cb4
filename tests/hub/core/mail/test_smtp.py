"""Mail servers that want TLS and a name; addresses of servers as settings give them."""

import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path

import pytest

from hub.core.mail import smtp_address
from hub.core.mail.smtp import SmtpServer
from hub.core.mail.smtp_address import SmtpAddress
from hub.core.settings import HubSettings
from tests.fakes.certificates import self_signed
from tests.fakes.mail_server import Mailbox, running_mail_server

LOGIN = ("hub", "secret")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server's certificate with its key, signed by itself."""
    return self_signed(tmp_path_factory.mktemp("mail") / "server.pem")


def test_a_password_goes_only_to_a_server_that_proves_its_name(certificate: Path) -> None:
    mailbox = Mailbox()
    served = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    served.load_cert_chain(certificate)
    with running_mail_server(mailbox, login=LOGIN, tls=served) as port:
        at = SmtpAddress("smtp+starttls", "127.0.0.1", port, LOGIN[0])
        with pytest.raises(ssl.SSLCertVerificationError):
            SmtpServer(at, LOGIN[1]).post(a_mail())
        trusting = ssl.create_default_context(cafile=str(certificate))
        with pytest.raises(smtplib.SMTPAuthenticationError):
            SmtpServer(at, "wrong", trusting).post(a_mail())
        assert not mailbox.offered
        SmtpServer(at, LOGIN[1], trusting).post(a_mail())
    assert len(mailbox.mails) == 1


def test_addresses_of_servers() -> None:
    assert smtp_address.parsed("smtp://relay") == SmtpAddress("smtp", "relay", 25)
    assert smtp_address.parsed("smtps://a%40b@mail.test") == SmtpAddress(
        "smtps", "mail.test", 465, "a@b"
    )
    for wrong in ("mail.test:25", "http://mail.test", "smtp://u:secret@mail.test", "smtp://"):
        with pytest.raises(ValueError, match=r"not an address|password"):
            HubSettings.model_validate({"smtp": wrong})


def a_mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "hub@clinic.test", "a@clinic.test", "Alert"
    mail.set_content("a link")
    return mail
