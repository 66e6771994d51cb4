"""What a terminal's touch screen is made of, joined: the kiosk, its web server, the photographs."""

from dataclasses import dataclass
from pathlib import Path

from contract.documents import DesiredConfiguration
from edge.clock import Clock
from edge.fleet.health.finding import Finding
from edge.rota import Rota
from edge.screen.browser import BrowserWatch, ChromiumProcess
from edge.screen.flow import Terms
from edge.screen.kiosk import Kiosk, Night, Plan, Submit
from edge.screen.photographs import HubLogin, Photographs
from edge.screen.server import ScreenServer
from edge.screen.surveys import SURVEYS, Mode
from edge.screen.view import Stage
from edge.screen.wording import read_wording
from edge.settings import EdgeSettings, ScreenSettings


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen, ready to be started."""

    kiosk: Kiosk
    server: ScreenServer
    photographs: Photographs
    watch: BrowserWatch

    def check(self) -> list[Finding]:
        """Whether the page is alive and shows something."""
        return self.watch.check()

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
    folder: Path, settings: EdgeSettings, rota: Rota, clock: Clock, *, browser: bool
) -> Screen | None:
    """The screen of these settings, if there is to be one. OSError: its port is taken."""
    screen = settings.screen
    if screen is None:
        return None
    kiosk = Kiosk(_plan(screen), rota, clock, country=screen.country, night=_night(screen.night))
    photographs = Photographs(folder / "photographs", kiosk.photographs, _login(settings))
    server = ScreenServer(kiosk, photographs.photograph, port=screen.port)
    process = ChromiumProcess(server.url, folder / "browser") if browser else None
    return Screen(kiosk, server, photographs, BrowserWatch(process, kiosk.page, clock))


def _plan(settings: ScreenSettings) -> Plan:
    wordings = {language: read_wording(language) for language in settings.languages}
    glass = settings.glass

    def plan(document: DesiredConfiguration) -> tuple[Stage, tuple[str, ...]]:
        wish = document.screen
        mode: Mode = settings.mode
        languages, touchpoints = settings.languages, settings.touchpoints
        if wish is not None:
            mode = wish.mode if wish.mode in SURVEYS else mode
            languages = tuple(one for one in wish.languages if one in wordings) or languages
            touchpoints = tuple(wish.touchpoints) or touchpoints
        return Stage(Terms(SURVEYS[mode], languages), glass, wordings), touchpoints

    return plan


def _night(hours: str | None) -> Night | None:
    if hours is None:
        return None
    begins, ends = (time.split(":") for time in hours.split("-"))
    return int(begins[0]) * 60 + int(begins[1]), int(ends[0]) * 60 + int(ends[1])


def _login(settings: EdgeSettings) -> HubLogin | None:
    broker = settings.broker
    if settings.hub_url is None or broker.password is None:
        return None
    return HubLogin(settings.hub_url, settings.device, broker.password, broker.ca_file)


def with_screen(settings: EdgeSettings, port: int, touchpoints: tuple[str, ...]) -> EdgeSettings:
    """The settings with a screen on this port: theirs, or a usual one for these touchpoints."""
    screen = settings.screen or ScreenSettings(touchpoints=touchpoints)
    return settings.model_copy(update={"screen": screen.model_copy(update={"port": port})})
