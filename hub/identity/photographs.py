"""Photographs of employees: checked by what they contain, drawn anew without a camera's remarks, kept by SHA-256.

Patients see them, so they are not encrypted. Whom a photograph shows is stored with the employee.
"""

import os
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from re import compile as pattern

from PIL import Image, ImageOps, UnidentifiedImageError

from hub.core.errors import BadInput
from hub.core.texts import gettext as _

FIELD = "photograph"
SIDE = 640
"""Pixels of the longer side, enough for the largest terminal."""
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP")

_NAME = pattern(r"[0-9a-f]{64}")


def drawn_anew(content: bytes) -> bytes:
    """A JPEG of at most SIDE pixels, upright, without metadata; raises BadInput for whatever is no photograph."""
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise BadInput(FIELD, _("The picture has too many pixels. Choose a smaller one."))
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ) as error:
        raise BadInput(FIELD, _("This is not a JPEG, PNG or WebP picture.")) from error
    upright.thumbnail((SIDE, SIDE))
    drawn = BytesIO()
    upright.save(drawn, "JPEG", quality=85)
    return drawn.getvalue()


class PhotographFolder:
    """The files, each under its SHA-256."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes) -> str:
        """Store a photograph; returns its name."""
        name = sha256(content).hexdigest()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self._folder / f"{name}.new"
        with new.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._folder / name)
        return name

    def find(self, name: str) -> bytes | None:
        """The photograph, if it is here."""
        path = self._folder / name
        return path.read_bytes() if _NAME.fullmatch(name) and path.is_file() else None
