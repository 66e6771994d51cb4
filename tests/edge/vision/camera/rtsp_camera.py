"""A camera that speaks RTSP: Motion JPEG as RFC 2435 packs it, in the one connection that RFC 2326 interleaves."""

import contextlib
import itertools
import socketserver
import struct
import threading
import time
from collections.abc import Iterator

import cv2

from edge.vision.pictures import Image
from tests.edge.vision.camera.scenes import scene

PERIOD_S = 0.03
CLOCK_HZ = 90_000
LARGEST = 1200
TRANSPORT = "RTP/AVP/TCP;unicast;interleaved=0-1"
DESCRIPTION = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=hall\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
    "m=video 0 RTP/AVP 26\r\na=control:video\r\n"
)


class RtspCamera:
    """Shows scene 1, 2, 3 … to whoever knows the password."""

    def __init__(self) -> None:
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"rtsp://viewer:hidden-word@127.0.0.1:{self._server.server_address[1]}/hall"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(OSError):
            while request := self.rfile.readline().decode().split():
                headers = dict(self._headers())
                self._answer(request[0], headers)

    def _headers(self) -> Iterator[tuple[str, str]]:
        while line := self.rfile.readline().decode().strip():
            name, _, value = line.partition(":")
            yield name.lower(), value.strip()

    def _answer(self, method: str, headers: dict[str, str]) -> None:
        more = {
            "OPTIONS": {"Public": "DESCRIBE, SETUP, PLAY, TEARDOWN"},
            "DESCRIBE": {"Content-Type": "application/sdp"},
            "SETUP": {"Transport": TRANSPORT, "Session": "1"},
        }.get(method, {"Session": "1"})
        body = DESCRIPTION if method == "DESCRIBE" else ""
        lines = {"CSeq": headers["cseq"], "Content-Length": str(len(body)), **more}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.wfile.write(f"RTSP/1.0 200 OK\r\n{head}\r\n{body}".encode())
        if method == "PLAY":
            self._play()

    def _play(self) -> None:
        sequence = itertools.count()
        for number in itertools.count(1):
            at = int(number * PERIOD_S * CLOCK_HZ)
            for last, payload in packed(scene(number % 50)):
                kind = 26 | (0x80 if last else 0)
                header = struct.pack(">BBHII", 0x80, kind, next(sequence) & 0xFFFF, at, 7)
                packet = header + payload
                self.wfile.write(struct.pack(">cBH", b"$", 0, len(packet)) + packet)
            time.sleep(PERIOD_S)


def packed(picture: Image) -> Iterator[tuple[bool, bytes]]:
    """The payloads of one picture, and whether each is its last."""
    _, encoded = cv2.imencode(".jpg", picture)
    tables, scan = _parts(encoded.tobytes())
    height, width = picture.shape[:2]
    for start in range(0, len(scan), LARGEST):
        header = struct.pack(">IBBBB", start, 1, 255, width // 8, height // 8)
        quantization = struct.pack(">BBH", 0, 0, len(tables)) + tables if start == 0 else b""
        last = start + LARGEST >= len(scan)
        yield last, header + quantization + scan[start : start + LARGEST]


def _parts(jpeg: bytes) -> tuple[bytes, bytes]:
    """The quantization tables, and what follows the header of the scan."""
    tables, at = b"", 2
    while True:
        marker, length = struct.unpack_from(">HH", jpeg, at)
        if marker == 0xFFDB:
            tables += jpeg[at + 5 : at + 2 + length]
        at += 2 + length
        if marker == 0xFFDA:
            return tables, jpeg[at:-2]
