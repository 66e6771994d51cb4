"""The production template, on the real Mosquitto with certificates of our own."""

import os
import socket
import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hub.core.broker import BrokerAddress, Credentials, access
from hub.core.broker.broker_folder import BrokerFolder
from hub.core.broker.handshake import connect_packet
from hub.core.broker.listening import LOOPBACK, free_port
from hub.core.broker.supervisor import Supervisor
from tests.hub.core.broker.peer import Peer, eventually

TEMPLATE = Path(__file__).parents[4] / "firmware_config" / "mosquitto"
HUB = Credentials("hub", "a password")


class Authority:
    """Signs certificates into a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = datetime.now(UTC)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "terminals")])
        certificate = self._builder(self.name, self.key.public_key()).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        self._write("terminals-ca", certificate, self.key)

    def issue(self, common_name: str) -> x509.Certificate:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
        loopback = x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))])
        certificate = self._builder(name, key.public_key()).add_extension(loopback, critical=False)
        return self._write(common_name, certificate, key)

    def revoke(self, certificate: x509.Certificate) -> None:
        listed = x509.CertificateRevocationListBuilder().issuer_name(self.name)
        listed = listed.last_update(self.now - timedelta(days=1))
        listed = listed.next_update(self.now + timedelta(days=1))
        revoked = x509.RevokedCertificateBuilder().revocation_date(self.now)
        revoked = revoked.serial_number(certificate.serial_number)
        listed = listed.add_revoked_certificate(revoked.build())
        signed = listed.sign(self.key, hashes.SHA256())
        pem = signed.public_bytes(serialization.Encoding.PEM)
        (self.folder / "terminals.crl").write_bytes(pem)

    def _builder(self, name: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(self.name)
        builder = builder.public_key(key).serial_number(x509.random_serial_number())
        return builder.not_valid_before(self.now - timedelta(days=1)).not_valid_after(
            self.now + timedelta(days=1)
        )

    def _write(
        self, stem: str, builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey
    ) -> x509.Certificate:
        signed = builder.sign(self.key, hashes.SHA256())
        pem = serialization.Encoding.PEM
        (self.folder / f"{stem}.crt").write_bytes(signed.public_bytes(pem))
        (self.folder / f"{stem}.key").write_bytes(
            key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )
        return signed


class Production:
    """The template with this test's folder and ports put in the place of the installed ones."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.authority = Authority(folder)
        self.authority.issue("broker")
        self.authority.revoke(self.authority.issue("stolen"))
        (folder / "users").write_text(
            access.password_lines({HUB.username: access.password_hash(HUB.password, bytes(12))})
        )
        for acl in TEMPLATE.glob("*.acl"):
            (folder / acl.name).write_bytes(acl.read_bytes())
        self.hub = BrokerAddress(LOOPBACK, free_port())
        self.terminals = BrokerAddress(LOOPBACK, free_port(), tls=True)
        self.supervisor = Supervisor(
            "mosquitto", self._command, BrokerFolder(folder), self.hub.port
        )
        self.supervisor.start()

    def terminal(self, common_name: str, client_id: str) -> Peer:
        return Peer(self.terminals, client_id, tls=self._trust(common_name))

    def answer(self, common_name: str | None) -> bytes:
        """The first byte of what a CONNECT gets; TLS 1.3 tells a refused client only when it reads."""
        address = (self.terminals.host, self.terminals.port)
        try:
            with (
                socket.create_connection(address, 10) as plain,
                self._trust(common_name).wrap_socket(plain, server_hostname=LOOPBACK) as secured,
            ):
                secured.sendall(connect_packet(None))
                return secured.recv(1)
        except (ssl.SSLError, ConnectionError):
            return b""

    def _trust(self, common_name: str | None) -> ssl.SSLContext:
        trust = ssl.create_default_context(cafile=str(self.folder / "terminals-ca.crt"))
        if common_name is not None:
            stem = self.folder / common_name
            trust.load_cert_chain(stem.with_suffix(".crt"), stem.with_suffix(".key"))
        return trust

    def _command(self, port: int) -> tuple[str, ...]:
        text = (TEMPLATE / "wellheard.conf").read_text()
        text = text.replace("/etc/mosquitto/wellheard", str(self.folder))
        text = text.replace("listener 1883", f"listener {port}")
        text = text.replace("listener 8883", f"listener {self.terminals.port}")
        root = "user root\n" if os.geteuid() == 0 else ""
        (self.folder / "wellheard.conf").write_text(root + text)
        program = subprocess.check_output(
            ["sh", "-c", "PATH=$PATH:/usr/sbin command -v mosquitto"], text=True
        )
        return (program.strip(), "-c", str(self.folder / "wellheard.conf"))


@pytest.fixture
def production(folder: Path) -> Iterator[Production]:
    started = Production(folder)
    yield started
    started.supervisor.stop()


def rules(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_its_acls_are_the_embedded_broker_s() -> None:
    written = [(TEMPLATE / name).read_text() for name in ("hub.acl", "terminals.acl")]
    assert rules("\n".join(written)) == rules(access.acl())


def test_a_certificate_is_a_device_whatever_its_client_id(production: Production) -> None:
    production.authority.issue("device-a")
    with (
        Peer(production.hub, "hub", HUB) as hub,
        production.terminal("device-a", "device-b") as device,
    ):
        hub.subscribe("wh/v1/#")
        assert device.publish("wh/v1/org/clinic/device-b/state", b"forged").is_failure
        assert not device.publish("wh/v1/org/clinic/device-a/state", b"own").is_failure
        assert eventually(lambda: hub.received == [("wh/v1/org/clinic/device-a/state", b"own")])


def test_nobody_cuts_another_s_connection_by_its_client_id(production: Production) -> None:
    for name in ("device-a", "device-b"):
        production.authority.issue(name)
    with production.terminal("device-b", "device-b") as victim:
        with production.terminal("device-a", "device-b") as impostor:
            impostor.publish("wh/v1/org/clinic/device-a/state", b"own")
        assert not victim.publish("wh/v1/org/clinic/device-b/state", b"own").is_failure
        assert victim.disconnections == 0


def test_a_certificate_named_hub_gets_none_of_the_hub_s_rights(production: Production) -> None:
    production.authority.issue("hub")
    with production.terminal("hub", "x") as impostor:
        assert impostor.publish("wh/v1/org/hub", b"forged").is_failure
        assert impostor.publish("wh/v1/org/clinic/device-a/job", b"forged").is_failure


def test_no_certificate_or_a_revoked_one_opens_nothing(production: Production) -> None:
    production.authority.issue("device-a")
    assert production.answer("device-a") == b"\x20"
    assert production.answer(None) == b""
    assert production.answer("stolen") == b""


def test_the_hub_s_listener_asks_for_its_password(production: Production) -> None:
    for user in (None, Credentials("hub", "guess"), Credentials("device-a", HUB.password)):
        peer = Peer(production.hub, "stranger", user)
        peer.close()
        assert not peer.accepted()
