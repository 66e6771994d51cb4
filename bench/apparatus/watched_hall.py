"""A terminal's camera at work, in a process of its own that does nothing else: what it costs and what it counts.

The camera is a video of 640x480 at 10 pictures a second, shown at its own speed; people walk in it, or nobody does.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2

from edge.vision.pictures import Size
from tests.edge.vision.walkers import Hall, visit

SIZE, RATE = Size(640, 480), 10
SECONDS_SHOWN = 16

WATCHING = """
import edge.cli, json, os, sys, time
from pathlib import Path
def resident_mb():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
agent_mb = resident_mb()
from edge.clock import SystemClock
from edge.vision.assembly import make_vision
from edge.vision.settings import CameraSettings
video, seconds = Path(sys.argv[1]), float(sys.argv[2])
settings = CameraSettings(source=video.name, repeat=True)
vision = make_vision(video.parent, settings, "hall-1", SystemClock(), lambda: None)
vision.start(lambda draft: None, lambda: None)
deadline = time.monotonic() + 20
while not vision.camera.frames.recent() and time.monotonic() < deadline:
    time.sleep(0.05)
time.sleep(3)  # until it is as idle or as busy as it will be
vision.check()
cpu, began = time.process_time(), time.monotonic()
time.sleep(seconds)
spent, passed = time.process_time() - cpu, time.monotonic() - began
camera = vision.health()[0]
(counted,) = vision.stop()
print(json.dumps({
    "core_percent": round(100 * spent / passed, 2),
    "pictures_per_second": camera.value,
    "approaches": counted.fields["approaches"],
    "watched_s": counted.fields["seconds"],
    "agent_mb": round(agent_mb, 1),
    "added_mb": round(resident_mb() - agent_mb, 1),
}))
"""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a process said of itself."""

    core_percent: float
    pictures_per_second: float
    approaches: int
    watched_s: int
    agent_mb: float
    added_mb: float


def watch(video: Path, seconds: float) -> Watched:
    """As a terminal watches; of one core, after it has come to rest."""
    command = [sys.executable, "-c", WATCHING, str(video), str(seconds)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return Watched(**json.loads(said))


def film(path: Path, *, busy: bool) -> Path:
    """Somebody is always near, one comes and another goes; or nobody is ever there."""
    walks = [visit(start, place, 5) for start, place in ((-5, 0.7), (-2, 0.3), (6, 0.7))]
    hall = Hall(walks if busy else [], size=SIZE)
    writer = cv2.VideoWriter(
        str(path), cv2.VideoWriter.fourcc(*"MJPG"), RATE, (SIZE.width, SIZE.height)
    )
    for number in range(SECONDS_SHOWN * RATE):
        writer.write(hall.picture(number / RATE))
    writer.release()
    return path
