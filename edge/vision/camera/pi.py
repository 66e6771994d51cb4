"""The Raspberry Pi's own camera, through picamera2, which comes with the system and not from PyPI."""

from typing import Any

from edge.vision.camera.port import CameraLost
from edge.vision.pictures import Image, Size

SILENT_S = 5.0


class PiCamera:
    """A `Feed` of pictures of this size."""

    def __init__(self, size: Size, frames_per_second: float) -> None:
        try:
            from picamera2 import Picamera2  # noqa: PLC0415  few terminals have it
        except ImportError as error:
            raise CameraLost("picamera2 is missing: apt install python3-picamera2.") from error
        self._request: Any = None
        try:
            self._camera = Picamera2()
            # What picamera2 calls RGB888 lies in memory as blue, green, red.
            configuration = self._camera.create_video_configuration(
                main={"size": (size.width, size.height), "format": "RGB888"},
                controls={"FrameRate": frames_per_second},
            )
            self._camera.configure(configuration)
            self._camera.start()
        except (RuntimeError, IndexError) as error:
            raise CameraLost(
                "The Pi's camera does not answer: look at its ribbon cable."
            ) from error

    def grab(self) -> None:
        self._release()
        try:
            self._request = self._camera.capture_request(wait=False).get_result(timeout=SILENT_S)
        except (RuntimeError, TimeoutError) as error:
            raise CameraLost("The Pi's camera gives no more pictures.") from error

    def picture(self) -> Image | None:
        picture: Image = self._request.make_array("main")
        return picture

    def close(self) -> None:
        self._release()
        self._camera.close()

    def _release(self) -> None:
        if self._request is not None:
            self._request.release()
            self._request = None
