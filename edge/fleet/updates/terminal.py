"""This terminal as its updates see it: who it is, what runs, whether anybody is there, and how it starts anew."""

import platform
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edge.clock import Clock
from edge.fleet.updates.trial import SelfTest


@dataclass(frozen=True, slots=True)
class ThisTerminal:
    """The running agent. `slot` is the release that the launcher started it from."""

    device: str
    slot: str
    version: str
    hardware: tuple[str, ...]
    clock: Clock
    quiet_s: Callable[[], float]
    start_anew: Callable[[], None]
    test: SelfTest


def hardware_kinds(model: Path = Path("/proc/device-tree/model")) -> tuple[str, ...]:
    """What releases may be made for: the processor's kind, and the board's, such as `raspberry-pi-4-model-b`."""
    kinds = [platform.machine()]
    if model.exists():
        board = model.read_text("utf-8", "replace").strip("\x00\n ").lower().partition(" rev ")[0]
        kinds.append(re.sub(r"[^a-z0-9]+", "-", board).strip("-")[:64])
    return tuple(kind for kind in kinds if kind)
