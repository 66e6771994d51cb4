"""What is done with one picture: is anything wrong, does anything move, who is there. Decides when the detector looks.

Knows no threads and no clock but the frames' own, so the same code looks at a camera and at a recorded minute.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from edge.vision.attention import is_looking
from edge.vision.detector import Detector
from edge.vision.faces import Face
from edge.vision.frames import Frame
from edge.vision.motion import MotionGate
from edge.vision.pictures import Image, Size
from edge.vision.presence import Presence, Seen
from edge.vision.sight import Fault, Sight
from edge.vision.smiles import Smiles
from edge.vision.thumbnail import thumbnail
from edge.vision.tracking import Tracker

ANYWAY_NS = 5_000_000_000
"""The detector looks this often even when nothing moves: somebody may sit there quite still."""
READABLE_PX = 40
"""A face that is smaller shows no smile."""


class SmileReader(Protocol):
    """For one thread at a time."""

    def read(self, picture: Image, face: Face) -> float:
        """How sure it is that this face smiles, 0 to 1."""
        ...


@dataclass(frozen=True, slots=True)
class Observation:
    """What a picture showed."""

    fault: Fault | None = None
    active: bool = False
    """Worth looking again soon."""
    near: bool = False
    """Somebody is in the zone."""


class Observer:
    """Looks at the pictures of one camera in their order."""

    def __init__(
        self, detector: Detector, zone: float, *, smile_reader: SmileReader | None = None
    ) -> None:
        self.presence = Presence(zone)
        self.smiles = Smiles()
        self._detector = detector
        self._smile_reader = smile_reader
        self._sight = Sight()
        self._motion = MotionGate()
        self._tracker = Tracker()
        self._detected_ns: int | None = None
        self._faces: Sequence[Face] = ()

    def observe(self, frame: Frame) -> Observation:
        """Frames must not go back in time."""
        small = thumbnail(frame.picture)
        fault = self._sight.judge(small, frame.at_ns)
        if fault == "frozen":
            self._hold(frame)
        if fault in ("black", "frozen"):
            return Observation(fault)
        moving = self._motion.is_open(small, frame.at_ns)
        faces: Sequence[Face] = ()
        if moving or self._tracker.living() or self._is_time(frame.at_ns):
            self._detected_ns = frame.at_ns
            faces = self._detector.detect(frame.picture)
        if fault == "occluded" and not faces:
            return Observation(fault, active=moving)
        self._follow(frame, faces)
        near = bool(self.presence.near())
        return Observation(active=moving or near, near=near)

    def _is_time(self, at_ns: int) -> bool:
        return self._detected_ns is None or at_ns - self._detected_ns >= ANYWAY_NS

    def _hold(self, frame: Frame) -> None:
        """The picture is the last one again: whoever was on it may stand there yet, and is not somebody new."""
        self._tracker.follow(self._faces, Size.of(frame.picture), frame.at_ns)
        self.presence.hold(frame.at_ns)

    def _follow(self, frame: Frame, faces: Sequence[Face]) -> None:
        self._faces = faces
        size = Size.of(frame.picture)
        numbers = self._tracker.follow(faces, size, frame.at_ns)
        seen = [
            Seen(number, face.height / size.height, is_looking(face))
            for number, face in zip(numbers, faces, strict=True)
        ]
        living = self._tracker.living()
        self.presence.observe(seen, living, frame.at_ns)
        if self._smile_reader is not None:
            self._read_smiles(self._smile_reader, frame, faces, seen)
            self.smiles.settle(living, frame.at_ns)

    def _read_smiles(
        self, reader: SmileReader, frame: Frame, faces: Sequence[Face], seen: Sequence[Seen]
    ) -> None:
        """Only of those who came to the terminal and look at it, where the notice is."""
        approached = self.presence.approached()
        for face, one in zip(faces, seen, strict=True):
            legible = one.looking and face.height >= READABLE_PX
            if legible and one.track in approached and self.smiles.wants(one.track):
                self.smiles.add(one.track, reader.read(frame.picture, face))
