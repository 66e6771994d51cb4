"""What finding faces costs: onnxruntime against OpenCV's own detector, and the memory that a detector adds.

Both detectors use the same file, size and threshold and one thread, and look at the same picture one right after the
other; the picture is a real face in many places and sizes. Times are of the processor, so that other programs on the
machine change them little; what counts is each pair's ratio, which is steadier than either time. Memory is that of a
fresh interpreter with the agent imported, before and after a detector has been opened and used.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np
from skimage import data

from bench.apparatus.figures import goal, ratios, spread
from bench.apparatus.machine import describe
from edge.vision.detector import NETWORKS, open_detector
from edge.vision.evaluation.matching import overlap
from edge.vision.models.store import ModelStore
from edge.vision.pictures import DEFAULT_SIZE, Image, Size

MODEL = "yunet"
SIZES = (Size(320, 240), Size(640, 480))
FRAMES, QUICK_FRAMES = 200, 40
OPENCV_OVERLAP, OPENCV_CANDIDATES = 0.3, 5000
SAME_FACE = 0.9
MOST_RATIO = 0.75
MOST_MEMORY_MB = 90

ADDED_MEMORY = """
import edge.cli, os, sys
def resident_mb():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
before = resident_mb()
import numpy
from edge.vision.detector import open_detector
from edge.vision.models.store import ModelStore
detector = open_detector(ModelStore(), {model!r})
for _ in range(5):
    detector.detect(numpy.zeros((480, 640, 3), numpy.uint8))
print(before, resident_mb())
"""


def main() -> None:
    """Print a line for each size and for the memory, then the summary."""
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
    memory = _memory()
    _say(measured="memory", size=str(DEFAULT_SIZE), **memory)
    goals.append(goal("MB added at most", memory["added_mb"], at_most=MOST_MEMORY_MB))
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


def _memory() -> dict[str, float]:
    command = [sys.executable, "-c", ADDED_MEMORY.format(model=MODEL)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    before, after = (float(word) for word in said.split())
    return {"agent_mb": round(before, 1), "added_mb": round(after - before, 1)}


def _say(**fields: Any) -> None:
    print(json.dumps({"benchmark": "vision", **fields}), flush=True)


if __name__ == "__main__":
    main()
