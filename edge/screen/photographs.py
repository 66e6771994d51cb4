"""The photographs of the people on duty: fetched from the hub once, kept under their SHA-256 for as long as they are
wanted.

A file is taken over only if it has the digest that the hub's configuration named; without the hub those that are here
stay. `GET {hub_url}/api/device/photographs/{sha256}`.
"""

import contextlib
import hashlib
import os
import re
import threading
from collections.abc import Callable, Collection
from pathlib import Path
from random import Random

import structlog

from edge.backoff import delay_s
from edge.fleet.hub_client import HubClient, HubFailure
from edge.screen.pages import photograph_type

log = structlog.get_logger()

LARGEST_BYTES = 4 * 1024 * 1024
LOOK_EVERY_S = 5.0
SHA256 = re.compile(r"[0-9a-f]{64}")


class NotFetched(Exception):
    """The hub could not be reached, refused, or sent something else."""


def fetch(hub: HubClient, sha256: str) -> bytes:
    """One photograph; NotFetched when it does not come whole."""
    try:
        content = hub.get(f"/api/device/photographs/{sha256}", limit=LARGEST_BYTES)
    except HubFailure as failure:
        raise NotFetched(f"{type(failure).__name__}: {failure}") from failure
    if hashlib.sha256(content).hexdigest() != sha256 or photograph_type(content) is None:
        raise NotFetched("not the photograph that was named")
    return content


class Photographs:
    """The folder of photographs, and the thread that fills it."""

    def __init__(
        self, folder: Path, wanted: Callable[[], Collection[str]], hub: HubClient | None
    ) -> None:
        self._folder = folder
        self._wanted = wanted
        self._hub = hub
        self._random = Random()  # noqa: S311 - jitter
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="photographs", daemon=True)

    def start(self) -> None:
        """Begin to fetch what is missing."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._hub is not None:
            self._thread.start()

    def stop(self) -> None:
        """End; a photograph on its way may take a moment."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1)

    def photograph(self, sha256: str) -> bytes | None:
        """The photograph, if it is here."""
        if not SHA256.fullmatch(sha256):
            return None
        try:
            return (self._folder / sha256).read_bytes()
        except OSError:
            return None

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                self._look()
                failures = 0
            except (NotFetched, OSError) as error:
                failures += 1
                log.info("photograph_not_fetched", reason=str(error))
            self._stopping.wait(delay_s(failures, self._random) if failures else LOOK_EVERY_S)

    def _look(self) -> None:
        wanted = set(self._wanted())
        here = {path.name for path in self._folder.iterdir()}
        failure: NotFetched | None = None
        for sha256 in sorted(wanted - here):
            try:
                self._take(sha256)
            except NotFetched as error:  # the others may be there
                failure = error
        if wanted:  # an empty list may be a terminal that has not heard from the hub yet
            for name in here - wanted:
                with contextlib.suppress(OSError):
                    (self._folder / name).unlink()
        if failure is not None:
            raise failure

    def _take(self, sha256: str) -> None:
        if self._hub is None or self._stopping.is_set():
            return
        content = fetch(self._hub, sha256)
        new = self._folder / f"{sha256}.new"
        with new.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._folder / sha256)
