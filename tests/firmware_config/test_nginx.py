"""nginx itself in front of something that serves: with the template's own words but for ports and paths."""

import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hub.core.broker.listening import LOOPBACK, free_port
from tests.fakes.waiting import eventually

TEMPLATE = Path("firmware_config/nginx/wellheard.conf")
AROUND = """\
daemon off;
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {server}
}}
"""


class Served(ThreadingHTTPServer):
    """Says who asked, and in a stream says a second word only once the first has been heard."""

    def __init__(self) -> None:
        self.heard = threading.Event()
        super().__init__((LOOPBACK, 0), _Answer)


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Served

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("X-Asked-By", self.headers.get("X-Forwarded-For", ""))
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"5\r\nfirst\r\n")
        self.wfile.flush()
        assert self.server.heard.wait(30)
        self.wfile.write(b"6\r\nsecond\r\n0\r\n\r\n")

    def log_request(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def served() -> Iterator[Served]:
    server = Served()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.heard.set()
    server.shutdown()
    server.server_close()


def write_certificate(folder: Path) -> None:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, LOOPBACK)])
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    built = built.add_extension(
        x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))]), critical=False
    )
    pem = serialization.Encoding.PEM
    (folder / "hub.crt").write_bytes(built.sign(key, hashes.SHA256()).public_bytes(pem))
    (folder / "hub.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def test_live_pages_come_through_as_they_are_said(served: Served, tmp_path: Path) -> None:
    plain, secured = free_port(), free_port()
    server = TEMPLATE.read_text().replace("/etc/wellheard", str(tmp_path))
    for ours, theirs in (
        ("listen 80;", f"listen {LOOPBACK}:{plain};"),
        ("listen 443 ssl;", f"listen {LOOPBACK}:{secured} ssl;"),
        ("listen [::]:80;", ""),
        ("listen [::]:443 ssl;", ""),
        (f"{LOOPBACK}:8080", f"{LOOPBACK}:{served.server_port}"),
    ):
        assert ours in server
        server = server.replace(ours, theirs)
    write_certificate(tmp_path)
    file = tmp_path / "nginx.conf"
    file.write_text(AROUND.format(folder=tmp_path, server=server))
    command = ["env", "PATH=/usr/sbin:/usr/bin", "nginx", "-e", "stderr", "-c", str(file)]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert "test is successful" in tested.stderr, tested.stderr
    assert "warn" not in tested.stderr, tested.stderr

    nginx = subprocess.Popen(["setpriv", "--pdeathsig=KILL", "--", *command])
    try:
        trust = ssl.create_default_context(cafile=str(tmp_path / "hub.crt"))
        with httpx.Client(verify=trust, timeout=30) as client:

            def sent_to_https() -> bool:
                try:
                    answer = client.get(f"http://{LOOPBACK}:{plain}/live")
                except httpx.TransportError:
                    return False
                return answer.status_code == httpx.codes.PERMANENT_REDIRECT

            eventually(sent_to_https, 30)
            with client.stream("GET", f"https://{LOOPBACK}:{secured}/live") as answer:
                pieces = answer.iter_bytes()
                assert next(pieces) == b"first"
                served.heard.set()
                assert b"".join(pieces) == b"second"
            assert answer.headers["X-Asked-By"] == LOOPBACK
    finally:
        nginx.terminate()
        nginx.wait(30)
