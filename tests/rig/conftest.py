"""One booted virtual terminal for all tests here, with this tree's sources on its disk."""

import os
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.terminal import VirtualTerminal

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SOURCES = (
    "contract",
    "edge",
    "tests/edge/buttons",
    "tests/edge/vision/camera",
    "tests/fakes",
    "tests/rig",
)


@pytest.fixture(scope="session")
def terminal() -> Iterator[VirtualTerminal]:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    built = cache / "wellheard" / "rig"
    site = sysconfig.get_paths()["purelib"]
    subprocess.run([HERE / "build.sh", built, site], check=True)
    with VirtualTerminal(built, built / "run") as terminal:
        terminal.send_tree(ROOT, SOURCES, "/opt/wellheard")
        yield terminal
