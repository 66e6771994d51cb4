"""The thread that looks: the camera's newest picture, again and again, at the pace that the budget allows.

Decides what is told to whom: messages to the agent, somebody's coming to the screen, the camera's state to its health
check. Nothing that happens here can stop the terminal.
"""

import threading
import time
from collections.abc import Callable
from random import Random

import structlog

from edge.backoff import delay_s
from edge.clock import Clock
from edge.fleet.health.camera import CameraHealth
from edge.outbox import Draft
from edge.vision.camera.grabbing import Camera
from edge.vision.frames import Frame
from edge.vision.models.store import ModelUnusable
from edge.vision.observer import Observation, Observer
from edge.vision.pace import Pace
from edge.vision.reporting import Reports

log = structlog.get_logger()

Hear = Callable[[Draft], None]
Greet = Callable[[], None]

PATIENCE_S = 1.0
SILENT_NS = 5_000_000_000
DAMAGED_IN_A_ROW = 10
MODEL_AGAIN_S = 20.0
GREET_EVERY_NS = 1_000_000_000


class Watcher:
    """Looks at one camera until stopped."""

    def __init__(
        self,
        camera: Camera,
        clock: Clock,
        health: CameraHealth,
        *,
        open_observer: Callable[[], Observer],
        reports: Callable[[Observer], Reports],
        pace: Pace,
        may_reopen: bool,
        threads: int,
    ) -> None:
        self._camera = camera
        self._open_observer = open_observer
        self._make_reports = reports
        self._pace = pace
        self._clock = clock
        self._health = health
        self._reopening = Reopening(camera) if may_reopen else None
        self._threads = threads
        self._decoded_ns = 0
        self._due_ns = self._seen_ns = clock.monotonic_ns()
        self._greeted_ns = -GREET_EVERY_NS
        self._reports: Reports | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def start(self, hear: Hear, greet: Greet) -> None:
        """Messages go to `hear`; `greet` is called while somebody is near."""
        self._hear, self._greet = hear, greet
        self._thread.start()

    def stop(self) -> list[Draft]:
        """End; returns what is still to be told."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        return self._reports.last() if self._reports else []

    def _run(self) -> None:
        observer = self._opened()
        if observer is None:
            return
        self._reports = self._make_reports(observer)
        while not self._stopped.is_set():
            try:
                self._step(observer, self._reports)
            except Exception:
                log.exception("looking_failed")
                self._stopped.wait(PATIENCE_S)

    def _opened(self) -> Observer | None:
        """Tries for as long as it takes: somebody may pull the model while the terminal runs."""
        while not self._stopped.is_set():
            try:
                return self._open_observer()
            except ModelUnusable as error:
                log.warning("model_unusable", reason=str(error))
                self._health.note("blind", str(error))
                self._stopped.wait(MODEL_AGAIN_S)
        return None

    def _step(self, observer: Observer, reports: Reports) -> None:
        for draft in reports.due():
            self._hear(draft)
        now_ns = self._clock.monotonic_ns()
        ahead_s = max(0.0, (self._due_ns - now_ns) / 1e9)
        frame = self._camera.next(self._due_ns, min(ahead_s, PATIENCE_S) + PATIENCE_S)
        if frame is None:
            self._miss()
        else:
            self._look(observer, frame)

    def _look(self, observer: Observer, frame: Frame) -> None:
        began_ns = time.thread_time_ns()
        observation = observer.observe(frame)
        looking_ns = (time.thread_time_ns() - began_ns) * self._threads
        decoded_ns = self._camera.decoding_ns()
        spent_ns = looking_ns + decoded_ns - self._decoded_ns
        self._decoded_ns, self._seen_ns = decoded_ns, frame.at_ns
        self._due_ns = self._pace.next_due_ns(frame.at_ns, spent_ns, active=observation.active)
        self._tell(observation, frame.at_ns)

    def _tell(self, observation: Observation, at_ns: int) -> None:
        self._health.note(observation.fault or "seeing")
        if self._reopening is not None:
            self._reopening.heed(observation.fault is not None, at_ns)
        if observation.near and at_ns - self._greeted_ns >= GREET_EVERY_NS:
            self._greeted_ns = at_ns
            self._greet()

    def _miss(self) -> None:
        connection = self._camera.connection()
        if connection.lost:
            self._health.note("lost", connection.lost)
        elif connection.ended:
            self._health.note("ended")
        elif connection.damaged >= DAMAGED_IN_A_ROW:
            self._health.note("damaged")
        elif self._clock.monotonic_ns() - self._seen_ns > SILENT_NS:
            self._health.note("silent")


class Reopening:
    """Has a camera that shows nothing opened anew, ever more seldom: some drivers need it."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._random = Random()  # noqa: S311  spreads tries, hides nothing
        self._tries = 0
        self._due_ns = 0

    def heed(self, faulty: bool, at_ns: int) -> None:
        """After each picture."""
        if not faulty:
            self._tries = 0
        elif self._tries == 0 or at_ns >= self._due_ns:
            self._tries += 1
            self._due_ns = at_ns + round((PATIENCE_S + delay_s(self._tries, self._random)) * 1e9)
            self._camera.reopen()
