"""How a terminal asks its hub by HTTP: one client for photographs, uploads, updates and enrolment.

Decides who the terminal says it is (HTTP Basic, its id and its password for the broker), whose certificate it believes,
how long it waits, and that no redirect and no proxy learns the password. What is asked, what an answer means and when
to ask again is the callers' affair.
"""

import contextlib
import json
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

import urllib3
from urllib3 import exceptions as failures
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout, make_headers

CONNECT_S = 10.0
SILENCE_S = 20.0
"""The longest pause between two pieces of an answer."""
LARGEST_BYTES = 1024 * 1024
"""Of an answer for which the caller named no other limit."""
PIECE_BYTES = 64 * 1024

Body = bytes | IO[bytes]


@dataclass(frozen=True, slots=True)
class HubLogin:
    """Where the hub is and who asks; without a password the terminal is a stranger there, as before its enrolment.

    `ca_file` holds authorities that are believed beside the system's own.
    """

    url: str
    device: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None


class HubFailure(Exception):
    """The hub did not do as it was asked."""


class Unreachable(HubFailure):
    """No connection, no trust in it, or it broke before the answer was whole; the text says which."""


class Refused(HubFailure):
    """The hub answered with an error; `status` is HTTP's, the text is the hub's own sentence where it wrote one."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class HubClient:
    """For several threads. `login` may be exchanged for another at the same hub: what begins later uses it."""

    def __init__(
        self, login: HubLogin, *, connect_s: float = CONNECT_S, silence_s: float = SILENCE_S
    ) -> None:
        self.login = login
        timeout = Timeout(connect=connect_s, read=silence_s)
        # The file is read with each connection: it may come or change later, and a terminal starts without it.
        self._pool = urllib3.PoolManager(
            timeout=timeout, ssl_context=ssl.create_default_context(), ca_certs=login.ca_file
        )

    def get(self, path: str, *, limit: int = LARGEST_BYTES) -> bytes:
        """The whole answer, of at most `limit` bytes. Unreachable or Refused."""
        with self.open("GET", path) as response:
            return _whole(response, limit)

    def post(
        self,
        path: str,
        body: Body,
        *,
        content_type: str = "application/json",
        limit: int = LARGEST_BYTES,
    ) -> bytes:
        """Send bytes, or a file from where it stands, and return the whole answer. Unreachable or Refused."""
        with self.open("POST", path, {"Content-Type": content_type}, body) as response:
            return _whole(response, limit)

    def post_json(self, path: str, document: Mapping[str, object]) -> dict[str, Any]:
        """Send an object and return the one that is answered. Unreachable or Refused."""
        answer = self.post(path, json.dumps(document).encode())
        try:
            found = json.loads(answer or b"{}")
        except ValueError as error:
            raise Unreachable("the answer is no JSON") from error
        if not isinstance(found, dict):
            raise Unreachable("the answer is no object")
        return found

    @contextlib.contextmanager
    def open(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: Body | None = None,
    ) -> Iterator[urllib3.BaseHTTPResponse]:
        """An answer that is read piece by piece, whatever its status: `stream(n)`, `headers`, `status`.

        Unreachable also when it breaks while it is read; what the caller itself raises passes as it is.
        """
        login = self.login
        known = {"Accept-Encoding": "identity", **(headers or {})}
        if login.device is not None and login.password is not None:
            known |= make_headers(basic_auth=f"{login.device}:{login.password}")
        response = None
        try:
            response = self._pool.request(
                method,
                login.url.rstrip("/") + path,
                body=body,
                headers=known,
                retries=False,
                redirect=False,
                preload_content=False,
            )
            yield response
        except HTTPError as error:
            raise Unreachable(_said(error)) from error
        finally:
            if response is not None:
                response.close()


def _said(error: HTTPError) -> str:
    """For whoever mends the line, or looks at the hub."""
    kind = type(error).__name__
    known = next((words for one, words in _SAID if isinstance(error, one)), "the connection failed")
    return f"{known} ({kind})"


_SAID: tuple[tuple[type[HTTPError], str], ...] = (
    (failures.NameResolutionError, "the hub's name is not known to the network"),
    (failures.NewConnectionError, "nothing answers at the hub's address"),
    (failures.TimeoutError, "the hub did not answer in time"),
    (failures.SSLError, "the hub's certificate is not believed, or the clock is wrong"),
    (failures.ProtocolError, "the connection broke"),
)


def _whole(response: urllib3.BaseHTTPResponse, limit: int) -> bytes:
    content = b""
    for piece in response.stream(PIECE_BYTES):
        content += piece
        if len(content) > limit:
            raise Unreachable(f"the answer has more than {limit} bytes")
    if not 200 <= response.status < 300:
        raise Refused(response.status, _sentence(content) or f"HTTP {response.status}")
    return content


def _sentence(content: bytes) -> str | None:
    """The sentence of a problem document (RFC 9457)."""
    try:
        problem = json.loads(content)
        return str(problem.get("detail") or problem["title"])
    except (ValueError, KeyError, AttributeError):
        return None
