"""Pure: which face of this picture is which of the last one's. Decides by place and size alone, and forgets at once.

A track is a number that lives as long as somebody is seen and a few seconds longer. It holds no likeness of a face:
who comes back later is somebody new.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.vision.faces import Face
from edge.vision.pictures import Size

REMEMBERED_NS = 3_000_000_000
"""A face that turned away or was hidden behind another is still the same this long."""
COVERED = 0.4
"""So much of a face behind another one's hides it."""
MOST_HIDDEN_NS = 12_000_000_000
"""It is remembered as long as the other stands there, but no longer than this."""
GONE_NS = 150_000_000
"""A face that walked out over the picture's edge: the next one there is somebody else's."""
LEAVING_PER_S = 0.4
"""Who walks out does so by at least this much of the face's own size."""
REACH, REACH_PER_S, MOST_REACH = 0.8, 4.0, 2.5
"""How far a face can be from where it is expected, in its own size: at once, more for every second, at most."""
MOST_GROWTH = 0.6
"""Natural logarithm: from picture to picture no face grows or shrinks by more than 1.8 times."""
COASTING_S = 0.6
"""A hidden face is thought to walk on for about so long."""
SMOOTHING = 0.5
_IMPOSSIBLE = np.inf

Matrix = npt.NDArray[np.float64]


@dataclass(slots=True)
class Track:
    """Somebody without a name. `box` is x, y, width, height where they were seen last, at `seen_ns`."""

    number: int
    box: Matrix
    seen_ns: int
    speed: Matrix
    """Of the centre, pixels a second."""
    hidden_ns: int = 0
    """When it was behind somebody last."""


class Tracker:
    """The tracks of one camera."""

    def __init__(self) -> None:
        self._tracks: list[Track] = []
        self._last_number = 0
        self._before_ns = 0

    def follow(self, faces: Sequence[Face], picture: Size, at_ns: int) -> list[int]:
        """The number of each face's track, in their order; moments must not go back."""
        self._tracks = [t for t in self._tracks if not self._is_over(t, picture, at_ns)]
        self._before_ns = at_ns
        boxes = np.array([face.box for face in faces], np.float64).reshape(-1, 4)
        found: dict[int, Track] = {}
        for track, index in _pairs(_costs(self._tracks, boxes, at_ns)):
            found[index] = self._tracks[track]
            _move(self._tracks[track], boxes[index], at_ns)
        for missed in self._tracks:
            may_be_hidden = 0 < at_ns - missed.seen_ns < MOST_HIDDEN_NS
            if may_be_hidden and _is_covered(_expected(missed, at_ns), boxes):
                missed.hidden_ns = at_ns
        for index in range(len(faces)):
            if index not in found:
                found[index] = self._begin(boxes[index], at_ns)
        return [found[index].number for index in range(len(faces))]

    def living(self) -> frozenset[int]:
        """The tracks that may still be seen again."""
        return frozenset(track.number for track in self._tracks)

    def _is_over(self, track: Track, picture: Size, at_ns: int) -> bool:
        """Whoever was on the last picture may be on this one, however long ago that was taken."""
        missed = track.seen_ns < self._before_ns
        leaving = missed and _is_leaving(track, picture)
        last_ns = max(track.seen_ns, track.hidden_ns)
        return at_ns - last_ns > (GONE_NS if leaving else REMEMBERED_NS)

    def _begin(self, box: Matrix, at_ns: int) -> Track:
        self._last_number += 1
        track = Track(self._last_number, box, at_ns, np.zeros(2))
        self._tracks.append(track)
        return track


def _is_leaving(track: Track, picture: Size) -> bool:
    """Whether the face was at an edge and on its way out."""
    reach, least = track.box[2:], LEAVING_PER_S * track.box[2:]
    sides = np.array([picture.width, picture.height])
    centre = _centres(track.box[None])[0]
    low = (centre < reach) & (track.speed < -least)
    high = (centre > sides - reach) & (track.speed > least)
    return bool((low | high).any())


def _costs(tracks: Sequence[Track], boxes: Matrix, at_ns: int) -> Matrix:
    """A row for each track, a column for each box: the distance in sizes, less their overlap."""
    if not tracks or not len(boxes):
        return np.zeros((len(tracks), len(boxes)))
    unseen_s = np.array([(at_ns - track.seen_ns) / 1e9 for track in tracks])[:, None]
    expected = np.array([_expected(track, at_ns) for track in tracks])
    sizes = np.sqrt(expected[:, 2:3] * expected[:, 3:4])
    others = np.sqrt(boxes[:, 2] * boxes[:, 3])[None, :]
    distances = np.linalg.norm(_centres(expected)[:, None] - _centres(boxes)[None, :], axis=2)
    distances /= np.maximum(1e-9, np.maximum(sizes, others))
    growth = np.abs(np.log(np.maximum(1e-9, sizes) / np.maximum(1e-9, others)))
    reach = np.minimum(MOST_REACH, REACH + REACH_PER_S * unseen_s)
    possible = (distances <= reach) & (growth <= MOST_GROWTH + unseen_s)
    return np.where(possible, distances + growth - _overlaps(expected, boxes), _IMPOSSIBLE)


def _pairs(costs: Matrix) -> list[tuple[int, int]]:
    """The nearest first; each row and each column at most once."""
    pairs: list[tuple[int, int]] = []
    costs = costs.copy()
    while costs.size and np.isfinite(costs.min()):
        row, column = (int(place) for place in np.unravel_index(costs.argmin(), costs.shape))
        pairs.append((row, column))
        costs[row, :] = costs[:, column] = _IMPOSSIBLE
    return pairs


def _expected(track: Track, at_ns: int) -> Matrix:
    """Where the track's box should be now: it walks on, slowing down."""
    unseen_s = (at_ns - track.seen_ns) / 1e9
    way = track.speed * COASTING_S * (1 - np.exp(-unseen_s / COASTING_S))
    return np.concatenate([track.box[:2] + way, track.box[2:]])


def _move(track: Track, box: Matrix, at_ns: int) -> None:
    elapsed_s = (at_ns - track.seen_ns) / 1e9
    if elapsed_s > 0:
        speed = (_centres(box[None])[0] - _centres(track.box[None])[0]) / elapsed_s
        track.speed = SMOOTHING * track.speed + (1 - SMOOTHING) * speed
    track.box, track.seen_ns = box, at_ns


def _centres(boxes: Matrix) -> Matrix:
    return boxes[:, :2] + boxes[:, 2:] / 2


def _is_covered(box: Matrix, others: Matrix) -> bool:
    """Whether another face is before most of this one."""
    least = np.maximum(box[:2], others[:, :2])
    most = np.minimum(box[:2] + box[2:], others[:, :2] + others[:, 2:])
    common = np.clip(most - least, 0, None).prod(axis=1)
    return bool((common >= COVERED * box[2:].prod()).any())


def _overlaps(some: Matrix, others: Matrix) -> Matrix:
    """Intersection over union of each with each."""
    least = np.maximum(some[:, None, :2], others[None, :, :2])
    most = np.minimum((some[:, :2] + some[:, 2:])[:, None], (others[:, :2] + others[:, 2:])[None])
    common = np.clip(most - least, 0, None).prod(axis=2)
    areas = some[:, 2:].prod(axis=1)[:, None] + others[:, 2:].prod(axis=1)[None]
    union: Matrix = common / np.maximum(1e-9, areas - common)
    return union
