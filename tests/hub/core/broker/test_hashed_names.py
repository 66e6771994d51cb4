"""The name of an authority's file is the one under which OpenSSL looks for it."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hub.core.broker.hashed_names import hashed_names, subject_hash
from hub.fleet.authority.certificates import (
    device_certificate,
    key_pem,
    new_authority,
    new_key,
    pem,
)

NOW = datetime.now(UTC)


def greeted(server: ssl.SSLContext, client: ssl.SSLContext) -> bool:
    """Whether the server believes the client, without a network between them."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    serving = server.wrap_bio(up, down, server_side=True)
    asking = client.wrap_bio(down, up)
    done = set()
    for _turn in range(6):
        for one in (asking, serving):
            try:
                one.do_handshake()
                done.add(one)
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError:
                return False
    return len(done) == 2


def test_openssl_finds_one_that_came_while_it_ran(tmp_path: Path) -> None:
    authority, own = new_authority(NOW), new_key()
    signed = device_certificate(authority, own.public_key(), "device-a", NOW)
    shown = tmp_path / "device-a.pem"
    shown.write_text(pem(signed) + key_pem(own).decode())
    believed = tmp_path / "believed"
    believed.mkdir()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(shown)
    server.verify_mode = ssl.CERT_REQUIRED
    server.load_verify_locations(capath=str(believed))
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    client.load_cert_chain(shown)
    assert not greeted(server, client)
    for name, text in hashed_names(pem(authority.certificate)).items():
        (believed / name).write_text(text)
    assert greeted(server, client)


def test_letters_blanks_and_length_make_no_difference() -> None:
    def named(*values: str) -> x509.Name:
        oids = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.LOCALITY_NAME)
        return x509.Name([x509.NameAttribute(o, v) for o, v in zip(oids, values, strict=False)])

    assert subject_hash(named("  Wellheard   TERMINALS ")) == subject_hash(
        named("wellheard terminals")
    )
    # as `openssl x509 -hash` says
    assert subject_hash(named("Wellheard terminals 2026 00ff")) == "fee862b8"
    assert subject_hash(named("A" * 60, "B" * 60, "C" * 60)) == "268133c3"


def test_two_of_one_name_have_a_file_each() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "one name")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW)
    text = pem(builder.sign(key, hashes.SHA256()))
    first, second = sorted(hashed_names(text + text))
    assert first.endswith(".0")
    assert second == f"{first[:-1]}1"
