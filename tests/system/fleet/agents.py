"""Releases of the agent for tests: tiny wheels that lead to the code of this tree, some of them with a fault.

A slot built of one has nothing but the wheel; a path file beside it names this tree and the packages of the tests' own
environment, so that a whole slot is there within a second.
"""

import sysconfig
from pathlib import Path

from tests.fakes.releases import tiny_wheel

ROOT = Path(__file__).parents[3]
GOOD = ""
CRASHES = "raise SystemExit('this version crashes')"
CRASHES_ONCE_TOLD = """
from pathlib import Path
if (Path(sys.argv[3]) / "crash").exists():
    raise SystemExit("this version crashes by now")
"""
HANGS = "import time; time.sleep(3600)"
EATS_MEMORY = """
import threading, time
hoard = []
def eat():
    while True:
        hoard.append(bytearray(30_000_000)); time.sleep(0.05)
threading.Thread(target=eat, daemon=True).start()
"""
BLANK = """
import edge.screen.kiosk
edge.screen.kiosk.draw = lambda *_: {"scene": "nothing"}
"""
MIGRATES_AND_IS_SILENT = """
import sqlite3, sys
with sqlite3.connect(sys.argv[3] + "/outbox.db") as db:
    db.execute("ALTER TABLE entry ADD COLUMN note TEXT DEFAULT 'migrated'")
import edge.uplink
edge.uplink.Uplink._send = lambda self, client: False
"""

_MAIN = """
import sys
{fault}
from edge.cli import app
app(args=sys.argv[2:], prog_name="wellheard edge")
"""


def agent_wheel(folder: Path, version: str, fault: str = GOOD) -> Path:
    """The application's wheel in this version."""
    paths = f"{ROOT}\n{sysconfig.get_path('purelib')}\n"
    files = {
        "wellheard/__init__.py": "",
        "wellheard/__main__.py": _MAIN.format(fault=fault),
        "tree.pth": paths,
    }
    return tiny_wheel(folder, "wellheard", version, files)
