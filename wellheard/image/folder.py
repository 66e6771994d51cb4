"""A rendered folder on a disk: only what Wellheard has rendered for the same device is ever written over.

Decides that by a list which the folder carries. Files of another hand in it stay.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ValidationError

from wellheard.image.files import PLAIN, SECRET, CardFile
from wellheard.image.settings import ImageRefused


def _inside(name: str) -> str:
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise ValueError("leads out of the folder")
    return name


LIST = "wellheard/rendered.json"


class RenderedList(BaseModel):
    """Whose files a folder holds, and which; another could lead out of the folder, and is not believed."""

    device: str
    files: list[Annotated[str, AfterValidator(_inside)]]


def write_folder(out: Path, device: str, files: Mapping[str, CardFile]) -> None:
    """ImageRefused: the folder is somebody else's, or another device's, or cannot be written."""
    try:
        before = _rendered_before(out, device)
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        listed = RenderedList(device=device, files=sorted(files)).model_dump_json(indent=2)
        # The list first: what a failure leaves behind is known to be ours.
        for name, file in {LIST: CardFile(listed.encode()), **files}.items():
            _write(out / name, file)
        for name in before - set(files):
            (out / name).unlink(missing_ok=True)
    except OSError as error:
        raise ImageRefused(f"out: {error.filename or out}: {error.strerror}") from error


def read_list(folder: Path) -> RenderedList | None:
    """What has been rendered into this folder; None where nothing has."""
    try:
        return RenderedList.model_validate_json((folder / LIST).read_bytes())
    except (OSError, ValidationError):
        return None


def _rendered_before(out: Path, device: str) -> set[str]:
    if out.exists() and not out.is_dir():
        raise ImageRefused(f"out: {out} is no folder")
    if not out.exists() or not any(out.iterdir()):
        return set()
    listed = read_list(out)
    if listed is None:
        raise ImageRefused(
            f"out: {out} holds files that were not rendered here; nothing is written"
        )
    if listed.device != device:
        raise ImageRefused(f"out: {out} holds the files of {listed.device}; nothing is written")
    return set(listed.files)


def _write(path: Path, file: CardFile) -> None:
    """Whole or not at all; a secret is never readable by others, not even for a moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = file.read()
    if path.is_file() and path.read_bytes() == content and _mode(path) == file.mode:
        return
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, SECRET), "wb") as stream:
        stream.write(content)
        os.fsync(stream.fileno())
    if file.mode == PLAIN:
        new.chmod(PLAIN)
    new.replace(path)


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777
