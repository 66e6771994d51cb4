"""Starts the version of the agent that is to run. It stands outside of what is updated and needs no package.

It decides which: the release on trial, three times at most, else the last good one. A try is counted on disk *before*
the release is started, so that one which takes the whole machine down is counted, too. What it cannot count it does not
try. A release that did not prove itself is marked bad for ever; the last good one starts whatever is said of it, and
when nothing is known of any, the newest that is whole. `python3 launcher.py --folder DIR [the agent's options]`.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

TRIES = 3
STATE = "updates.json"
RELEASES = "releases"
READY = ".ready"
"""The last file that is written of a release: with it, it is whole."""
CURRENT = "current"
SLOT = "WELLHEARD_SLOT"
"""Environment: which release was started."""


def write_durably(path: Path, content: bytes) -> None:
    """All of a file or nothing of it, on disk when this returns."""
    new = path.with_name(f"{path.name}.launcher")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    _sync(path.parent)


class Launcher:
    """One start."""

    def __init__(self, folder: Path, write: Callable[[Path, bytes], None] = write_durably) -> None:
        self._folder = folder
        self._write_file = write
        self._refused: set[str] = set()
        """What the kernel would not start."""

    def start(self, options: list[str]) -> str:
        """Become the agent; returns only when nothing can be started, with the reason."""
        while (slot := self.choose()) is not None:
            self._point_to(slot)
            python = self._python(slot)
            command = [str(python), "-P", "-m", "wellheard", "edge"]
            try:
                os.execve(  # noqa: S606
                    python,
                    [*command, "--folder", str(self._folder), *options],
                    {**os.environ, SLOT: slot},
                )
            except OSError as error:
                _say(f"{slot} cannot be started: {error}")
                self._refused.add(slot)
        return f"{self._folder / RELEASES}: no release that is whole"

    def choose(self) -> str | None:
        """The release to start now; its try is counted when this returns."""
        state = self._read()
        trial = state.get("trial")
        if isinstance(trial, dict) and isinstance(trial.get("slot"), str):
            slot = str(trial["slot"])
            if self._may_try(slot, trial, state):
                return slot
        return next((slot for slot in self._known(state) if self._is_whole(slot)), None)

    def _may_try(self, slot: str, trial: dict[str, Any], state: dict[str, Any]) -> bool:
        """Count one more try of it, or give it up."""
        tries = trial.get("tries")
        tries = tries if isinstance(tries, int) else TRIES
        if tries < TRIES and self._is_whole(slot):
            return self._write({**state, "trial": {**trial, "tries": tries + 1}})
        reason = f"it did not prove itself in {tries} starts" if tries else "it cannot be started"
        bad = state.get("bad")
        known = bad if isinstance(bad, dict) else {}
        _say(f"{slot} is given up: {reason}")
        self._write({**state, "trial": None, "bad": {**known, slot: reason}})
        return False

    def _known(self, state: dict[str, Any]) -> Iterator[str]:
        """What else might run, the best first; the same may come twice."""
        for key in ("good", "previous"):
            if isinstance(state.get(key), str):
                yield state[key]
        if not state:  # nothing is known: what ran last
            current = self._folder / CURRENT
            if current.is_symlink():
                yield current.readlink().name
        bad = state.get("bad")
        marked = set(bad) if isinstance(bad, dict) else set()
        whole = list((self._folder / RELEASES).glob(f"*/{READY}"))
        newest = sorted(whole, key=lambda path: path.stat().st_mtime, reverse=True)
        for path in sorted(newest, key=lambda path: path.parent.name in marked):
            yield path.parent.name

    def _is_whole(self, slot: str) -> bool:
        ready = self._folder / RELEASES / slot / READY
        return (
            slot not in self._refused and ready.is_file() and os.access(self._python(slot), os.X_OK)
        )

    def _python(self, slot: str) -> Path:
        return self._folder / RELEASES / slot / "venv" / "bin" / "python"

    def _read(self) -> dict[str, Any]:
        try:
            state = json.loads((self._folder / STATE).read_bytes())
        except (OSError, ValueError) as error:
            _say(f"{STATE}: {error}")
            return {}
        return state if isinstance(state, dict) else {}

    def _write(self, state: dict[str, Any]) -> bool:
        """Whether it is on disk."""
        try:
            self._write_file(self._folder / STATE, json.dumps(state).encode())
        except OSError as error:
            _say(f"{STATE} cannot be written: {error}")
            return False
        return True

    def _point_to(self, slot: str) -> None:
        """For people and other programs: `current` is what runs."""
        current = self._folder / CURRENT
        new = current.with_name(f"{CURRENT}.new")
        try:
            if current.is_symlink() and current.readlink().name == slot:
                return
            new.unlink(missing_ok=True)
            new.symlink_to(Path(RELEASES) / slot)
            new.replace(current)
            _sync(self._folder)
        except OSError as error:
            _say(f"{CURRENT} still points elsewhere: {error}")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _say(text: str) -> None:
    sys.stderr.write(f"launcher: {text}\n")


def main(arguments: list[str]) -> int:
    """The exit status; a start that succeeds does not return."""
    if len(arguments) < 2 or arguments[0] != "--folder":
        _say("use: launcher.py --folder DIR [the agent's options]")
        return 2
    _say(Launcher(Path(arguments[1])).start(arguments[2:]))
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
