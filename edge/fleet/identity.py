"""Who this terminal is: a key that it makes itself and never gives away, and what the hub has signed for it.

Decides how both are kept: the key in a file of this user alone, made once; certificate, authorities and password in one
file, so that they are exchanged together or not at all. The files that TLS needs are written from it.
"""

from dataclasses import replace
from pathlib import Path

import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AttributeOID
from pydantic import ValidationError

from contract.enrolment import Credentials
from edge.broker import BrokerLogin
from edge.durable import write_durably
from edge.fleet.hub_client import HubLogin
from edge.sealing import KeyUnusable

log = structlog.get_logger()

IDENTITY = "identity"
"""The folder, in the agent's."""
KEY, CREDENTIALS = "key.pem", "credentials.json"
PRIVATE = 0o600
CERTIFICATE, AUTHORITIES = "certificate.pem", "authorities.pem"


class Identity:
    """The folder of the key and the credentials."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._credentials = self._read()

    @property
    def credentials(self) -> Credentials | None:
        """What the hub said last; None before the terminal was taken in, or where it lives on a password alone."""
        return self._credentials

    @property
    def has_key(self) -> bool:
        """Whether a hub may know this terminal by its key, whatever has become of the credentials."""
        return (self._folder / KEY).exists()

    def request(self, challenge: str = "") -> str:
        """A request for a certificate, PKCS #10 in PEM, signed by the key, which is made if it is not there."""
        builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        if challenge:
            builder = builder.add_attribute(AttributeOID.CHALLENGE_PASSWORD, challenge.encode())
        signed = builder.sign(self._key(), hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM).decode()

    def keep(self, credentials: Credentials) -> None:
        """Take these in the place of those before, durably."""
        self._write(CREDENTIALS, credentials.model_dump_json().encode())
        self._credentials = credentials
        self._write_files(credentials)

    def at_broker(self, login: BrokerLogin) -> BrokerLogin:
        """The login of the settings, with what this terminal shows itself with."""
        found = self._credentials
        if found is None:
            return login
        if not login.tls:
            return replace(login, user=found.device, password=found.password)
        return replace(
            login,
            user=None,
            password=None,
            ca_file=str(self._folder / AUTHORITIES),
            certificate_file=str(self._folder / CERTIFICATE),
            key_file=str(self._folder / KEY),
        )

    def at_hub(self, login: HubLogin) -> HubLogin:
        """The same for HTTP. The hub's certificate may be the system's affair, or its own authority's."""
        found = self._credentials
        return (
            login if found is None else replace(login, device=found.device, password=found.password)
        )

    def forget_key(self) -> None:
        """The next request is signed by another key: the hub believes this one no longer."""
        for name in (CREDENTIALS, CERTIFICATE, KEY):
            (self._folder / name).unlink(missing_ok=True)
        self._credentials = None

    def _key(self) -> ec.EllipticCurvePrivateKey:
        path = self._folder / KEY
        if not path.exists():
            made = ec.generate_private_key(ec.SECP256R1())
            pem = serialization.Encoding.PEM
            plain = serialization.NoEncryption()
            text = made.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
            self._write(KEY, text)  # durable before anything is signed with it
        try:
            key = serialization.load_pem_private_key(path.read_bytes(), None)
        except (OSError, ValueError) as error:
            raise KeyUnusable(f"{path}: no key can be read from it") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise KeyUnusable(f"{path}: not a key of this terminal's kind")
        return key

    def _read(self) -> Credentials | None:
        try:
            found = Credentials.model_validate_json((self._folder / CREDENTIALS).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError):
            return None  # the key is still there, and with it the hub gives others
        try:
            self._write_files(found)
        except OSError as error:  # without a connection, but answers are stored
            log.error("identity_not_written", reason=str(error))
        return found

    def _write_files(self, found: Credentials) -> None:
        """What a crash may have kept from being written."""
        for name, text in ((CERTIFICATE, found.certificate), (AUTHORITIES, found.authorities)):
            path = self._folder / name
            if not path.exists() or path.read_bytes() != text.encode():
                self._write(name, text.encode())

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(self._folder / name, content, mode=PRIVATE)
