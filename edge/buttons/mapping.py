"""Configuration of panels: which hardware, which buttons, which answers.

Decides what a valid configuration is. Refused, by panel name and field: two panels for the same
hardware or pin, and two panels of one model without serial numbers that only their sockets tell
apart, unless the configuration says that the sockets are marked.
"""

import tomllib
from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from evdev import ecodes
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveInt,
    ValidationError,
    model_validator,
)

from contract.messages.answers import Value
from contract.messages.envelope import Code
from edge.buttons import hidraw
from edge.buttons.binding import Claim

Pin = Annotated[int, Field(ge=0, le=53)]
Button = Annotated[int, Field(ge=1, le=1024)]
"""As the contract has it, like every name here: a mapping that it refused would refuse every press."""


class MappingError(Exception):
    """The configuration cannot be used; the text says which field and what to do."""


def _evdev_number(prefix: str) -> Callable[[Any], Any]:
    def parse(code: Any) -> Any:
        if not isinstance(code, str) or code.isdecimal():
            return code
        number = ecodes.ecodes.get(code) if code.startswith(prefix) else None
        if number is None:
            raise ValueError(f"'{code}' is not one of the kernel's {prefix}… names")
        return number

    return parse


def _report_bit(code: Any) -> Any:
    """ "byte.bit", or "report/byte.bit" for a panel that numbers its reports."""
    if not isinstance(code, str) or code.isdecimal():
        return code
    report, _, place = code.rpartition("/")
    byte, _, bit = place.partition(".")
    try:
        return hidraw.code(int(byte), int(bit), int(report or 0))
    except ValueError:
        raise ValueError(f"'{code}' is not 'byte.bit' or 'report/byte.bit'") from None


KeyCode = Annotated[int, BeforeValidator(_evdev_number("KEY_"))]
LedCode = Annotated[int, BeforeValidator(_evdev_number("LED_"))]
ReportBit = Annotated[int, BeforeValidator(_report_bit)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(_Strict):
    """What a button says."""

    survey: Code
    question: Code
    value: Value


class Lamp(_Strict):
    """A lamp on a GPIO pin, or one built into a keyboard-like panel."""

    pin: Pin | None = None
    led: LedCode | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.pin is None) == (self.led is None):
            raise ValueError("a lamp has either 'pin' or 'led'")
        return self


class PanelLamps(_Strict):
    thanks: Lamp | None = None
    refusal: Lamp | None = None


class _Panel(_Strict):
    name: Code
    touchpoint: Code
    desk: str | None = None
    answers: dict[Button, Answer] = {}
    lamps: PanelLamps = PanelLamps()

    @abstractmethod
    def buttons(self) -> frozenset[int]:
        """The numbers of its buttons."""

    @model_validator(mode="after")
    def _answers_have_buttons(self) -> Self:
        if unknown := sorted(self.answers.keys() - self.buttons()):
            raise ValueError(f"answers name button {unknown[0]}, which the panel does not have")
        return self


def _each_once(codes: dict[int, int]) -> dict[int, int]:
    if not codes:
        raise ValueError("a panel has at least one button")
    return codes


class _PlugIn(_Panel):
    """A panel that is found by serial number or by socket."""

    serial: str | None = None
    port: str | None = None
    model: Annotated[str, Field(pattern=r"^[0-9a-f]{4}:[0-9a-f]{4}$")] | None = None
    socket_marked: bool = False  # a person has marked which socket is which panel's
    codes: Annotated[dict[int, Button], AfterValidator(_each_once)]

    def buttons(self) -> frozenset[int]:
        return frozenset(self.codes.values())

    def claim(self) -> Claim:
        return Claim(self.name, self.codes, self.serial, self.port, self.model)

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if (self.serial is None) == (self.port is None):
            raise ValueError("a panel is found by either 'serial' or 'port'")
        return self


class UsbPanel(_PlugIn):
    driver: Literal["usb"] = "usb"
    codes: Annotated[dict[KeyCode, Button], AfterValidator(_each_once)]


class HidPanel(_PlugIn):
    driver: Literal["hid"] = "hid"
    codes: Annotated[dict[ReportBit, Button], AfterValidator(_each_once)]


class SerialPanel(_PlugIn):
    driver: Literal["serial"] = "serial"
    baud: PositiveInt = 9600
    protocol: Literal["lines", "bytes"] = "lines"


class GpioPanel(_Panel):
    """`pins`: button number -> GPIO number."""

    driver: Literal["gpio"] = "gpio"
    pins: Annotated[dict[Button, Pin], AfterValidator(_each_once)]
    pull_up: bool = True

    def buttons(self) -> frozenset[int]:
        return frozenset(self.pins)


Panel = Annotated[UsbPanel | HidPanel | SerialPanel | GpioPanel, Field(discriminator="driver")]


class PanelMapping(_Strict):
    """All panels of a terminal, and the signals they share."""

    panels: tuple[Panel, ...] = ()
    buzzer: Pin | None = None
    attention: Pin | None = None

    def panel(self, name: str) -> Panel | None:
        return next((panel for panel in self.panels if panel.name == name), None)

    def plug_in(self) -> Iterator[UsbPanel | HidPanel | SerialPanel]:
        return (panel for panel in self.panels if not isinstance(panel, GpioPanel))

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        _refuse_shared("name", ((p.name, p.name) for p in self.panels))
        _refuse_shared("serial", ((p.serial, p.name) for p in self.plug_in() if p.serial))
        _refuse_shared("port", ((p.port, p.name) for p in self.plug_in() if p.port))
        _refuse_shared("pin", self._pins())
        self._refuse_twins()
        return self

    def _pins(self) -> Iterator[tuple[int, str]]:
        for panel in self.panels:
            if isinstance(panel, GpioPanel):
                yield from ((pin, panel.name) for pin in panel.pins.values())
            for lamp in (panel.lamps.thanks, panel.lamps.refusal):
                if lamp is not None and lamp.pin is not None:
                    yield lamp.pin, f"{panel.name} (lamp)"
        for pin, user in ((self.buzzer, "buzzer"), (self.attention, "attention")):
            if pin is not None:
                yield pin, user

    def _refuse_twins(self) -> None:
        alike: dict[str, list[str]] = defaultdict(list)
        for panel in self.plug_in():
            if panel.serial is None and panel.model and not panel.socket_marked:
                alike[panel.model].append(panel.name)
        for model, names in alike.items():
            if len(names) > 1:
                raise ValueError(twins(names, model))


def twins(names: Iterable[str], model: str) -> str:
    listed = " and ".join(f"'{name}'" for name in names)
    return (
        f"panels {listed} are the same model ({model}) and have no serial numbers: swapping their "
        "plugs would swap their answers unnoticed. Use panels with serial numbers, or mark the "
        "sockets and set 'socket_marked = true' on each"
    )


def _refuse_shared(field: str, uses: Iterable[tuple[object, str]]) -> None:
    users: dict[object, str] = {}
    for value, user in uses:
        if value in users:
            raise ValueError(f"'{users[value]}' and '{user}' have the same {field} {value}")
        users[value] = user


def parse_mapping(document: dict[str, Any]) -> PanelMapping:
    try:
        return PanelMapping.model_validate(document)
    except ValidationError as error:
        raise MappingError(_sentences(error, document)) from error


def read_mapping(path: Path) -> PanelMapping:
    """MappingError names the file, the field and what is wrong with it."""
    try:
        return parse_mapping(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingError(f"{path}: {error}") from error
    except MappingError as error:
        raise MappingError(f"{path}: {error}") from error


def _sentences(error: ValidationError, document: dict[str, Any]) -> str:
    return "; ".join(
        f"{_place(problem['loc'], document)}: {problem['msg'].removeprefix('Value error, ')}"
        for problem in error.errors()
    )


def _place(location: tuple[int | str, ...], document: dict[str, Any]) -> str:
    """ "panels[1] 'exit' codes KEY_X", as a person reading the file would say it."""
    match location:
        case ("panels", int(index), *rest):
            panel = document["panels"][index]
            name = panel.get("name", "without a name") if isinstance(panel, dict) else "?"
            inner = [str(part) for part in rest if part not in ("usb", "hid", "serial", "gpio")]
            return " ".join([f"panel {index + 1} '{name}'", *(p for p in inner if p != "[key]")])
        case ():
            return "panels"
        case _:
            return ".".join(str(part) for part in location)
