"""The software that a card brings along: a published repository of signed releases, as on a USB stick.

Decides whether it is one and has what it asks for. Signatures are checked by the terminal when it installs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from contract.releases import lock_target, served_name, wheel_target
from wellheard.image.settings import ImageRefused

ASKS, FIRST_ROOT = "update.json", "metadata/1.root.json"
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}$")]


class Asked(BaseModel):
    """The release that a stick brings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: Word
    release: Word


@dataclass(frozen=True, slots=True)
class Bundle:
    """A folder with `metadata`, `targets` and `update.json`; and where the terminal begins to trust."""

    folder: Path
    root: Path

    def files(self) -> Iterator[Path]:
        """All of it, in order."""
        yield self.folder / ASKS
        for part in ("metadata", "targets"):
            yield from sorted(path for path in (self.folder / part).rglob("*") if path.is_file())


def open_bundle(folder: Path, root: Path | None) -> Bundle:
    """ImageRefused: it is none, or lacks what it asks for. Without a root its own first one is believed."""
    try:
        asked = Asked.model_validate_json((folder / ASKS).read_bytes())
    except (OSError, ValidationError) as error:
        raise ImageRefused(
            f"bundle: {folder} has no usable {ASKS}; see `wellheard release`"
        ) from error
    lock, wheels = lock_target(asked.channel, asked.release), wheel_target(asked.channel, "*.whl")
    if not any((folder / "targets").glob(served_name(lock, "*"))):
        raise ImageRefused(f"bundle: {folder} has no release {asked.release} of {asked.channel}")
    if not any((folder / "targets").glob(wheels)):
        raise ImageRefused(f"bundle: {folder} has no wheels")
    begins = root or folder / FIRST_ROOT
    if not begins.is_file():
        raise ImageRefused(f"root: {begins} is not there")
    return Bundle(folder, begins)
