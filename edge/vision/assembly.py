"""What a terminal's camera is made of, joined: the camera, the one who looks, the check of its health."""

import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

import cv2

from edge.clock import Clock
from edge.fleet.health.camera import CameraHealth
from edge.fleet.health.finding import Finding
from edge.outbox import Draft
from edge.vision.camera.grabbing import Camera
from edge.vision.camera.opening import is_live, open_feed
from edge.vision.detector import open_detector
from edge.vision.models.store import DEFAULT_FOLDER, ModelStore, ModelUnusable
from edge.vision.observer import Observer, SmileReader
from edge.vision.pace import Pace
from edge.vision.photographs.photographer import Configured, Photographer
from edge.vision.photographs.pixelating import CarefulDetector
from edge.vision.pictures import Size
from edge.vision.reporting import Reports
from edge.vision.settings import CameraSettings
from edge.vision.smile_reader import open_smile_reader
from edge.vision.watching import Greet, Hear, Watcher


@dataclass(frozen=True, slots=True)
class Vision:
    """A camera and who looks at it, ready to be started."""

    camera: Camera
    watcher: Watcher
    health: CameraHealth
    photographer: Photographer

    def check(self) -> list[Finding]:
        """Whether the camera sees, and photographs can be taken where they are wanted."""
        return [*self.health(), *self.photographer.check()]

    def start(self, hear: Hear, greet: Greet) -> None:
        """Look; messages go to `hear`, and `greet` is called while somebody is near."""
        self.camera.start()
        self.watcher.start(hear, greet)
        self.photographer.start(hear)

    def stop(self) -> list[Draft]:
        """End; what has been counted since the last message is returned."""
        self.photographer.stop()
        last = self.watcher.stop()
        self.camera.stop()
        return last


def make_vision(
    folder: Path, settings: CameraSettings, device: str, clock: Clock, configured: Configured
) -> Vision:
    """The camera of these settings; whether it is there, and its models, turns out later and stops nobody.

    `configured` says at any time what is to be photographed.
    """
    _set_up_opencv(settings.threads)
    health = CameraHealth(clock)
    size = Size(settings.width_px, settings.height_px)
    opening = partial(
        open_feed,
        settings.source,
        folder,
        size,
        settings.frames_per_second,
        repeat=settings.repeat,
    )
    camera = Camera(opening, clock, Random())  # noqa: S311  spreads tries, hides nothing
    watcher = Watcher(
        camera,
        clock,
        health,
        open_observer=lambda: _observer(settings, health),
        reports=lambda observer: Reports(observer.presence, observer.smiles, settings, clock),
        pace=Pace(settings.cpu_percent / 100),
        may_reopen=is_live(settings.source),
        threads=settings.threads,
    )
    photographer = Photographer(
        device,
        camera.frames,
        clock,
        configured,
        open_faces=lambda: CarefulDetector(_store(settings), settings.threads),
    )
    return Vision(camera, watcher, health, photographer)


def _set_up_opencv(threads: int) -> None:
    """What it and ffmpeg would print is no log line of ours, and is told by the camera's finding."""
    cv2.setNumThreads(threads)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")


def _observer(settings: CameraSettings, health: CameraHealth) -> Observer:
    detector = open_detector(
        _store(settings),
        settings.detector,
        Size.parse(settings.look_at),
        threads=settings.threads,
    )
    reader = _smile_reader(settings, health) if settings.smiles else None
    return Observer(detector, settings.near, smile_reader=reader)


def _smile_reader(settings: CameraSettings, health: CameraHealth) -> SmileReader | None:
    """People are counted even where smiles cannot be."""
    try:
        reader = open_smile_reader(_store(settings), settings.threads)
    except ModelUnusable as error:
        health.note_smiles(str(error))
        return None
    health.note_smiles("")
    return reader


def _store(settings: CameraSettings) -> ModelStore:
    return ModelStore(Path(settings.models) if settings.models else DEFAULT_FOLDER)
