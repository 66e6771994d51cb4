"""Mail servers that want TLS and a name; addresses of servers as settings give them."""

import smtplib
import ssl
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hub.core.mail import smtp_address
from hub.core.mail.smtp import SmtpServer
from hub.core.mail.smtp_address import SmtpAddress
from hub.core.settings import HubSettings
from tests.fakes.mail_server import Mailbox, running_mail_server

LOGIN = ("hub", "secret")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server's certificate with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("mail") / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


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
