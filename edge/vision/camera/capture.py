"""Cameras that OpenCV reads live: V4L2 devices and network streams. Decides how long one may be silent."""

import os
from pathlib import Path

import cv2

from edge.vision.camera.port import CameraLost
from edge.vision.pictures import Image, Size

SILENT_MS = 5000
_ONE_THREAD = [
    cv2.CAP_PROP_N_THREADS,
    1,
]  # a thread of ffmpeg's for every core is memory for nothing


class LiveCapture:
    """A `Feed` over a capture that is open."""

    def __init__(self, capture: cv2.VideoCapture, lost: str) -> None:
        self._capture = capture
        self._lost = lost

    def grab(self) -> None:
        try:
            grabbed = self._capture.grab()
        except cv2.error as error:
            raise CameraLost(self._lost) from error
        if not grabbed:
            raise CameraLost(self._lost)

    def picture(self) -> Image | None:
        return retrieved(self._capture)

    def close(self) -> None:
        self._capture.release()


def open_device(path: Path, size: Size, frames_per_second: float) -> LiveCapture:
    """A camera of the kernel's, asked for this size and rate; it may answer with others."""
    if not path.exists():
        raise CameraLost(f"There is no camera at {path}: look whether it is plugged in.")
    if not os.access(path, os.R_OK | os.W_OK):
        raise CameraLost(f"{path} may not be opened: the agent must be in the group video.")
    wishes = [
        *(cv2.CAP_PROP_FRAME_WIDTH, size.width),
        *(cv2.CAP_PROP_FRAME_HEIGHT, size.height),
        *(cv2.CAP_PROP_FPS, round(frames_per_second)),
    ]
    capture = cv2.VideoCapture(str(path), cv2.CAP_V4L2, wishes)
    if not capture.isOpened():
        raise CameraLost(f"{path} is no camera, or another program uses it.")
    return LiveCapture(capture, f"The camera at {path} gives no more pictures: look at its cable.")


def open_stream(url: str) -> LiveCapture:
    """A camera in the network. Its address may hold a password, so no sentence repeats it."""
    limits = [
        *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, SILENT_MS),
        *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, SILENT_MS),
    ]
    capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG, [*limits, *_ONE_THREAD])
    if not capture.isOpened():
        raise CameraLost(
            "The camera in the network does not answer: look at it and at its address."
        )
    return LiveCapture(capture, "The camera in the network gives no more pictures.")


def open_video(path: Path) -> cv2.VideoCapture:
    """A file; CameraLost when it is none, or no video."""
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, _ONE_THREAD)
    if not capture.isOpened():
        raise CameraLost(f"{path} is missing, or is no video.")
    return capture


def retrieved(capture: cv2.VideoCapture) -> Image | None:
    """The grabbed picture; None when it cannot be decoded."""
    try:
        whole, picture = capture.retrieve()
    except cv2.error:
        return None
    return picture if whole and picture is not None and picture.size else None
