"""Runs the real drivers in the guest and prints what they say, one JSON object per line.

usage: watch.py MAPPING.toml     A line on the named pipe /tmp/lamps such as "thank reception" works
the lamps.
"""

import dataclasses
import json
import os
import sys
import threading
from pathlib import Path

from edge.buttons.assembly import KernelConnectors, Panels
from edge.buttons.mapping import read_mapping

LAMPS = Path("/tmp/lamps")


def main() -> None:
    panels = Panels(read_mapping(Path(sys.argv[1])), KernelConnectors())
    printing = threading.Lock()

    def sink(said: object) -> None:
        with printing:
            print(json.dumps({"type": type(said).__name__, **dataclasses.asdict(said)}), flush=True)

    os.mkfifo(LAMPS)
    panels.start(sink)
    while True:
        with LAMPS.open() as orders:
            for order in orders:
                signal, panel = order.split()
                getattr(panels.lamps, signal)(panel)


main()
