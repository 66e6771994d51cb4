"""A terminal's TUF client that fetches over HTTP from an application in this process."""

from collections.abc import Iterator
from pathlib import Path

from starlette.testclient import TestClient
from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

SITE = "http://hub.test/releases"


class Fetcher(FetcherInterface):
    """With the device's login; remembers what was asked for."""

    def __init__(self, client: TestClient, login: tuple[str, str]) -> None:
        self.client = client
        self.login = login

    def _fetch(self, url: str) -> Iterator[bytes]:
        answer = self.client.get(url, auth=self.login)
        if answer.status_code != 200:
            raise DownloadHTTPError(str(answer.status_code), answer.status_code)
        return iter([answer.content])


def updater(fetcher: Fetcher, folder: Path, root: str) -> Updater:
    """A client that trusts this root, with a cache of its own."""
    (folder / "targets").mkdir(parents=True, exist_ok=True)
    return Updater(
        str(folder),
        f"{SITE}/metadata/",
        str(folder / "targets"),
        f"{SITE}/targets/",
        fetcher=fetcher,
        config=UpdaterConfig(prefix_targets_with_hash=True),
        bootstrap=root.encode(),
    )
