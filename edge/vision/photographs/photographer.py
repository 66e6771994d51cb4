"""Takes the photograph of an answer, in a thread of its own, and hands it over sealed.

Decides which policy counts, what the picture is encoded as, and that rather none is taken than one that was not agreed
to. The answer is stored already, and waits for nothing here.
"""

import contextlib
import hashlib
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import structlog

from contract.documents import PhotographConfiguration
from contract.messages import PhotoTaken, Reference
from contract.photographs import Policy, binding, key_name
from edge.clock import Clock
from edge.fleet.health.finding import Finding
from edge.outbox import Draft, OnceStored, Stored
from edge.vision.detector import Detector
from edge.vision.frames import Frame, RecentFrames
from edge.vision.models.store import ModelUnusable
from edge.vision.photographs.choosing import WITHIN_NS, near, sharpest
from edge.vision.photographs.pixelating import unrecognisable
from edge.vision.photographs.sealing import seal
from edge.vision.pictures import Image

log = structlog.get_logger()

MEDIA_TYPE = "image/jpeg"
QUALITY = 85
MOST_WAITING = 4
"""Answers whose photographs are still to be taken; each holds a few pictures in memory."""
NO_MODEL = "Faces cannot be blurred, so nothing is photographed: run wellheard models pull."

Configured = Callable[[], PhotographConfiguration | None]
Hear = Callable[[Draft], None]


@dataclass(frozen=True, slots=True)
class _Exposure:
    """What the camera saw at the moment of an answer that is stored now."""

    frames: tuple[Frame, ...]
    at_ns: int
    policy: Policy
    key: str
    answer: Reference


class Photographer:
    """An `edge.shutter.Shutter`, on the newest frames of one camera."""

    def __init__(
        self,
        device: str,
        frames: RecentFrames,
        clock: Clock,
        configured: Configured,
        open_faces: Callable[[], Detector],
    ) -> None:
        self._device = device
        self._frames = frames
        self._clock = clock
        self._configured = configured
        self._open_faces = open_faces
        self._faces: Detector | None = None
        self._lacks_faces = False
        self._exposures: queue.Queue[_Exposure | None] = queue.Queue(MOST_WAITING)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, hear: Hear) -> None:
        """Photographs go to `hear` as messages."""
        self._thread = threading.Thread(
            target=self._run, args=(hear,), name="photographer", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End; what has not been sealed by now is forgotten."""
        self._stopping.set()
        with contextlib.suppress(queue.Full):
            self._exposures.put_nowait(None)
        if self._thread is not None:
            self._thread.join(timeout=5)

    def check(self) -> list[Finding]:
        """Whether photographs can be taken as the facility wants them; nothing where it wants none."""
        wanted = self._configured()
        if wanted is None or Policy.of(wanted.policy) is Policy.OFF:
            return []
        lacking = self._lacks_faces and Policy.of(wanted.policy) is Policy.BLURRED
        detail = NO_MODEL if lacking else ""
        return [Finding("photographs", "warning" if lacking else "ok", detail=detail)]

    def press(self, told: Policy) -> OnceStored | None:
        wanted = self._configured()
        if wanted is None or wanted.key is None:
            return None
        policy = min(told, Policy.of(wanted.policy))
        if policy is Policy.OFF:
            return None
        seen, at_ns, key = tuple(self._frames.recent()), self._clock.monotonic_ns(), wanted.key

        def take(stored: Stored) -> None:
            answer = Reference(epoch=stored.epoch, sequence=stored.sequence)
            try:
                self._exposures.put_nowait(_Exposure(seen, at_ns, policy, key, answer))
            except queue.Full:
                log.warning("photograph_left_out", reason="too many at once")

        return take

    def _run(self, hear: Hear) -> None:
        while (exposure := self._exposures.get()) is not None and not self._stopping.is_set():
            try:
                draft = self._developed(exposure)
            except Exception:
                log.exception("photograph_failed")
                continue
            if draft is not None:
                hear(draft)

    def _developed(self, exposure: _Exposure) -> Draft | None:
        frame = self._frame(exposure)
        picture = self._allowed(frame.picture, exposure.policy) if frame else None
        if frame is None or picture is None:
            log.info("photograph_left_out", reason="no picture" if frame is None else "a face")
            return None
        encoded = _encoded(picture)
        fields = {
            "answer": exposure.answer,
            "media_type": MEDIA_TYPE,
            "sha256": hashlib.sha256(encoded).hexdigest(),
            "key": key_name(exposure.key),
        }
        sealed = seal(encoded, exposure.key, binding(self._device, exposure.answer))
        return Draft(PhotoTaken, self._clock.stamp(frame.at_ns), fields, sealed)

    def _frame(self, exposure: _Exposure) -> Frame | None:
        """Of the answer's moment; while the camera is slow to come, the first within the time there is."""
        wait_s = (exposure.at_ns + WITHIN_NS - self._clock.monotonic_ns()) / 1e9
        found = near([*exposure.frames, *self._frames.recent()], exposure.at_ns)
        if not found and wait_s > 0 and not self._stopping.wait(wait_s):
            found = near(self._frames.recent(), exposure.at_ns)
        return sharpest(found)

    def _allowed(self, picture: Image, policy: Policy) -> Image | None:
        if policy is Policy.FULL:
            return picture
        try:
            self._faces = self._faces or self._open_faces()
        except ModelUnusable as error:
            self._lacks_faces = True
            log.warning("faces_cannot_be_blurred", reason=str(error))
            return None
        self._lacks_faces = False
        return unrecognisable(picture, self._faces)


def _encoded(picture: Image) -> bytes:
    """In memory; without any remarks of the camera."""
    done, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise ValueError("the picture cannot be encoded")
    return encoded.tobytes()
