"""What seeing costs: onnxruntime against OpenCV's own detector, and a terminal's camera at work.

Both detectors use the same file, size and threshold and one thread, and look at the same picture one right after the
other; the picture is a real face in many places and sizes. Times are of the processor, so that other programs on the
machine change them little; what counts is each pair's ratio, which is steadier than either time. Then a process of its
own decodes, detects, tracks and counts as a terminal does; its memory is compared with that of an agent without vision.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from skimage import data

from bench.apparatus.figures import goal, ratios, spread
from bench.apparatus.machine import describe
from bench.apparatus.watched_hall import SIZE, film, watch
from edge.vision.detector import NETWORKS, open_detector
from edge.vision.evaluation.matching import overlap
from edge.vision.models.store import ModelStore
from edge.vision.pictures import Image, Size

MODEL = "yunet"
SCENES = ("busy", "idle")
SIZES = (Size(320, 240), Size(640, 480))
FRAMES, QUICK_FRAMES = 200, 40
OPENCV_OVERLAP, OPENCV_CANDIDATES = 0.3, 5000
SAME_FACE = 0.9
MOST_RATIO = 0.75
WATCHED_S, QUICK_WATCHED_S = 15, 8
MOST_BUSY_PERCENT, LEAST_BUSY_RATE = 25, 9
MOST_IDLE_PERCENT = 3
MOST_MEMORY_MB = 90


def main() -> None:
    """Print a line for each size and each scene, then the summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fifth of the frames")
    given = parser.parse_args()
    machine = describe()
    cv2.setNumThreads(1)
    goals = []
    for size in SIZES:
        compared = _compare(size, QUICK_FRAMES if given.quick else FRAMES)
        _say(measured="detectors", size=str(size), **compared)
        most = compared["ratio"]["median"]
        goals.append(goal(f"of OpenCV's time at {size} at most", most, at_most=MOST_RATIO))
    goals += _pipeline(QUICK_WATCHED_S if given.quick else WATCHED_S)
    _say(summary=True, machine=machine, goals=goals)


def _compare(size: Size, frames: int) -> dict[str, Any]:
    store, threshold = ModelStore(), NETWORKS[MODEL].threshold
    ours = open_detector(store, MODEL, size)
    theirs = cv2.FaceDetectorYN.create(
        str(store.path(MODEL)),
        "",
        (size.width, size.height),
        threshold,
        OPENCV_OVERLAP,
        OPENCV_CANDIDATES,
    )
    ours_ms, theirs_ms, same, faces = [], [], 0, 0
    for frame in _frames(size, frames):
        mine, took_ms = _timed(ours.detect, frame)
        ours_ms.append(took_ms)
        (_, others), took_ms = _timed(theirs.detect, frame)
        theirs_ms.append(took_ms)
        boxes = [] if others is None else [tuple(row[:4]) for row in others.tolist()]
        faces += len(boxes)
        same += sum(any(overlap(f.box, box) >= SAME_FACE for f in mine) for box in boxes)
    return {
        "frames": frames,
        "onnxruntime_ms": spread(ours_ms, 2),
        "opencv_ms": spread(theirs_ms, 2),
        "ratio": ratios(ours_ms, theirs_ms),
        "faces": faces,
        "found_by_both": same,
    }


def _frames(size: Size, frames: int) -> Iterator[Image]:
    """The first one, on which both warm up, is not counted apart: medians do not notice it."""
    portrait = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    places = np.random.default_rng(1)
    for _ in range(frames):
        zoom = size.height / portrait.shape[0] * places.uniform(0.4, 1.5)
        across, down = places.uniform(0, 0.3, 2) * (size.width, size.height)
        move = np.array([[zoom, 0, across], [0, zoom, down]])
        yield cv2.warpAffine(portrait, move, (size.width, size.height), flags=cv2.INTER_AREA)


def _timed(detect: Callable[[Image], Any], frame: Image) -> tuple[Any, float]:
    began = time.process_time()
    result = detect(frame)
    return result, (time.process_time() - began) * 1000


def _pipeline(seconds: float) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="wellheard-bench-") as folder:
        films = {name: film(Path(folder) / f"{name}.avi", busy=name == "busy") for name in SCENES}
        watched = {name: watch(video, seconds) for name, video in films.items()}
    for name, one in watched.items():
        _say(measured="pipeline", scene=name, size=str(SIZE), **asdict(one))
    busy, idle = (watched[name] for name in SCENES)
    memory = max(one.added_mb for one in watched.values())
    return [
        goal(
            "% of a core while somebody is near, at most",
            busy.core_percent,
            at_most=MOST_BUSY_PERCENT,
        ),
        goal(
            "pictures/s looked at then, at least",
            busy.pictures_per_second,
            at_least=LEAST_BUSY_RATE,
        ),
        goal("% of a core while nobody is, at most", idle.core_percent, at_most=MOST_IDLE_PERCENT),
        goal("MB added to the agent, at most", memory, at_most=MOST_MEMORY_MB),
    ]


def _say(**fields: Any) -> None:
    print(json.dumps({"benchmark": "vision", **fields}), flush=True)


if __name__ == "__main__":
    main()
