"""Fits a picture of any shape into the frame that a detector looks at, without distorting it."""

import cv2
import numpy as np

from edge.vision.pictures import Image, Size


def letterbox(picture: Image, frame: Size) -> Image:
    """The picture in the upper left corner of the padded frame, black where it does not reach."""
    original = Size.of(picture)
    scale = original.scale_into(frame)
    fitted = Size(max(1, round(original.width * scale)), max(1, round(original.height * scale)))
    if fitted != original:
        interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        picture = cv2.resize(picture, (fitted.width, fitted.height), interpolation=interpolation)
    padded = frame.padded()
    if fitted == padded:
        return picture
    canvas: Image = np.zeros((padded.height, padded.width, 3), np.uint8)
    canvas[: fitted.height, : fitted.width] = picture
    return canvas
