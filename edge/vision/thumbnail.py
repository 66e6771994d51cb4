"""A picture made small and gray, which is all that is needed to see movement and what is wrong with a camera."""

import cv2

from edge.vision.pictures import Image

WIDTH, HEIGHT = 64, 48


def thumbnail(picture: Image) -> Image:
    """64 by 48 bytes; each is the mean of its part of the picture, so the sensor's noise is mostly gone."""
    small = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
