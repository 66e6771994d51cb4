"""Certificates, requests and lists as other programs see them."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import AttributeOID, ExtendedKeyUsageOID, NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.fleet.authority.certificates import (
    BadRequest,
    broker_certificate,
    device_certificate,
    key_pem,
    new_authority,
    new_key,
    pem,
    read_key,
    read_request,
    revocation_list,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ISSUER = new_authority(NOW)


def request(key: object, challenge: bytes = b"") -> str:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    if challenge:
        builder = builder.add_attribute(AttributeOID.CHALLENGE_PASSWORD, challenge)
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    signed = builder.sign(key, algorithm)
    return signed.public_bytes(serialization.Encoding.PEM).decode()


def test_a_devices_certificate_names_it_and_serves_for_nothing_else() -> None:
    key = new_key()
    found = device_certificate(ISSUER, key.public_key(), "a" * 63, NOW)
    found.verify_directly_issued_by(ISSUER.certificate)
    (name,) = found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == "a" * 63
    assert found.not_valid_after_utc - NOW == timedelta(days=30)
    use = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(use) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert found.public_key() == key.public_key()


def test_a_brokers_certificate_has_every_name_that_it_is_reached_by() -> None:
    names = ["hub.clinic.example", "192.168.1.10", "::1", "n" * 63 + ".example"]
    found = broker_certificate(ISSUER, new_key().public_key(), names, NOW)
    alternatives = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in alternatives] == names
    use = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(use) == [ExtendedKeyUsageOID.SERVER_AUTH]


def test_successors_have_names_of_their_own() -> None:
    assert new_authority(NOW).certificate.subject != ISSUER.certificate.subject


@settings(max_examples=20)
@given(st.sets(st.integers(1, 2**159 - 1), max_size=5))
def test_the_list_has_whoever_was_revoked_and_nobody_else(serials: set[int]) -> None:
    found = revocation_list(ISSUER, [(serial, NOW) for serial in serials], NOW)
    assert {entry.serial_number for entry in found} == serials
    assert found.is_signature_valid(ISSUER.key.public_key())
    assert found.next_update_utc is not None
    assert found.next_update_utc - NOW == timedelta(days=30)
    assert pem(found).startswith("-----BEGIN X509 CRL")


def test_a_request_is_the_keys_own_words() -> None:
    key = new_key()
    found = read_request(request(key, b"12.ab"))
    assert (found.public_key, found.challenge) == (key.public_key(), "12.ab")
    assert found.fingerprint == read_request(request(key)).fingerprint
    assert found.fingerprint != read_request(request(new_key())).fingerprint
    assert read_key(key_pem(key)).public_key() == key.public_key()


def test_what_is_no_request_of_such_a_key_is_refused() -> None:
    good = request(new_key())
    der = x509.load_pem_x509_csr(good.encode()).public_bytes(serialization.Encoding.DER)
    forged = x509.load_der_x509_csr(der[:-1] + bytes([der[-1] ^ 1]))
    others = (
        request(rsa.generate_private_key(65537, 2048)),
        request(ec.generate_private_key(ec.SECP384R1())),
        request(ed25519.Ed25519PrivateKey.generate()),
        forged.public_bytes(serialization.Encoding.PEM).decode(),
        pem(ISSUER.certificate),
        good * 20,
        "",
    )
    for text in others:
        with pytest.raises(BadRequest):
            read_request(text)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(BadRequest):
        read_request(f"-----BEGIN CERTIFICATE REQUEST-----\n{text}\n-----END")
