"""Twilio's side: its REST API on a real port, and the webhooks that it signs and calls."""

import json
import threading
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import httpx
from twilio.request_validator import RequestValidator

ACCOUNT, TOKEN = "AC" + "0" * 32, "token of the account"
SENDER = "+34960000000"


class TwilioApi:
    """Keeps the messages it is given. `webhook` calls the hub with a signature of the account's token."""

    def __init__(self) -> None:
        self.messages: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.answer_with: int | None = None
        """A status to refuse everything with."""
        self._port = 0
        self.start()

    def start(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), self._handler())
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def webhook(self, url: str, form: dict[str, str], token: str = TOKEN) -> httpx.Response:
        signature = RequestValidator(token).compute_signature(url, form)
        return httpx.post(url, data=form, headers={"X-Twilio-Signature": signature})

    def _create(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self.answer_with is not None:
            return self.answer_with, {"code": 20000, "message": "refused", "status": 0}
        if form.get("To", "").endswith("0000"):
            return 400, {"code": 21211, "message": "Invalid 'To' Phone Number", "status": 400}
        form["sid"] = f"SM{len(self.messages):032d}"
        form["created"] = format_datetime(datetime.now(UTC))
        self.messages.append(form)
        return 201, _shown(form)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
                self._say(*api._create(form))

            def do_GET(self) -> None:
                newest = [_shown(form) for form in reversed(api.messages)]
                self._say(200, {"messages": newest, "next_page_uri": None})

            def _say(self, status: int, told: dict[str, Any]) -> None:
                api.paths.append(self.path)
                content = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Nothing: tests read what they need."""

        return Handler


def _shown(form: dict[str, str]) -> dict[str, Any]:
    return {
        "sid": form["sid"],
        "to": form["To"],
        "from": form.get("From"),
        "body": form["Body"],
        "status": "queued",
        "date_created": form["created"],
    }
