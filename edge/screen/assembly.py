"""What a terminal's touch screen is made of, joined: the kiosk, its web server, the photographs."""

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from importlib.metadata import version
from pathlib import Path

from contract.documents import DesiredConfiguration, ScreenConfiguration
from contract.photographs import Policy
from edge.clock import Clock
from edge.fleet.health.finding import Finding
from edge.fleet.health.glass import GlassHealth
from edge.fleet.hub_client import HubClient
from edge.outbox import NotStored, Outbox
from edge.rota import Rota
from edge.screen.browser import BrowserWatch, ChromiumProcess
from edge.screen.events import Approached
from edge.screen.flow import Terms, Timings
from edge.screen.kiosk import Kiosk, Night, Plan, Submit
from edge.screen.languages import read_wording
from edge.screen.photographs import Photographs
from edge.screen.pin import is_right, own_pin
from edge.screen.server import ScreenServer
from edge.screen.settings import ScreenSettings
from edge.screen.staff import Corner
from edge.screen.staff_corner import Fact, IsRight, StaffCorner
from edge.screen.surveys import chosen, own, showable
from edge.screen.view import Notice, Stage
from edge.shutter import Shutter


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen, ready to be started."""

    kiosk: Kiosk
    server: ScreenServer
    photographs: Photographs
    watch: BrowserWatch
    glass: GlassHealth

    def check(self) -> list[Finding]:
        """Whether the page is alive and shows what it should, and how its glass is touched."""
        dark_ms = self.watch.dark_ms()
        page = [] if dark_ms is None else [self.glass.page(dark_ms, self.watch.restarts)]
        return [*page, *self.glass.glass()]

    def greet(self) -> None:
        """Somebody is coming."""
        self.kiosk.happen(Approached())

    def start(self, submit: Submit) -> None:
        """Serve the page; answers go to `submit`."""
        self.kiosk.start(submit)
        self.photographs.start()
        self.server.start()
        self.watch.start()

    def stop(self) -> None:
        """End; nothing that was thanked for is lost."""
        self.watch.stop()
        self.server.stop()
        self.photographs.stop()


def make_screen(
    folder: Path,
    screen: ScreenSettings,
    device: str,
    hub: HubClient | None,
    *,
    rota: Rota,
    clock: Clock,
    outbox: Outbox,
    glass: GlassHealth,
    browser: bool,
    notices: tuple[Notice, ...] = (),
    shutter: Shutter | None = None,
) -> Screen:
    """The screen of these settings; `hub` is where photographs come from. OSError: its port is taken.

    `notices` are what patients must be told before they touch anything.
    """
    corner = StaffCorner(
        _pin_check(folder, screen, rota),
        lambda: _facts(outbox, clock, device),
        Corner(brightness=screen.brightness),
    )
    kiosk = Kiosk(
        _plan(screen, notices, has_camera=shutter is not None),
        rota,
        clock,
        staff=corner,
        glass=glass,
        country=screen.country,
        night=_night(screen.night),
        shutter=shutter,
    )
    photographs = Photographs(folder / "photographs", kiosk.photographs, hub)
    server = ScreenServer(kiosk, photographs.photograph, port=screen.port)
    process = ChromiumProcess(server.url, folder / "browser") if browser else None
    return Screen(kiosk, server, photographs, BrowserWatch(process, kiosk.page, clock), glass)


def _plan(settings: ScreenSettings, notices: tuple[Notice, ...], *, has_camera: bool) -> Plan:
    wordings = {language: read_wording(language) for language in settings.languages}
    glass = settings.glass
    timings = Timings(
        question_ms=settings.question_s * 1000,
        form_ms=settings.form_s * 1000,
        thanks_ms=settings.thanks_s * 1000,
    )

    def plan(document: DesiredConfiguration) -> tuple[Stage, tuple[str, ...]]:
        wish = document.screen or ScreenConfiguration()
        languages = tuple(one for one in wish.languages if one in wordings) or settings.languages
        touchpoints = tuple(wish.touchpoints) or settings.touchpoints
        asking = chosen(wish.surveys, touchpoints[0], wordings, small=glass.is_small)
        if asking is None:
            asking = own(showable(wish.mode, small=glass.is_small) or settings.mode, wordings)
        terms = Terms(asking.survey, languages, timings)
        photographs = _photographs(document) if has_camera else Policy.OFF
        stage = Stage(
            terms, glass, asking.wordings, asking.consent, notices, photographs, wish.receipts
        )
        return stage, touchpoints

    return plan


def _photographs(document: DesiredConfiguration) -> Policy:
    """Without a key nothing can be sealed, and nothing is taken."""
    wanted = document.photographs
    return Policy.of(wanted.policy) if wanted and wanted.key else Policy.OFF


def _pin_check(folder: Path, settings: ScreenSettings, rota: Rota) -> IsRight:
    """The hub's PIN, else that of the settings, else this terminal's own."""
    own = own_pin(folder)

    def check(pin: str) -> bool:
        wish = rota.document.screen
        pin_hash = (wish.pin_hash if wish else None) or settings.pin_hash
        return is_right(pin, pin_hash) if pin_hash else compare_digest(pin.encode(), own.encode())

    return check


def _facts(outbox: Outbox, clock: Clock, device: str) -> list[Fact]:
    """What somebody who stands before the terminal wants to know of it."""
    try:
        waiting = str(outbox.depth().rows)
    except NotStored:
        waiting = "?"
    time = clock.stamp()
    return [
        ("device", device),
        ("waiting", waiting),
        ("clock", datetime.fromtimestamp(time.wall_ms / 1000).astimezone().strftime("%H:%M")),
        ("software", version("wellheard")),
    ]


def _night(hours: str | None) -> Night | None:
    if hours is None:
        return None
    begins, ends = (time.split(":") for time in hours.split("-"))
    return int(begins[0]) * 60 + int(begins[1]), int(ends[0]) * 60 + int(ends[1])
