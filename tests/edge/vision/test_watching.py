"""The thread that looks survives everything: a camera that goes and comes, errors, a model that is not there yet."""

from collections.abc import Callable, Iterator
from random import Random

import pytest

from edge.clock import SystemClock
from edge.fleet.health.camera import CameraHealth
from edge.outbox import Draft
from edge.vision.camera.grabbing import Camera
from edge.vision.camera.opening import open_feed
from edge.vision.camera.port import Feed
from edge.vision.faces import Face
from edge.vision.models.store import ModelUnusable
from edge.vision.observer import Observer
from edge.vision.pace import Pace
from edge.vision.pictures import Image, Size
from edge.vision.reporting import Reports
from edge.vision.settings import CameraSettings
from edge.vision.watching import Reopening, Watcher
from tests.edge.vision.camera.http_camera import HttpCamera
from tests.fakes.waiting import eventually

CLOCK = SystemClock()
SETTINGS = CameraSettings(source="unused")
LOOKING = ((60.0, 40.0), (80.0, 40.0), (70.0, 52.0), (62.0, 62.0), (78.0, 62.0))


class Somebody:
    """A `Detector` that sees the same face on every picture, and sometimes fails."""

    def __init__(self, fails: int = 0) -> None:
        self._fails = fails
        self.pictures = 0

    def detect(self, _picture: Image) -> list[Face]:
        self.pictures += 1
        if self.pictures <= self._fails:
            raise MemoryError
        return [Face(50, 30, 40, 45, 0.9, LOOKING)]


class Terminal:
    """A watcher with everything around it."""

    def __init__(self, opening: Callable[[], Feed], open_observer: Callable[[], Observer]) -> None:
        self.health = CameraHealth(CLOCK)
        self.camera = Camera(opening, CLOCK, Random(1))
        self.told: list[Draft] = []
        self.greeted = 0
        self._watcher = Watcher(
            self.camera,
            CLOCK,
            self.health,
            open_observer=open_observer,
            reports=lambda seen: Reports(seen.presence, seen.smiles, SETTINGS, CLOCK),
            pace=Pace(1.0),
            may_reopen=True,
            threads=1,
        )

    def start(self) -> None:
        self.camera.start()
        self._watcher.start(self.told.append, self._greet)

    def stop(self) -> list[Draft]:
        last = self._watcher.stop()
        self.camera.stop()
        return last

    def _greet(self) -> None:
        self.greeted += 1

    @property
    def found(self) -> tuple[str, str]:
        (finding,) = self.health()
        return finding.status, finding.detail


@pytest.fixture
def network() -> Iterator[HttpCamera]:
    camera = HttpCamera()
    camera.plug()
    yield camera
    camera.unplug()


def opening(network: HttpCamera, tmp_path) -> Callable[[], Feed]:
    return lambda: open_feed(network.url, tmp_path, Size(160, 120), 30, repeat=False)


def test_the_camera_is_lost_and_comes_back_while_people_are_counted(network, tmp_path):
    observer = Observer(Somebody(), zone=0.1)
    terminal = Terminal(opening(network, tmp_path), lambda: observer)
    terminal.start()
    eventually(observer.presence.approached)
    assert terminal.found[0] == "ok"
    assert terminal.greeted >= 1
    network.unplug()
    eventually(lambda: terminal.found[0] == "failure")
    assert "network" in terminal.found[1]
    network.plug()
    eventually(lambda: terminal.found == ("ok", ""))
    (counted,) = terminal.stop()
    assert counted.fields["approaches"] >= 1
    assert counted.fields["looked"] >= 1


def test_an_error_while_looking_does_not_end_the_looking(network, tmp_path):
    detector = Somebody(fails=1)
    terminal = Terminal(opening(network, tmp_path), lambda: Observer(detector, zone=0.1))
    terminal.start()
    eventually(lambda: detector.pictures > 3)
    terminal.stop()


def test_without_a_model_the_terminal_says_what_to_do(network, tmp_path):
    def lacking() -> Observer:
        raise ModelUnusable("yunet is missing. Run: wellheard models pull yunet")

    terminal = Terminal(opening(network, tmp_path), lacking)
    terminal.start()
    eventually(lambda: terminal.found[0] == "failure")
    assert "wellheard models pull yunet" in terminal.found[1]
    assert terminal.stop() == []


class Reopened:
    """Counts how often it is told to open the camera anew."""

    def __init__(self) -> None:
        self.times: list[int] = []
        self.at_ns = 0

    def reopen(self) -> None:
        self.times.append(self.at_ns)


def test_a_camera_that_shows_nothing_is_opened_anew_ever_more_seldom():
    camera = Reopened()
    reopening = Reopening(camera)
    for tenth in range(6000):
        camera.at_ns = tenth * 100_000_000
        reopening.heed(True, camera.at_ns)
    waits = [later - sooner for sooner, later in zip(camera.times, camera.times[1:], strict=False)]
    assert min(waits) >= 1_000_000_000
    assert 10 <= len(camera.times) <= 200
    assert max(waits) > 5_000_000_000
    before = len(camera.times)
    reopening.heed(False, 10**12)
    reopening.heed(True, 10**12 + 1)
    assert len(camera.times) == before + 1
