"""What is believed of releases: TUF, beginning at the root that lies on this terminal.

Decides the time by which signatures expire: the clock's, but never earlier than the latest time that was proved before.
A clock of 1970 thus revives nothing. A clock that runs years ahead finds everything expired, which is refused and not
remembered: only a time at which the hub's own signatures were valid is, so a clock set right is believed again.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from tuf.api.exceptions import (
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    RepositoryError,
)
from tuf.api.metadata import TargetFile
from tuf.ngclient import FetcherInterface, Updater
from tuf.ngclient.config import UpdaterConfig

from contract.releases import Release, lock_target, read_release, wheel_target
from edge.durable import sync_files
from edge.fleet.hub_client import HubFailure
from edge.fleet.updates.sources import NotThere, SignedFile, Source

T = TypeVar("T")
MOST_BYTES = 512 * 1024
"""Of one file of metadata: a channel with a hundred releases has less."""


class NotTrusted(Exception):
    """Signed metadata was refused: forged, replayed, mixed, expired, or signed by too few; the text says which."""


class Expired(NotTrusted):
    """It is too old: nothing newer comes through, or the clock is wrong. Either may pass."""


class NotReached(Exception):
    """The source did not give the metadata; nothing is wrong with what is here."""


class Catalogue:
    """What a source's metadata says, once it is believed."""

    def __init__(self, updater: Updater) -> None:
        self._updater = updater

    @property
    def until_ms(self) -> int:
        """When the newest signature expires."""
        return int(self._updater._trusted_set.timestamp.expires.timestamp() * 1000)

    def release(self, channel: str, version: str) -> tuple[Release, SignedFile]:
        """The signed words of a release and its lock file. NotTrusted: the channel has signed no such release."""
        target = lock_target(channel, version)
        found = self._find(target)
        try:
            release = read_release(found.unrecognized_fields.get("custom"))
        except ValidationError as error:
            raise NotTrusted(f"{target}: the signed words are no release's") from error
        if release.version != version:
            raise NotTrusted(f"{target} is signed as version {release.version}")
        return release, _signed(found)

    def wheels(self, channel: str, release: Release) -> list[SignedFile]:
        """The release's wheels. NotTrusted: one is not signed, or not as the release names it."""
        files = []
        for wheel, sha256 in release.wheels.items():
            file = _signed(self._find(wheel_target(channel, wheel)))
            if file.sha256 != sha256:
                raise NotTrusted(f"{wheel} is signed as another file than the release's")
            files.append(file)
        return files

    def _find(self, target: str) -> TargetFile:
        found = _asked(lambda: self._updater.get_targetinfo(target))
        if found is None:
            raise NotTrusted(f"{target} is signed by nobody who may")
        return found


class Trust:
    """The metadata that was believed last, in a folder of its own; `root` is where belief begins."""

    def __init__(self, folder: Path, root: bytes) -> None:
        self._folder = folder
        self._root = root

    def refresh(self, source: Source, now_ms: int, floor_ms: int) -> tuple[Catalogue, int]:
        """What the source's newest metadata says, and the time that is proved by it. NotTrusted or NotReached.

        Times are milliseconds since 1970, UTC; `floor_ms` is the time that was proved before.
        """
        at_ms = max(now_ms, floor_ms)
        self._folder.mkdir(parents=True, exist_ok=True)
        updater = _asked(lambda: self._updater(source, at_ms))
        _asked(updater.refresh)
        sync_files(self._folder)  # TUF's own writing is not durable
        return Catalogue(updater), at_ms

    def _updater(self, source: Source, at_ms: int) -> Updater:
        updater = Updater(
            str(self._folder),
            "",
            fetcher=_Fetcher(source),
            config=UpdaterConfig(
                targets_max_length=MOST_BYTES,
                snapshot_max_length=MOST_BYTES,
                root_max_length=MOST_BYTES,
            ),
            bootstrap=self._root,
        )
        # TUF has no other way to tell it the time; its version is pinned, and a test watches over this.
        updater._trusted_set.reference_time = datetime.fromtimestamp(at_ms / 1000, UTC)
        return updater


class _Fetcher(FetcherInterface):
    """TUF's way to a source's metadata."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def _fetch(self, url: str) -> Iterator[bytes]:
        yield self.download_bytes(url, MOST_BYTES)

    def download_bytes(self, url: str, max_length: int) -> bytes:
        try:
            content = self._source.metadata(url.lstrip("/"), max_length)
        except NotThere as missing:
            raise DownloadHTTPError(f"{missing} is not there", 404) from missing
        if len(content) > max_length:
            raise DownloadLengthMismatchError(f"{url} has more than {max_length} bytes")
        return content


def _asked(ask: Callable[[], T]) -> T:
    """TUF's and the network's failures as ours."""
    try:
        return ask()
    except ExpiredMetadataError as error:
        raise Expired(str(error)) from error
    except RepositoryError as error:
        raise NotTrusted(f"{type(error).__name__}: {error}") from error
    except HubFailure as error:
        raise NotReached(str(error)) from error
    except (DownloadError, OSError) as error:
        raise NotReached(f"{type(error).__name__}: {error}") from error


def _signed(target: TargetFile) -> SignedFile:
    sha256 = target.hashes.get("sha256")
    if sha256 is None:
        raise NotTrusted(f"{target.path} is signed without a SHA-256")
    return SignedFile(target.path, target.length, sha256)
