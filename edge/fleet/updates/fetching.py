"""Fetches what a release is made of: from a stick, from other terminals of the site, from the hub, in this order.

Decides whom to ask next. What comes from anybody is held against its signed digest, so it does not matter who gave it;
a terminal of the site that gave something else is asked no more during this update.
"""

import shutil
from collections.abc import Iterable, Sequence
from errno import ENOSPC
from pathlib import Path

import structlog

from edge.fleet.hub_client import HubFailure
from edge.fleet.updates.downloading import Corrupt, Pace
from edge.fleet.updates.sources import NotThere, SignedFile, Source
from edge.fleet.updates.store import WheelStore

log = structlog.get_logger()

UNPACKED = 4
"""How much larger a wheel is once it is installed and compiled, at most as we have seen."""


def require_room(
    folder: Path, missing: Iterable[SignedFile], wheels: Iterable[SignedFile], reserve: int
) -> None:
    """OSError when the disk could not take the download, the new slot, and `reserve` bytes of answers beside them."""
    needed = sum(one.length for one in missing) + UNPACKED * sum(one.length for one in wheels)
    free = shutil.disk_usage(folder).free
    if free < needed + reserve:
        raise OSError(
            ENOSPC, f"{(needed + reserve - free) // 1_000_000 + 1} MB too little room", str(folder)
        )


def fetch(
    files: Sequence[SignedFile], store: WheelStore, near: Sequence[Source], main: Source, pace: Pace
) -> None:
    """Fetch files into the store; from `main` what nobody near has.

    HubFailure, NotThere or OSError: not now, and what has come stays. Corrupt: `main` has not what was signed.
    """
    asked = list(near)
    for file in files:
        for source in list(asked):
            try:
                store.fetch(file, source, pace)
                break
            except Corrupt as error:
                log.warning("update_peer_corrupt", error=str(error))
                asked.remove(source)
            except (HubFailure, NotThere):
                continue
        else:
            store.fetch(file, main, pace)
