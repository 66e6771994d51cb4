"""Guest end of the virtual terminal: runs shell commands that arrive over a virtio serial port.

One JSON object per line each way. Decides nothing; a command that outlives its limit is killed.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

NAMES = Path("/sys/class/virtio-ports")


def find_port() -> str:
    for _ in range(600):
        for entry in NAMES.glob("*/name"):
            if entry.read_text().strip() == "rig.commands":
                return f"/dev/{entry.parent.name}"
        time.sleep(0.1)
    sys.exit("no command port")


def run(request: dict) -> dict:
    try:
        done = subprocess.run(
            ["sh", "-c", request["shell"]],
            check=False,
            input=request.get("input", ""),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=request["timeout"],
        )
    except subprocess.TimeoutExpired as late:
        return {"code": 124, "output": f"no end within {late.timeout} s: {late.stdout!r}"}
    return {"code": done.returncode, "output": done.stdout + done.stderr}


def start(request: dict) -> dict:
    """A command that goes on in the background, its output in a file."""
    with Path(request["log"]).open("wb") as log:
        child = subprocess.Popen(
            ["sh", "-c", request["shell"]],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return {"code": 0, "output": str(child.pid)}


def main() -> None:
    with Path(find_port()).open("r+b", buffering=0) as port:

        def send(answer: dict) -> None:
            left = json.dumps(answer).encode() + b"\n"
            while left:
                left = left[port.write(left) :]

        send({"ready": True})
        pending = b""
        while True:
            chunk = port.read(65536)
            if not chunk:  # the host end is not connected
                time.sleep(0.05)
                continue
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                request = json.loads(line)
                send(start(request) if "log" in request else run(request))


main()
