"""Runs the drivers on this machine's own devices and prints what they say, one JSON object a line.

usage: watch.py MAPPING.toml     A line such as "thank reception" on standard input works the lamps.
"""

import dataclasses
import json
import sys
import threading
from pathlib import Path

from edge.buttons.assembly import KernelConnectors, Panels
from edge.buttons.mapping import read_mapping


def main() -> None:
    panels = Panels(read_mapping(Path(sys.argv[1])), KernelConnectors())
    printing = threading.Lock()

    def sink(said: object) -> None:
        with printing:
            print(json.dumps({"type": type(said).__name__, **dataclasses.asdict(said)}), flush=True)

    panels.start(sink)
    for order in sys.stdin:
        signal, panel = order.split()
        getattr(panels.lamps, signal)(panel)


main()
