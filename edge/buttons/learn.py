"""Binding panels by pressing them: `wellheard edge learn`.

Listens through the ordinary drivers with every device taken for a panel of its own, and turns what was
pressed into an entry of the mapping. Decides by which key a panel is found; what a valid mapping is,
and so which twins are refused, is decided by `mapping`.
"""

import os
import queue
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

import tomli_w
from evdev import ecodes

from edge.buttons.assembly import Connectors
from edge.buttons.binding import Learning
from edge.buttons.mapping import MappingError, parse_mapping, twins
from edge.buttons.nodes import Hardware
from edge.buttons.port import Contact, PanelFact
from edge.buttons.reader import PanelReader
from edge.buttons.serial import SerialSettings

Kind = Literal["usb", "hid", "serial"]
_SECOND_OPINION_S = 0.3  # a keyboard's press shows on its hidraw node too, and may show there first


class NothingPressedError(Exception):
    """Nobody pressed anything in time."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One press: which device, and which code."""

    kind: Kind
    key: str
    hardware: Hardware
    code: int


@dataclass(frozen=True, slots=True)
class Learnt:
    """A panel as it was pressed: its codes in the order of its buttons, 1 first."""

    kind: Kind
    key: str
    hardware: Hardware
    codes: tuple[int, ...]
    neighbours: tuple[Hardware, ...]  # every other device plugged in


class Listening:
    """Every device of every plug-in kind, while the `with` block lasts."""

    def __init__(self, connectors: Connectors, serial: SerialSettings | None = None) -> None:
        finders = {
            "usb": connectors.usb(),
            "hid": connectors.hid(),
            "serial": connectors.serial(lambda _panel: serial or SerialSettings()),
        }
        self._rules = {kind: Learning() for kind in finders}
        self._readers = {
            kind: PanelReader(finder, self._rules[kind]) for kind, finder in finders.items()
        }
        self._heard: queue.SimpleQueue[tuple[Kind, Contact]] = queue.SimpleQueue()
        self.facts: list[PanelFact] = []

    def __enter__(self) -> Self:
        kinds: tuple[Kind, ...] = ("usb", "hid", "serial")
        for kind in kinds:
            self._readers[kind].start(self._sink(kind))
        return self

    def __exit__(self, *_: object) -> None:
        for reader in self._readers.values():
            reader.stop()

    def press(self, patience_s: float, kind: Kind | None = None) -> Sighting | None:
        """The next press, of the given kind if any; None after `patience_s` without one."""
        deadline = time.monotonic() + patience_s
        while (heard := self._next(deadline)) is not None:
            if kind is not None and heard.kind != kind:
                continue
            if heard.kind == "hid" and kind is None:
                better = self.press(_SECOND_OPINION_S, "usb")
                return better or heard
            return heard
        return None

    def problems(self) -> list[str]:
        """Why some device is not listened to, each a sentence."""
        return [fact.detail for fact in self.facts if fact.kind in ("denied", "busy", "failed")]

    def devices(self, kind: Kind) -> tuple[Hardware, ...]:
        return tuple(self._rules[kind].seen.values())

    def _next(self, deadline: float) -> Sighting | None:
        try:
            kind, contact = self._heard.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return None
        hardware = self._rules[kind].seen[contact.panel]
        return Sighting(kind, contact.panel, hardware, contact.button)

    def _sink(self, kind: Kind) -> Callable[[Contact | PanelFact], None]:
        def sink(heard: Contact | PanelFact) -> None:
            if isinstance(heard, Contact):
                if heard.down:
                    self._heard.put((kind, heard))
            else:
                self.facts.append(heard)

        return sink


def learn(name: str, listening: Listening, say: Callable[[str], None], patience_s: float) -> Learnt:
    """Ask for the buttons of one panel, first to last and the first again to end."""
    say(f"Press the buttons of '{name}' in their order, 1 first; press 1 again to end.")
    first = listening.press(patience_s)
    if first is None:
        problems = " ".join(listening.problems())
        raise NothingPressedError(
            f"No button was pressed in {patience_s:.0f} s. {problems}".strip()
        )
    say(f"'{name}' is {first.hardware.name} ({first.hardware.model}), {first.key}. Button 1.")
    codes = [first.code]
    while (pressed := listening.press(patience_s, first.kind)) is not None:
        if pressed.key != first.key:
            say("That was another panel; not counted.")
        elif pressed.code == first.code:
            break
        elif pressed.code not in codes:
            codes.append(pressed.code)
            say(f"Button {len(codes)}.")
    others = [node for node in listening.devices(first.kind) if node.port != first.hardware.port]
    return Learnt(first.kind, first.key, first.hardware, tuple(codes), tuple(others))


def bind(
    document: dict[str, Any],
    learnt: Learnt,
    name: str,
    touchpoint: str,
    socket_marked: bool = False,
) -> dict[str, Any]:
    """The mapping document with panel `name` bound to what was learnt.

    An entry of that name keeps its answers, lamps and desk. MappingError when the panel cannot be
    told from another.
    """
    by_serial = learnt.key.startswith("serial ")
    twin = any(other.model == learnt.hardware.model for other in learnt.neighbours)
    if not by_serial and twin and not socket_marked:
        raise MappingError(twins([name, "another one plugged in"], learnt.hardware.model))
    panels = list(document.get("panels", []))
    place = next((i for i, panel in enumerate(panels) if panel.get("name") == name), len(panels))
    kept = {
        field: value
        for field, value in (panels[place] if place < len(panels) else {}).items()
        if field in ("desk", "answers", "lamps", "baud", "protocol")
    }
    entry: dict[str, Any] = {"name": name, "driver": learnt.kind, "touchpoint": touchpoint}
    if by_serial:
        entry["serial"] = learnt.hardware.serial
    else:
        entry |= {"port": learnt.hardware.port, "socket_marked": socket_marked}
    codes = {spell(learnt.kind, code): number for number, code in enumerate(learnt.codes, 1)}
    panels[place:] = [
        entry | {"model": learnt.hardware.model, "codes": codes} | kept,
        *panels[place + 1 :],
    ]
    bound = document | {"panels": panels}
    parse_mapping(bound)
    return bound


def spell(kind: Kind, code: int) -> str:
    """A code as the mapping file spells it."""
    if kind == "usb":
        names: str | Sequence[str] = ecodes.KEY.get(code, str(code))
        return names if isinstance(names, str) else min(names, key=len)
    if kind == "hid":
        report, byte, bit = code >> 16, code >> 3 & 0x1FFF, code & 7
        return f"{report}/{byte}.{bit}" if report else f"{byte}.{bit}"
    return str(code)


def read_document(path: Path) -> dict[str, Any]:
    """The mapping file as it stands; empty when there is none yet."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingError(f"{path}: {error}") from error


def write_document(path: Path, document: dict[str, Any]) -> None:
    """Replace the file in one step: a power cut leaves the old mapping or the new one."""
    written = path.with_name(path.name + ".new")
    with written.open("wb") as file:
        tomli_w.dump(document, file)
        file.flush()
        os.fsync(file.fileno())
    written.replace(path)
