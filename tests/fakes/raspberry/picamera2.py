"""What `edge.vision.camera.pi` uses of picamera2, which only a Raspberry Pi's system has."""

from concurrent.futures import Future
from typing import Any

import numpy as np


class Sensor:
    """What is soldered to the ribbon cable; the same for every program of this machine."""

    connected = True
    pictures = 0
    held = 0


class Picamera2:
    def __init__(self) -> None:
        if not Sensor.connected:
            raise IndexError("list index out of range")
        self._size = (0, 0)
        self._started = False

    def create_video_configuration(self, main: dict[str, Any], controls: dict[str, Any]) -> Any:
        assert main["format"] == "RGB888"
        assert controls["FrameRate"] > 0
        return main["size"]

    def configure(self, configuration: Any) -> None:
        self._size = configuration

    def start(self) -> None:
        self._started = True

    def capture_request(self, *, wait: bool) -> "Job":
        assert self._started
        assert wait is False
        return Job(self._size)

    def close(self) -> None:
        self._started = False


class Job:
    def __init__(self, size: tuple[int, int]) -> None:
        self._future: Future[Request] = Future()
        if Sensor.connected:
            self._future.set_result(Request(size))

    def get_result(self, timeout: float) -> "Request":
        assert timeout > 1
        return self._future.result(0 if not Sensor.connected else timeout)


class Request:
    """A buffer of the driver's; there are few, and one that is not released is lacking."""

    def __init__(self, size: tuple[int, int]) -> None:
        Sensor.pictures += 1
        Sensor.held += 1
        assert Sensor.held <= 1
        self._size = size

    def make_array(self, stream: str) -> Any:
        assert stream == "main"
        return np.full((self._size[1], self._size[0], 3), Sensor.pictures, np.uint8)

    def release(self) -> None:
        Sensor.held -= 1
