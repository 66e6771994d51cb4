"""Reads the camera in a thread of its own, so that the newest picture is always the one looked at.

Takes every picture that comes, keeps only the one that is asked for, and opens a lost camera anew, later after each
failure. Decides nothing about what is on the pictures.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import structlog

from edge.backoff import delay_s
from edge.clock import Clock
from edge.vision.camera.port import CameraLost, Feed, VideoEnded
from edge.vision.frames import Frame, NewestFrames

log = structlog.get_logger()

UNEXPECTED = "The camera cannot be read; the terminal's log says more."


@dataclass(frozen=True, slots=True)
class Connection:
    """How it stands with the camera; `lost` is empty while pictures come, or a file has come to its end."""

    lost: str = ""
    damaged: int = 0
    """Pictures in a row that could not be decoded."""
    ended: bool = False


class Camera:
    """One camera. `next` is called by the one who looks; everything else by anybody."""

    def __init__(
        self,
        open_feed: Callable[[], Feed],
        clock: Clock,
        random: Random,
    ) -> None:
        self.frames = NewestFrames()
        self._open_feed = open_feed
        self._clock = clock
        self._random = random
        self._connection = Connection()
        self._due_ns: int | None = None
        self._decoding_ns = 0
        self._reopening = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)

    def start(self) -> None:
        """Returns at once, with a camera or without."""
        self._thread.start()

    def stop(self) -> None:
        """End, once the picture that is awaited has come or has not."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=6)

    def next(self, due_ns: int, within_s: float) -> Frame | None:
        """The first picture that is not older than `due_ns`; None when none comes in time."""
        self._due_ns = due_ns
        return self.frames.newer_than(due_ns - 1, within_s)

    def connection(self) -> Connection:
        """How it stands now."""
        return self._connection

    def reopen(self) -> None:
        """Close the camera and open it anew: its pictures are of no use."""
        self._reopening.set()

    def decoding_ns(self) -> int:
        """Processor time of the camera's thread since it began."""
        return self._decoding_ns

    def _run(self) -> None:
        failures = 0
        while not self._stopped.is_set():
            try:
                self._show(self._open_feed())
            except VideoEnded:
                self._connection = Connection(ended=True)
                return
            except CameraLost as error:
                failures = failures + 1 if self._connection.lost else 1
                self._lose(str(error))
            except Exception:
                log.exception("camera_failed")
                failures += 1
                self._lose(UNEXPECTED)
            self._stopped.wait(delay_s(failures, self._random))

    def _lose(self, reason: str) -> None:
        if reason != self._connection.lost:
            log.warning("camera_lost", reason=reason)
        self._connection = Connection(lost=reason)
        self.frames.forget()

    def _show(self, feed: Feed) -> None:
        """Until stopped, or told to open it anew."""
        self._reopening.clear()
        try:
            while not (self._stopped.is_set() or self._reopening.is_set()):
                began_ns = time.thread_time_ns()
                feed.grab()
                self._keep(feed, self._clock.monotonic_ns())
                self._decoding_ns += time.thread_time_ns() - began_ns
        finally:
            feed.close()

    def _keep(self, feed: Feed, at_ns: int) -> None:
        """Decode it only if somebody waits for it; one that is damaged counts as none."""
        due_ns = self._due_ns
        if due_ns is None or at_ns < due_ns:
            return
        picture = feed.picture()
        if picture is None:
            self._connection = Connection(damaged=self._connection.damaged + 1)
            return
        if self._due_ns == due_ns:
            self._due_ns = None
        self._connection = Connection()
        self.frames.put(Frame(picture, at_ns))
