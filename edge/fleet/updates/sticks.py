"""Bundles on USB sticks: a repository in the stick's folder `wellheard`, and beside it what it asks for.

A stick is believed as much as a hub, that is not at all: its `update.json` only names a release, and its metadata are
signed. The same stick asks once.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from contract.jobs import UpdateJob
from contract.messages.envelope import MAX_INT, Code

log = structlog.get_logger()

FOLDER, ASKS = "wellheard", "update.json"
MOST_BYTES = 10_000


class Asked(BaseModel):
    """What a stick brings."""

    model_config = ConfigDict(extra="forbid", strict=True)

    channel: Code
    release: Code


def look(places: Sequence[Path], known: Collection[str]) -> tuple[UpdateJob, Path] | None:
    """The first stick that asks for something new: a job of its own name, and the repository; `known` are names."""
    for folder in _folders(places):
        try:
            content = (folder / ASKS).read_bytes()[:MOST_BYTES]
            stamp = (folder / "metadata" / "timestamp.json").read_bytes()[:MOST_BYTES]
            asked = Asked.model_validate_json(content)
        except ValidationError:
            log.warning("stick_unreadable", step=ASKS)
            continue
        except OSError:
            continue
        name = f"stick-{hashlib.sha256(content + stamp).hexdigest()[:16]}"
        if name not in known:
            job = UpdateJob(
                job=name,
                until_ms=MAX_INT,
                kind="update",
                release=asked.release,
                channel=asked.channel,
            )
            return job, folder
    return None


def _folders(places: Sequence[Path]) -> Iterator[Path]:
    """`/media/STICK/wellheard` and `/media/USER/STICK/wellheard`."""
    for place in places:
        for pattern in (FOLDER, f"*/{FOLDER}", f"*/*/{FOLDER}"):
            with suppress(OSError):  # a stick that is broken, or was drawn at this moment
                yield from sorted(place.glob(pattern))
