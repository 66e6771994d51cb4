"""A camera in the network: Motion JPEG over HTTP, which can be unplugged and plugged in again."""

import contextlib
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler

import cv2

from tests.edge.vision.camera.scenes import scene

PERIOD_S = 0.03


class HttpCamera:
    """Serves scene 1, 2, 3 … on a port that stays the same."""

    def __init__(self) -> None:
        self._server: _Server | None = None
        self._port = 0
        self.shown = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/live.mjpeg"

    def plug(self) -> None:
        self._server = _Server(("127.0.0.1", self._port), _Handler)
        self._server.camera = self
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def unplug(self) -> None:
        if self._server is not None:
            self._server.unplugged.set()
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    camera: HttpCamera

    def __init__(self, *args: object) -> None:
        self.unplugged = threading.Event()
        super().__init__(*args)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=picture")
        self.end_headers()
        with contextlib.suppress(OSError):
            while not self.server.unplugged.is_set():
                self.server.camera.shown += 1
                _, encoded = cv2.imencode(".jpg", scene(self.server.camera.shown % 50))
                head = f"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: {len(encoded)}\r\n\r\n"
                self.wfile.write(head.encode() + encoded.tobytes() + b"\r\n")
                time.sleep(PERIOD_S)

    def log_message(self, *_args: object) -> None:
        """Tests print nothing."""
