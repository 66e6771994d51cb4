"""A picture of what the kiosk page shows, taken while nobody is at the terminal and thrown away if somebody came.

The page is drawn by a second browser that nobody sees: it shows the same documents as the one on the glass.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from contract.jobs import Job
from edge.fleet.commands.patience import Patience
from edge.fleet.jobs.handling import Report
from edge.fleet.quiet import QUIET_S, Quiet

BROWSERS = ("chromium", "chromium-browser")
PATIENCE_S = 60
DRAWN_AFTER_MS = 4000
TRIES = 3


class Screenshot:
    """Of the page at `url`; `size` in pixels."""

    def __init__(self, url: str, size: tuple[int, int], quiet: Quiet, patience: Patience) -> None:
        self._url = url
        self._size = size
        self._quiet = quiet
        self._patience = patience

    def make(self, job: Job, report: Report) -> bytes | None:
        """PNG."""
        for _ in range(TRIES):
            if not self._patience.outlasts(job, report):
                return None
            taken = self._take()
            if taken is None:
                report("failed", "browser", "no picture could be taken")
                return None
            if self._quiet.seconds() >= QUIET_S:  # nobody has come since
                return taken
        report("failed", "patient", "somebody came each time")
        return None

    def _take(self) -> bytes | None:
        command = next(filter(None, map(shutil.which, BROWSERS)), None)
        if command is None:
            return None
        width, height = self._size
        with tempfile.TemporaryDirectory() as folder:
            picture = Path(folder) / "page.png"
            arguments = [
                command,
                "--headless=new",
                "--no-first-run",
                "--incognito",
                "--hide-scrollbars",
                f"--user-data-dir={folder}/profile",
                f"--window-size={width},{height}",
                f"--timeout={DRAWN_AFTER_MS}",
                f"--screenshot={picture}",
                # Its own is made of namespaces, which the agent's unit refuses; what locks the agent in holds it, too,
                # and it opens no page but ours.
                "--no-sandbox",
                self._url,
            ]
            try:
                subprocess.run(arguments, capture_output=True, timeout=PATIENCE_S, check=False)
                return picture.read_bytes()
            except (OSError, subprocess.SubprocessError):
                return None
