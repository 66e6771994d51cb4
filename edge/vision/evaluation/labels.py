"""Reads labelled pictures: a JSON object from file names to the faces on them, in pixels of the file."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import cv2
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from edge.vision.pictures import Image

Length = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Position = Annotated[float, Field(allow_inf_nan=False)]


class Unreadable(Exception):
    """A picture or the labels cannot be read; the text names the file and says why."""


class Label(BaseModel):
    """A face that somebody has marked; `ignore` if it cannot be fairly asked for. One without an extent is none."""

    model_config = ConfigDict(frozen=True)
    box: tuple[Position, Position, Length, Length]
    ignore: bool = False


def read_labels(path: Path) -> Mapping[str, Sequence[Label]]:
    """By file name."""
    try:
        return TypeAdapter(dict[str, tuple[Label, ...]]).validate_json(path.read_bytes())
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise Unreadable(f"{path}: {where or 'the file'}: {first['msg']}.") from error


def read_picture(path: Path) -> Image:
    """As whoever looks at it sees it: turned as its EXIF data say."""
    if not path.is_file():
        raise Unreadable(f"{path}: there is no such file.")
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise Unreadable(f"{path}: this is no picture that OpenCV can read.")
    return picture
