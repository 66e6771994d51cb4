"""The certificates of terminals, of their broker and of the authority itself, and the list of those revoked (X.509).

Decides kinds of keys, lifetimes, and what a certificate may be used for. Everything is made from what is given, the
moment included: nothing is stored here and no clock is read.
"""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AttributeOID, ExtendedKeyUsageOID, NameOID

AUTHORITY_LASTS = timedelta(days=3650)
DEVICE_LASTS = timedelta(days=30)
BROKER_LASTS = timedelta(days=365)
LIST_LASTS = timedelta(days=30)
"""Of the list of those revoked: a broker refuses everybody behind an older one. It is made anew every day."""
BACKDATED = timedelta(days=2)
"""A terminal's clock may be behind when it sees its broker's certificate for the first time."""
LARGEST_REQUEST = 4096


class BadRequest(ValueError):
    """No request for a certificate that can be granted; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """An authority's certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """What a terminal has signed with its key: the key, and the hub's words that make the request a fresh one."""

    public_key: ec.EllipticCurvePublicKey
    challenge: str

    @property
    def fingerprint(self) -> str:
        """Which key it is: SHA-256 of its SubjectPublicKeyInfo, in hexadecimal."""
        return fingerprint(self.public_key)


def read_request(text: str) -> Request:
    """A PKCS #10 request in PEM, signed by the key that is in it (EC P-256). BadRequest otherwise."""
    if len(text) > LARGEST_REQUEST:
        raise BadRequest("the request is too long")
    try:
        request = x509.load_pem_x509_csr(text.encode())
        key = request.public_key()
        signed = request.is_signature_valid
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadRequest("not a certificate request in PEM that can be read") from error
    if not (isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)):
        raise BadRequest("the key is not one of EC P-256")
    if not signed:
        raise BadRequest("the request is not signed by its key")
    return Request(key, _challenge(request))


def fingerprint(key: ec.EllipticCurvePublicKey) -> str:
    """SHA-256 of the SubjectPublicKeyInfo, in hexadecimal."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(
        key.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    return digest.finalize().hex()


def new_authority(now: datetime) -> Issuer:
    """An authority that signs for itself. Its name has the year and a number, so that successors can be told apart."""
    key = ec.generate_private_key(ec.SECP256R1())
    serial = x509.random_serial_number()
    name = _name(f"Wellheard terminals {now.year} {serial % 0x10000:04x}")
    builder = _builder(name, name, key.public_key(), now, lasts=AUTHORITY_LASTS, serial=serial)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs_others=True), critical=True)
    builder = builder.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
    )
    return Issuer(builder.sign(key, hashes.SHA256()), key)


def device_certificate(
    issuer: Issuer, key: ec.EllipticCurvePublicKey, device: str, now: datetime
) -> x509.Certificate:
    """For a terminal to show itself with; its common name is the device's id, which is its user at the broker."""
    use = ExtendedKeyUsageOID.CLIENT_AUTH
    return _leaf(issuer, key, device, now, lasts=DEVICE_LASTS, use=use)


def broker_certificate(
    issuer: Issuer, key: ec.EllipticCurvePublicKey, names: Sequence[str], now: datetime
) -> x509.Certificate:
    """For the terminals' broker, by all the names and addresses under which they reach it."""
    alternatives = [_general_name(name) for name in names]
    use = ExtendedKeyUsageOID.SERVER_AUTH
    return _leaf(issuer, key, names[0][:64], now, lasts=BROKER_LASTS, use=use, names=alternatives)


def revocation_list(
    issuer: Issuer, revoked: Iterable[tuple[int, datetime]], now: datetime
) -> x509.CertificateRevocationList:
    """Serial numbers that are no longer believed, each with the moment from which on."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
    builder = builder.last_update(now - timedelta(minutes=1)).next_update(now + LIST_LASTS)
    for serial, moment in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuer.key, hashes.SHA256())


def new_key() -> ec.EllipticCurvePrivateKey:
    """A private key, EC P-256."""
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The key in clear: to be sealed, or to be written where only its owner reads."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def read_key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    """What `key_pem` wrote."""
    key = serialization.load_pem_private_key(pem, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("not a key of this authority")
    return key


def pem(signed: x509.Certificate | x509.CertificateRevocationList) -> str:
    """As a file has it."""
    return signed.public_bytes(serialization.Encoding.PEM).decode()


def _leaf(
    issuer: Issuer,
    key: ec.EllipticCurvePublicKey,
    common_name: str,
    now: datetime,
    *,
    lasts: timedelta,
    use: x509.ObjectIdentifier,
    names: Sequence[x509.GeneralName] = (),
) -> x509.Certificate:
    builder = _builder(_name(common_name), issuer.certificate.subject, key, now, lasts=lasts)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
    builder = builder.add_extension(_usage(signs_others=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    builder = builder.add_extension(authority, critical=False)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(issuer.key, hashes.SHA256())


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    *,
    lasts: timedelta,
    serial: int | None = None,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + lasts)
    )


def _usage(*, signs_others: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_others,
        key_cert_sign=signs_others,
        crl_sign=signs_others,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _challenge(request: x509.CertificateSigningRequest) -> str:
    """PKCS #9's challengePassword, empty where there is none."""
    try:
        found = request.attributes.get_attribute_for_oid(AttributeOID.CHALLENGE_PASSWORD)
    except x509.AttributeNotFound:
        return ""
    return found.value.decode("ascii", "replace")
