"""What is done with each picture: the detector sleeps while nothing happens, and a face refutes a covered lens."""

import numpy as np

from edge.vision.faces import Face
from edge.vision.frames import Frame
from edge.vision.observer import Observer
from edge.vision.pictures import Image, Size
from tests.edge.vision.walkers import Hall, visit

S = 1_000_000_000
SIZE = Size(320, 240)
LOOKING = ((160.0, 100.0), (180.0, 100.0), (170.0, 112.0), (162.0, 122.0), (178.0, 122.0))
SOMEBODY = Face(150, 90, 40, 50, 0.9, LOOKING)


class Told:
    """A `Detector` that finds what it is told to, and counts."""

    def __init__(self) -> None:
        self.faces: list[Face] = []
        self.looks = 0

    def detect(self, _picture: Image) -> list[Face]:
        self.looks += 1
        return self.faces


class Reader:
    """A `SmileReader` that counts."""

    def __init__(self) -> None:
        self.reads = 0

    def read(self, _picture: Image, _face: Face) -> float:
        self.reads += 1
        return 0.9


def even(level: int) -> Image:
    return np.full((SIZE.height, SIZE.width, 3), level, np.uint8)


def show(observer: Observer, picture, seconds: float, start_s: float = 0, every_s: float = 0.1):
    moments = np.arange(start_s, start_s + seconds, every_s)
    return [observer.observe(Frame(picture(at_s), round(at_s * S))) for at_s in moments]


def test_in_an_empty_hall_the_detector_sleeps():
    detector = Told()
    seen = show(Observer(detector, 0.1), Hall([], size=SIZE).picture, 60, every_s=0.5)
    assert not any(one.active for one in seen[1:])
    assert 10 <= detector.looks <= 13, "it looks now and then, for whoever sits still"


def test_whoever_comes_wakes_it_within_half_a_second():
    detector = Told()
    hall = Hall([visit(10, 0.5, 20)], size=SIZE)
    observer = Observer(detector, 0.1)
    show(observer, hall.picture, 10, every_s=0.5)
    before = detector.looks
    assert any(one.active for one in show(observer, hall.picture, 2.5, start_s=10, every_s=0.5))
    assert detector.looks > before


def test_while_the_picture_is_frozen_or_black_nobody_is_counted():
    detector = Told()
    observer = Observer(detector, 0.1)
    still = Hall([], size=SIZE).picture(0)
    show(observer, lambda _at_s: still, 20)
    observer.presence.take()
    detector.faces = [SOMEBODY]
    assert {one.fault for one in show(observer, lambda _at_s: still, 5, start_s=20)} == {"frozen"}
    show(observer, lambda _at_s: even(0), 6, start_s=25)
    assert observer.observe(Frame(even(0), 32 * S)).fault == "black"
    counts = observer.presence.take()
    assert counts.watched_ns <= 6 * S


def test_whoever_stood_still_on_a_frozen_picture_is_not_counted_again():
    detector = Told()
    observer = Observer(detector, 0.1)
    detector.faces = [SOMEBODY]
    hall = Hall([], size=SIZE)
    still = hall.picture(0)
    assert show(observer, lambda _at_s: still, 80)[-1].fault == "frozen"
    assert not any(one.fault for one in show(observer, hall.picture, 5, start_s=80.1))
    counts = observer.presence.take()
    assert counts.approaches == 1
    assert counts.dwell_ns <= 22 * S, "frozen time is nobody's"


def test_a_face_refutes_a_covered_lens():
    detector = Told()
    observer = Observer(detector, 0.1)
    assert show(observer, lambda _at_s: even(120), 20)[-1].fault == "occluded"
    detector.faces = [SOMEBODY]
    seen = show(observer, lambda _at_s: even(120), 12, start_s=20)
    assert (seen[-1].fault, seen[-1].near) == (None, True)
    assert observer.presence.take().approaches == 1


def test_smiles_are_read_only_of_who_came_and_looks():
    detector, reader = Told(), Reader()
    observer = Observer(detector, 0.1, smile_reader=reader)
    hall = Hall([visit(-5, 0.5, 60)], size=SIZE).picture
    detector.faces = [Face(0, 0, 40, 20, 0.9, LOOKING)]
    show(observer, hall, 5)
    assert reader.reads == 0, "too far away"
    away = Face(150, 90, 40, 50, 0.9, (*LOOKING[:2], (190.0, 112.0), *LOOKING[3:]))
    detector.faces = [away]
    show(observer, hall, 5, start_s=5)
    assert reader.reads == 0, "turned away from the notice"
    detector.faces = [SOMEBODY]
    show(observer, hall, 5, start_s=10)
    assert 3 <= reader.reads <= 12
