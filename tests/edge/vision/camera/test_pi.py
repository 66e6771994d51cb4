"""The Raspberry Pi's own camera: its buffers are given back, and a loose cable is said."""

import sys
from pathlib import Path

import pytest

from edge.vision.camera.opening import open_feed
from edge.vision.camera.port import CameraLost
from edge.vision.pictures import Size

RASPBERRY = Path(__file__).parents[3] / "fakes" / "raspberry"


def opened():
    return open_feed("picamera2", Path(), Size(64, 48), 10, repeat=False)


@pytest.fixture
def sensor(monkeypatch):
    monkeypatch.syspath_prepend(str(RASPBERRY))
    from picamera2 import Sensor

    yield Sensor
    del sys.modules["picamera2"]


def test_pictures_come_and_buffers_go_back(sensor):
    feed = opened()
    for number in (1, 2, 3):
        feed.grab()
        picture = feed.picture()
        assert picture is not None
        assert picture.shape == (48, 64, 3)
        assert picture[0, 0, 0] == number
    feed.close()
    assert sensor.held == 0


def test_a_cable_that_comes_loose_loses_the_camera(sensor):
    feed = opened()
    sensor.connected = False
    with pytest.raises(CameraLost, match="no more pictures"):
        feed.grab()
    feed.close()
    with pytest.raises(CameraLost, match="ribbon cable"):
        opened()


def test_a_system_without_picamera2_says_what_to_install():
    with pytest.raises(CameraLost, match="python3-picamera2"):
        opened()
