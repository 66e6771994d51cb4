"""The newest picture is the one looked at; a camera that goes away is opened anew when it is back."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from edge.clock import SystemClock
from edge.vision.camera.grabbing import Camera
from edge.vision.camera.opening import open_feed
from edge.vision.camera.port import CameraLost, Feed, VideoEnded
from edge.vision.frames import REMEMBERED, Frame
from edge.vision.pictures import Image, Size
from tests.edge.vision.camera.http_camera import HttpCamera
from tests.edge.vision.camera.rtsp_camera import RtspCamera
from tests.edge.vision.camera.scenes import number_of, scene, write_folder, write_video
from tests.fakes.waiting import eventually

WITHIN_S = 10.0
CLOCK = SystemClock()


class Played:
    """A `Feed` whose pictures appear when the test says so."""

    def __init__(self) -> None:
        self._coming: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._asked = 0
        self.taken = 0
        self.damaged: set[int] = set()

    def show(self, count: int) -> None:
        """Returns once the camera has taken them all, and dealt with them."""
        goal = self.taken + count
        for _ in range(count):
            self._coming.put(True)
        eventually(lambda: self._asked > goal)

    def put(self) -> None:
        self._coming.put(True)

    def end(self) -> None:
        self._coming.put(False)

    def grab(self) -> None:
        self._asked += 1
        if not self._coming.get(timeout=2 * WITHIN_S):
            raise VideoEnded
        self.taken += 1

    def picture(self) -> Image | None:
        return None if self.taken in self.damaged else scene(self.taken)

    def close(self) -> None:
        """Nothing is open."""


class Cameras:
    """Starts cameras, and stops them after the test."""

    def __init__(self) -> None:
        self._cameras: list[Camera] = []
        self._feeds: list[Played] = []

    def play(self) -> tuple[Played, Camera]:
        feed = self.feed()
        return feed, self.open(lambda: feed)

    def feed(self) -> Played:
        self._feeds.append(Played())
        return self._feeds[-1]

    def source(self, source: str, folder: Path = Path(), *, repeat: bool = False) -> Camera:
        return self.open(lambda: open_feed(source, folder, Size(160, 120), 30, repeat=repeat))

    def open(self, opening: Callable[[], Feed]) -> Camera:
        camera = Camera(opening, CLOCK, Random(1))
        self._cameras.append(camera)
        camera.start()
        return camera

    def stop(self) -> None:
        for feed in self._feeds:
            feed.end()
        for camera in self._cameras:
            camera.stop()


@pytest.fixture
def cameras() -> Iterator[Cameras]:
    started = Cameras()
    yield started
    started.stop()


def look(camera: Camera) -> Frame:
    frame = camera.next(CLOCK.monotonic_ns(), WITHIN_S)
    assert frame is not None
    return frame


class TestFromAFile:
    def test_every_picture_comes_in_its_order_and_then_the_end(self, cameras, tmp_path):
        write_video(tmp_path / "hall.avi", map(scene, range(8)), 20)
        camera = cameras.source("hall.avi", tmp_path)
        seen = [number_of(look(camera).picture) for _ in range(3)]
        assert seen == sorted(seen)
        eventually(lambda: camera.connection().ended)
        assert camera.connection().lost == ""

    def test_it_is_shown_at_its_own_speed_and_repeated_if_wanted(self, cameras, tmp_path):
        write_folder(tmp_path / "hall", map(scene, (10, 20, 30)))
        camera = cameras.source("hall", tmp_path, repeat=True)
        frames = [look(camera) for _ in range(7)]
        numbers = {number_of(frame.picture) for frame in frames}
        assert len(numbers) > 1
        assert numbers <= {10, 20, 30}
        assert frames[-1].at_ns - frames[0].at_ns >= 5 / 30 * 1e9

    def test_what_was_due_while_nobody_could_look_is_passed_over(self, tmp_path):
        write_folder(tmp_path / "hall", map(scene, range(40)))
        feed = open_feed("hall", tmp_path, Size(1, 1), 100, repeat=False)
        feed.grab()
        time.sleep(0.2)  # what has to pass, and not a guess how long something takes
        feed.grab()
        picture = feed.picture()
        assert picture is not None
        assert number_of(picture) >= 19


class TestTheNewest:
    def test_pictures_that_nobody_waits_for_are_dropped(self, cameras):
        feed, camera = cameras.play()
        feed.show(20)
        assert camera.frames.recent() == ()
        threading.Timer(0.05, lambda: feed.show(1)).start()
        assert number_of(look(camera).picture) == 21

    def test_the_last_few_are_remembered_oldest_first(self, cameras):
        feed, camera = cameras.play()
        for _ in range(REMEMBERED + 3):
            threading.Timer(0.01, lambda: feed.show(1)).start()
            look(camera)
        remembered = camera.frames.recent()
        assert [number_of(f.picture) for f in remembered] == [4, 5, 6, 7, 8]
        assert [f.at_ns for f in remembered] == sorted(f.at_ns for f in remembered)

    def test_none_comes_where_none_is(self, cameras):
        _, camera = cameras.play()
        assert camera.next(CLOCK.monotonic_ns(), 0.05) is None

    def test_damaged_pictures_are_counted_and_survived(self, cameras):
        feed, camera = cameras.play()
        feed.damaged = {1, 2, 3}
        assert camera.next(1, 0.01) is None
        feed.show(3)
        assert camera.connection().damaged == 3
        feed.show(1)
        assert number_of(camera.frames.recent()[-1].picture) == 4
        assert camera.connection().damaged == 0


class TestLostAndBack:
    def test_a_camera_in_the_network_goes_and_comes_back(self, cameras):
        network = HttpCamera()
        network.plug()
        camera = cameras.source(network.url)
        before = look(camera)
        network.unplug()
        eventually(lambda: camera.connection().lost)
        assert "network" in camera.connection().lost
        assert network.url not in camera.connection().lost
        assert camera.frames.recent() == ()
        network.plug()
        after = camera.next(CLOCK.monotonic_ns(), 30)
        assert after is not None
        assert after.at_ns > before.at_ns
        assert camera.connection().lost == ""
        network.unplug()

    def test_a_camera_that_speaks_rtsp_is_read(self, cameras):
        network = RtspCamera()
        camera = cameras.source(network.url)
        numbers = [number_of(look(camera).picture) for _ in range(5)]
        assert all(0 <= number < 50 for number in numbers)
        assert len(set(numbers)) > 1
        network.stop()

    @pytest.mark.parametrize(
        ("source", "said"),
        [
            ("/dev/video97", "plugged in"),
            ("missing.mp4", "missing, or is no video"),
            ("http://127.0.0.1:9/", "does not answer"),
        ],
    )
    def test_a_camera_that_is_not_there_says_so_in_a_sentence(self, source, said, tmp_path):
        with pytest.raises(CameraLost, match=said):
            open_feed(source, tmp_path, Size(160, 120), 10, repeat=False)

    def test_an_error_that_nobody_expected_loses_the_camera_and_not_the_thread(self, cameras):
        tries = []
        feed = cameras.feed()

        def opening() -> Feed:
            tries.append(1)
            if len(tries) < 3:
                raise ZeroDivisionError
            return feed

        camera = cameras.open(opening)
        camera.next(1, 0.01)
        feed.show(1)
        assert number_of(camera.frames.recent()[-1].picture) == 1
        assert camera.connection().lost == ""
        assert len(tries) == 3

    def test_it_can_be_told_to_open_the_camera_anew(self, cameras):
        opened: list[Played] = []

        def opening() -> Feed:
            opened.append(cameras.feed())
            return opened[-1]

        camera = cameras.open(opening)
        eventually(lambda: opened)
        camera.reopen()
        opened[0].put()
        eventually(lambda: len(opened) == 2)


def test_corrupt_places_of_a_video_are_passed_over(cameras, tmp_path):
    pictures = [scene(min(number, 20)) for number in range(60)]
    path = write_video(tmp_path / "hall.avi", pictures, 60)
    content = bytearray(path.read_bytes())
    quarter = len(content) // 4
    content[quarter : quarter + 4000] = bytes(range(250)) * 16
    path.write_bytes(content)
    camera = cameras.source("hall.avi", tmp_path)
    seen = []
    while not camera.connection().ended:
        frame = camera.next(CLOCK.monotonic_ns(), 0.2)
        if frame is not None:
            seen.append(number_of(frame.picture))
    assert max(seen) == 20


def test_a_file_that_is_no_picture_is_a_damaged_picture(cameras, tmp_path):
    folder = write_folder(tmp_path / "hall", map(scene, range(3)))
    (folder / "0001.png").write_bytes(b"<html>not a picture</html>")
    feed = open_feed("hall", tmp_path, Size(160, 120), 50, repeat=False)
    pictures = []
    for _ in range(3):
        feed.grab()
        pictures.append(feed.picture())
    assert [picture is None for picture in pictures] == [False, True, False]
