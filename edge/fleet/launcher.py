"""Starts the version of the agent that is to run. It stands outside of what is updated and needs no package.

It decides which: the release on trial, three times at most, else the last good one. A try is counted on disk *before*
the release is started, so that one which takes the whole machine down is counted, too. What it cannot count it does not
try. A good one that ends again and again soon after its start gives way to the one before, which stays however it does.
A release that did not prove itself, or gave way, is marked bad for ever; the last good one starts whatever is said of
it, and when nothing is known of any, what ran last, the newest that is whole, or the one that lies beside this file.
`python3 launcher.py --folder DIR [the agent's options]`.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

TRIES = 3
CRASHES = 5
SOON_S = 300
"""A start that ended no later is a crash, if no farewell was said and the machine did not start anew meanwhile."""
WITHIN_S = 3600
"""So many crashes within so long are too many."""
STATE = "updates.json"
STARTS = "starts.json"
"""The launcher's own notes of the last starts. An agent that ends in order removes it: that is its farewell."""
RELEASES = "releases"
READY = ".ready"
"""The last file that is written of a release: with it, it is whole."""
CURRENT = "current"
SLOT = "WELLHEARD_SLOT"
"""Environment: which release was started."""
LAUNCHER = "WELLHEARD_LAUNCHER"
"""Environment: where the launcher lies that started it."""
BASE = "base"
"""The installation beside this file, which the card was made with: for a terminal that has lost every release."""
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def write_durably(path: Path, content: bytes) -> None:
    """All of a file or nothing of it, on disk when this returns."""
    new = path.with_name(f"{path.name}.launcher")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    _sync(path.parent)


Moment = tuple[str, float]
"""Which boot of the machine, and the seconds since its beginning: no wall clock, which a terminal may not have."""


def now() -> Moment:
    """The kernel's word."""
    return BOOT_ID.read_text().strip(), time.clock_gettime(time.CLOCK_BOOTTIME)


class Launcher:
    """One start."""

    def __init__(
        self,
        folder: Path,
        write: Callable[[Path, bytes], None] = write_durably,
        *,
        now: Callable[[], Moment] = now,
        base: Path | None = None,
    ) -> None:
        self._folder = folder
        self._write_file = write
        self._now = now
        self._base = base or Path(__file__).resolve().parent / BASE
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
                    {**os.environ, SLOT: slot, LAUNCHER: str(Path(__file__).resolve())},
                )
            except OSError as error:
                _say(f"{slot} cannot be started: {error}")
                self._refused.add(slot)
        return f"{self._folder / RELEASES}: no release that is whole"

    def choose(self) -> str | None:
        """The release to start now; its start is counted when this returns."""
        try:
            return self._counted()
        except Exception as error:  # noqa: BLE001 - what does not start cannot even be mended from afar
            _say(f"it starts without counting: {type(error).__name__}: {error}")
            return next((slot for slot in self._known({}) if self._is_whole(slot)), None)

    def _counted(self) -> str | None:
        moment = self._now()
        started, crashes = self._crashes(moment)
        slot = self._chosen(started, crashes)
        if slot is not None:
            self._note_start(slot, moment, crashes if slot == started else [])
        return slot

    def _chosen(self, started: str | None, crashes: list[float]) -> str | None:
        state = self._read(STATE)
        trial = state.get("trial")
        if isinstance(trial, dict) and isinstance(trial.get("slot"), str):
            slot = str(trial["slot"])
            if self._may_try(slot, trial, state):
                return slot
        elif len(crashes) >= CRASHES and started == state.get("good"):
            state = self._gone_back(state)
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

    def _gone_back(self, state: dict[str, Any]) -> dict[str, Any]:
        """The state without its good release, if there is another to go back to: never to one that is bad itself.

        Where the disk does not take it, it holds for this start.
        """
        slot, before = state.get("good"), state.get("previous")
        bad = state.get("bad")
        known = bad if isinstance(bad, dict) else {}
        may_go = isinstance(before, str) and before not in {slot, *known} and self._is_whole(before)
        if not may_go:
            return state
        reason = f"it was kept, but then ended {CRASHES} times soon after its start"
        _say(f"{slot} gives way to {before}: {reason}")
        changes = {"good": before, "previous": None, "left": slot, "bad": {**known, slot: reason}}
        gone_back = {**state, **changes}
        self._write(gone_back)
        return gone_back

    def _crashes(self, moment: Moment) -> tuple[str | None, list[float]]:
        """Which release was started last, and at which seconds of this boot it crashed lately."""
        notes = self._read(STARTS)
        slot, began_s, earlier = notes.get("slot"), notes.get("began_s"), notes.get("crashes")
        boot, now_s = moment
        if (
            notes.get("boot") != boot  # the power was cut, or somebody started the machine anew
            or not isinstance(slot, str)
            or not isinstance(began_s, int | float)
            or not isinstance(earlier, list)
        ):
            return None, []
        crashes = [one for one in earlier if isinstance(one, int | float)]
        if now_s - began_s <= SOON_S:
            crashes.append(now_s)
        return slot, [one for one in crashes if now_s - one <= WITHIN_S]

    def _note_start(self, slot: str, moment: Moment, crashes: list[float]) -> None:
        boot, now_s = moment
        notes = {"slot": slot, "boot": boot, "began_s": now_s, "crashes": crashes[-CRASHES:]}
        self._write(notes, STARTS)

    def _known(self, state: dict[str, Any]) -> Iterator[str]:
        """What else might run, the best first; the same may come twice."""
        for key in ("good", "previous"):
            if isinstance(state.get(key), str):
                yield state[key]
        bad = state.get("bad")
        marked = set(bad) if isinstance(bad, dict) else set()
        others = [*self._ran_last(), *self._newest()]
        yield from (slot for slot in others if slot not in marked)
        yield BASE
        yield from others

    def _ran_last(self) -> list[str]:
        current = self._folder / CURRENT
        return [current.readlink().name] if current.is_symlink() else []

    def _newest(self) -> list[str]:
        try:
            whole = list((self._folder / RELEASES).glob(f"*/{READY}"))
            newest = sorted(whole, key=lambda path: path.stat().st_mtime, reverse=True)
        except OSError as error:
            _say(f"{RELEASES}: {error}")
            return []
        return [path.parent.name for path in newest if not path.parent.name.startswith(".")]

    def _is_whole(self, slot: str) -> bool:
        if slot in self._refused:
            return False
        is_ready = slot == BASE or (self._folder / RELEASES / slot / READY).is_file()
        return is_ready and os.access(self._python(slot), os.X_OK)

    def _python(self, slot: str) -> Path:
        venv = self._base if slot == BASE else self._folder / RELEASES / slot / "venv"
        return venv / "bin" / "python"

    def _read(self, name: str) -> dict[str, Any]:
        try:
            found = json.loads((self._folder / name).read_bytes())
        except (OSError, ValueError) as error:
            if not isinstance(error, FileNotFoundError):
                _say(f"{name}: {error}")
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, content: dict[str, Any], name: str = STATE) -> bool:
        """Whether it is on disk."""
        try:
            self._write_file(self._folder / name, json.dumps(content).encode())
        except OSError as error:
            _say(f"{name} cannot be written: {error}")
            return False
        return True

    def _point_to(self, slot: str) -> None:
        """For people and other programs: `current` is the release that runs."""
        if slot == BASE:
            return
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
