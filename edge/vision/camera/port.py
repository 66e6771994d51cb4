"""The lowest level of a camera: a feed that is open, and how it can end."""

from typing import Protocol

from edge.vision.pictures import Image


class CameraLost(Exception):
    """There is no camera, or no longer; the text is a sentence for the person who mends it, without an address."""


class VideoEnded(Exception):
    """A file or a folder has been shown to its end, which is no fault."""


class Feed(Protocol):
    """An open camera, used by one thread."""

    def grab(self) -> None:
        """Wait for the next picture and forget the one before; CameraLost or VideoEnded when none comes any more."""
        ...

    def picture(self) -> Image | None:
        """What was grabbed, which only now costs time; None when it is damaged."""
        ...

    def close(self) -> None:
        """Let go of the camera; it is not used afterwards."""
        ...
