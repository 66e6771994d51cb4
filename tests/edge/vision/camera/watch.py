"""Reads a camera of this machine and prints how it stands with it, one JSON object a line, whenever that changes.

usage: watch.py SOURCE
"""

import json
import sys
from pathlib import Path
from random import Random

from edge.clock import SystemClock
from edge.vision.camera.grabbing import Camera
from edge.vision.camera.opening import open_feed
from edge.vision.pictures import Size


def main() -> None:
    clock, size = SystemClock(), Size(640, 480)
    camera = Camera(
        lambda: open_feed(sys.argv[1], Path(), size, 10, repeat=False), clock, Random(1)
    )
    camera.start()
    said = ""
    while True:
        frame = camera.next(clock.monotonic_ns(), 1.0)
        lost = camera.connection().lost
        if frame is not None:
            news = {"shape": frame.picture.shape, "dark": bool(frame.picture.mean() < 5)}
        else:
            news = {"lost": lost}
        if (line := json.dumps(news)) != said and (frame is not None or lost):
            said = line
            print(said, flush=True)


main()
