"""A camera of the kernel's, on vivid, its driver of virtual video devices: read, unplugged and plugged in again."""

import json
import time
from collections.abc import Iterator

import pytest

from tests.rig.terminal import VirtualTerminal

pytestmark = [pytest.mark.rig, pytest.mark.timeout(900)]

PYTHON = "cd /opt/wellheard && PYTHONPATH=/opt/site:/opt/wellheard"
PATIENCE_S = 120.0
DRIVER = "/sys/bus/platform/drivers/vivid"


class Watched:
    """A camera that is read in the guest, and how it has stood with it."""

    def __init__(self, terminal: VirtualTerminal) -> None:
        self._terminal = terminal
        self._seen = 0
        watch = "python3 tests/edge/vision/camera/watch.py /dev/video0"
        self._group = terminal.start(f"{PYTHON} exec {watch}", "/tmp/camera")

    def until(self, name: str) -> dict:
        """The next change that says this."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for said in self._said()[self._seen :]:
                self._seen += 1
                if name in said:
                    return said
            time.sleep(0.5)
        raise AssertionError(f"{name}: {self._terminal.shell('cat /tmp/camera')}")

    def _said(self) -> list[dict]:
        lines = self._terminal.shell("cat /tmp/camera").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def stop(self) -> None:
        self._terminal.shell(f"kill -- -{self._group}")


@pytest.fixture
def watched(terminal: VirtualTerminal) -> Iterator[Watched]:
    terminal.shell("modprobe -r vivid; true")
    watched = Watched(terminal)
    yield watched
    watched.stop()


def test_a_camera_is_plugged_in_unplugged_and_plugged_in_again(terminal, watched):
    assert "plugged in" in watched.until("lost")["lost"]
    terminal.shell("modprobe vivid n_devs=1 node_types=0x1")
    seen = watched.until("shape")
    assert seen["shape"] == [480, 640, 3]
    assert not seen["dark"]
    terminal.shell(f"echo vivid.0 > {DRIVER}/unbind")
    assert watched.until("lost")["lost"]
    terminal.shell(f"echo vivid.0 > {DRIVER}/bind")
    assert watched.until("shape")["shape"] == [480, 640, 3]
