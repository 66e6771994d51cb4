"""Where signed files come from: the hub, another terminal of the site, or a folder on a USB stick.

Sources are not trusted and decide nothing: what they give is held against signed metadata. Each knows files by the
names under which a repository serves them.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from contract.releases import served_name
from edge.fleet.hub_client import HubClient, Refused

PIECE_BYTES = 64 * 1024
"""Read at once, and the most that a broken connection can waste."""


class NotThere(Exception):
    """The source has no such file."""


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A file as signed metadata describes it; `target` is its signed name."""

    target: str
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking for a file from an offset; `span` is HTTP's Content-Range, where there is one."""

    status: int
    span: str | None
    pieces: Iterator[bytes]


class Source(Protocol):
    """One place to fetch from. HubFailure or OSError: not now."""

    name: str

    def metadata(self, name: str, most: int) -> bytes:
        """One file of metadata, of at most `most` bytes; NotThere when there is none."""
        ...

    def open(self, file: SignedFile, start: int) -> AbstractContextManager[Answer]:
        """A target's bytes from `start` on, as far as the source heeds that."""
        ...


class HubSource:
    """The hub, which serves a repository below `/releases`."""

    name = "hub"

    def __init__(self, client: HubClient) -> None:
        self._client = client

    def metadata(self, name: str, most: int) -> bytes:
        try:
            return self._client.get(f"/releases/metadata/{name}", limit=most)
        except Refused as refused:
            if refused.status == 404:
                raise NotThere(name) from refused
            raise

    def open(self, file: SignedFile, start: int) -> AbstractContextManager[Answer]:
        path = f"/releases/targets/{served_name(file.target, file.sha256)}"
        return _http_answer(self._client, path, start)


class PeerSource:
    """Another terminal of the site: it has wheels alone, by their digest."""

    def __init__(self, client: HubClient) -> None:
        self._client = client
        self.name = client.login.url

    def metadata(self, name: str, most: int) -> bytes:  # noqa: ARG002 - it has none
        raise NotThere(name)

    def open(self, file: SignedFile, start: int) -> AbstractContextManager[Answer]:
        return _http_answer(self._client, f"/wheels/{file.sha256}", start)


class FolderSource:
    """A repository in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.name = str(folder)

    def metadata(self, name: str, most: int) -> bytes:
        try:
            with (self._folder / "metadata" / name).open("rb") as file:
                return file.read(most + 1)
        except FileNotFoundError as error:
            raise NotThere(name) from error

    @contextmanager
    def open(self, file: SignedFile, start: int) -> Iterator[Answer]:
        path = self._folder / "targets" / served_name(file.target, file.sha256)
        try:
            with path.open("rb") as content:
                content.seek(start)
                span = f"bytes {start}-{file.length - 1}/{file.length}"
                yield Answer(206, span, iter(lambda: content.read(PIECE_BYTES), b""))
        except FileNotFoundError as error:
            raise NotThere(file.target) from error


@contextmanager
def _http_answer(client: HubClient, path: str, start: int) -> Iterator[Answer]:
    headers = {"Range": f"bytes={start}-"} if start else {}
    with client.open("GET", path, headers) as response:
        yield Answer(
            response.status, response.headers.get("Content-Range"), response.stream(PIECE_BYTES)
        )
