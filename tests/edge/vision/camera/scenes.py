"""Pictures of a camera that looks at nothing in particular, and files made of them."""

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

from edge.vision.pictures import Image


def scene(number: int, width: int = 160, height: int = 120) -> Image:
    """A picture that shows which one it is: its left half is as bright as four times the number."""
    picture: Image = np.full((height, width, 3), 200, np.uint8)
    picture[:, : width // 2] = 4 * number
    return picture


def number_of(picture: Image) -> int:
    """Which scene it is."""
    height, width = picture.shape[:2]
    return round(float(picture[: height // 2, : width // 4].mean()) / 4)


def write_video(path: Path, pictures: Iterable[Image], frames_per_second: float) -> Path:
    """A Motion JPEG file, of which each picture can be damaged alone."""
    writer = None
    for picture in pictures:
        if writer is None:
            size = (picture.shape[1], picture.shape[0])
            codec = cv2.VideoWriter.fourcc(*"MJPG")
            writer = cv2.VideoWriter(str(path), codec, frames_per_second, size)
        writer.write(picture)
    assert writer is not None
    writer.release()
    return path


def write_folder(path: Path, pictures: Iterable[Image]) -> Path:
    """PNG files, named in their order."""
    path.mkdir()
    for number, picture in enumerate(pictures):
        cv2.imwrite(str(path / f"{number:04}.png"), picture)
    return path
