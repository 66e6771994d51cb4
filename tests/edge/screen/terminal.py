"""A terminal with a touch screen: the real agent, outbox, kiosk and server; clock and lamps are held."""

import hashlib
import json
import threading
from pathlib import Path
from typing import Any

from contract.documents import (
    DesiredConfiguration,
    Employee,
    PhotographConfiguration,
    RotaShift,
)
from contract.messages import Stamp
from edge.agent import Agent
from edge.buttons.mapping import parse_mapping
from edge.buttons.port import Contact
from edge.fleet.health.glass import GlassHealth
from edge.fleet.health.panels import PanelHealth
from edge.outbox import Outbox
from edge.rota import Rota
from edge.screen.assembly import Screen, make_screen
from edge.screen.view import Notice
from edge.settings import EdgeSettings
from edge.shutter import Shutter
from tests.fakes.clock import NOON_MS
from tests.fakes.waiting import eventually

TOUCHPOINT = "room-12"
PEOPLE = (
    ("irina-orlova", "Dr Irina Orlova", "Radiology", {"es": "Radiología", "ru": "Рентгенология"}),
    ("jordi-serra", "Dr Jordi Serra", "Cardiology", {"es": "Cardiología", "ru": "Кардиология"}),
    ("emma-clark", "Emma Clark", "Laboratory", {"es": "Laboratorio", "ru": "Лаборатория"}),
)
PHOTOGRAPH = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
MAPPING = {
    "panels": [
        {
            "name": "desk",
            "driver": "gpio",
            "touchpoint": TOUCHPOINT,
            "pins": {1: 17, 2: 27, 3: 22},
            "answers": {
                1: {"survey": "express", "question": "recommend", "value": "yes"},
                2: {"survey": "express", "question": "recommend", "value": "no"},
                3: {"survey": "visit", "question": "how_was_it", "value": "good"},
            },
        }
    ]
}


class HeldTerminalClock:
    """Both clocks of a terminal, standing still until they are moved."""

    def __init__(self) -> None:
        self._ns = 10**12
        self.synchronised = True

    def move(self, seconds: float) -> None:
        self._ns += int(seconds * 1_000_000_000)

    def monotonic_ns(self) -> int:
        return self._ns

    def offset_ms(self) -> float | None:
        return 0.0 if self.synchronised else None

    def stamp(self, at_ns: int | None = None) -> Stamp:
        ms = (self._ns if at_ns is None else at_ns) // 1_000_000
        return Stamp(
            wall_ms=NOON_MS + ms - 10**6,
            boot_id="00000000-0000-4000-8000-000000000001",
            uptime_ms=ms,
            synchronised=self.synchronised,
        )


class SilentLamps:
    """Counts what the panels were told."""

    def __init__(self) -> None:
        self.thanked: list[str] = []
        self.refused: list[str] = []

    def thank(self, panel: str) -> None:
        self.thanked.append(panel)

    def refuse(self, panel: str) -> None:
        self.refused.append(panel)

    def attention(self, on: bool) -> None:
        pass


def configuration(
    people: int = len(PEOPLE),
    version: int = 1,
    photographs: PhotographConfiguration | None = None,
    **screen: Any,
) -> DesiredConfiguration:
    """Everybody is on duty from noon minus four hours for eight hours."""
    hour = 3_600_000
    employees = [
        Employee(employee=code, name=name, speciality=speciality, specialities=others)
        for code, name, speciality, others in PEOPLE[:people]
    ]
    rota = [
        RotaShift(
            shift=f"shift-{one.employee}",
            touchpoint=TOUCHPOINT,
            employee=one.employee,
            starts_ms=NOON_MS - 4 * hour,
            ends_ms=NOON_MS + 4 * hour,
        )
        for one in employees
    ]
    fields = {"screen": screen} if screen else {}
    return DesiredConfiguration(
        version=version, rota=rota, employees=employees, photographs=photographs, **fields
    )


class ScreenTerminal:
    """Everything from the glass to the disk."""

    def __init__(
        self,
        folder: Path,
        desired: DesiredConfiguration | None = None,
        *,
        small_outbox: bool = False,
        notices: tuple[Notice, ...] = (),
        shutter: Shutter | None = None,
        **screen: Any,
    ) -> None:
        self.folder = folder
        self.clock = HeldTerminalClock()
        self.lamps = SilentLamps()
        settings = EdgeSettings.model_validate(
            {
                "organisation": "clinic",
                "facility": "centre",
                "device": "hall-1",
                "broker": {"host": "127.0.0.1"},
                "screen": {"touchpoints": [TOUCHPOINT], "port": 0, **screen},
            }
        )
        self.rota = rota = Rota(folder / "desired.json")
        rota.take(desired or configuration())
        assert settings.screen is not None
        self.outbox = Outbox(folder / "outbox.db", settings.device, settings.limits)
        made = make_screen(
            folder,
            settings.screen,
            settings.device,
            settings.hub,
            rota=rota,
            clock=self.clock,
            outbox=self.outbox,
            glass=GlassHealth(self.clock, held_s=60),
            browser=False,
            notices=notices,
            shutter=shutter,
        )
        self.screen: Screen = made
        self.kiosk = made.kiosk
        self.agent = Agent(
            self.outbox,
            self.clock,
            mapping=parse_mapping(MAPPING),
            lamps=self.lamps,
            rota=rota,
            panels=PanelHealth(),
            software="test",
            hardware="test",
            questions=self.kiosk,
            shutter=shutter,
        )
        self._loop = threading.Thread(target=self.agent.run, args=(lambda _stored: None,))

    def __enter__(self) -> "ScreenTerminal":
        self._loop.start()
        self.screen.start(self.agent.submit)
        return self

    def __exit__(self, *_: object) -> None:
        self.screen.stop()
        self.agent.stop()
        self._loop.join(timeout=10)
        self.outbox.close()

    @property
    def url(self) -> str:
        return self.screen.server.url

    @property
    def view(self) -> dict[str, Any]:
        return self.kiosk.document()

    def pass_time(self, seconds: float) -> None:
        """On the virtual clock, and tell the screen."""
        self.clock.move(seconds)
        self.kiosk.tick()

    def press(self, button: int) -> None:
        """A finger on the panel."""
        for down in (True, False):
            self.agent.hear(Contact("desk", button, down, self.clock.monotonic_ns()))
            self.clock.move(0.1)

    def said(self) -> list[dict[str, Any]]:
        """What patients said, as it will be published."""
        entries = self.outbox.entries(0, 1000)
        kinds = {"SurveyAnswered", "ContactLeft", "ButtonPressed"}
        return [json.loads(entry.payload) for entry in entries if entry.type in kinds]

    def answers(self) -> list[tuple[str, Any]]:
        return [
            (message["asked"]["question"], message["value"])
            for message in self.said()
            if message["type"] == "SurveyAnswered"
        ]

    def until(self, phase: str) -> None:
        eventually(lambda: self.view["phase"] == phase and not self.view["busy"])

    def on_disk(self) -> bytes:
        """Every byte of every file of the terminal."""
        return b"".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
