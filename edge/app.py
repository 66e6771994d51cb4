"""The agent's composition root: what it is made of, and how the parts are joined."""

import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from contract.sms import password_hash
from contract.topics import Channel
from edge.agent import Agent
from edge.buttons.assembly import Connectors, KernelConnectors, Panels
from edge.buttons.mapping import PanelMapping, read_mapping
from edge.buttons.virtual import VirtualHardware
from edge.clock import Clock, SystemClock
from edge.fleet.anew import Anew
from edge.fleet.commands.assembly import Looking, Page, make_jobs
from edge.fleet.commands.diagnostics import Diagnostics, Runs
from edge.fleet.commands.power import reboot_machine
from edge.fleet.configuration.configuration import Configuration
from edge.fleet.configuration.hub_trial import HubTrial
from edge.fleet.enrolment.membership import Membership
from edge.fleet.health.assembly import Health
from edge.fleet.health.monitor import Check, HealthMonitor
from edge.fleet.hub_client import HubClient
from edge.fleet.quiet import Quiet
from edge.fleet.updates.assembly import make_updates
from edge.fleet.updates.trial import SelfTest
from edge.log_memory import LogMemory
from edge.outbox import Outbox
from edge.remote_settings import OwnSettings
from edge.rota import Rota
from edge.screen.assembly import Screen, make_screen
from edge.screen.view import Notice
from edge.settings import EdgeSettings, SettingsError, read_settings
from edge.simulation import Controls, ControlServer, SimulatedClock
from edge.sms.modem import Modem
from edge.sms.smsd import Smsd
from edge.terminal import AsksHub, Terminal
from edge.uplink import Uplink

if TYPE_CHECKING:
    from edge.vision.assembly import Vision


def wire(
    folder: Path,
    *,
    simulate: bool = False,
    screen_port: int | None = None,
    browser: bool = False,
    log: LogMemory | None = None,
) -> Terminal:
    """The terminal whose settings and data are in `folder`; SettingsError or MappingError says what is wrong.

    `screen_port` serves the touch screen's page there even where the settings have no screen; `browser` shows it.
    `log` is what is remembered of the log.
    """
    settings = read_settings(folder / "terminal.toml")
    mapping_file = folder / "panels.toml"
    mapping = read_mapping(mapping_file) if mapping_file.exists() else PanelMapping()
    if screen_port is not None:
        touchpoints = tuple(panel.touchpoint for panel in mapping.panels)
        settings = settings.with_screen(screen_port, touchpoints)
    if not simulate:
        connectors = KernelConnectors()
        return _wire(folder, settings, mapping, connectors, SystemClock(), browser=browser, log=log)
    hardware, clock = VirtualHardware(mapping), SimulatedClock(folder / "boot_id")
    controls = ControlServer(folder / "controls.sock", Controls(hardware, clock))
    return _wire(
        folder, settings, mapping, hardware, clock, browser=browser, log=log, controls=controls
    )


def _wire(
    folder: Path,
    settings: EdgeSettings,
    mapping: PanelMapping,
    connectors: Connectors,
    clock: Clock,
    *,
    browser: bool,
    log: LogMemory | None,
    controls: ControlServer | None = None,
) -> Terminal:
    outbox = Outbox(folder / "outbox.db", settings.device, settings.limits)
    if log is not None:
        log.keep_in(folder)  # not before the outbox is ours: another agent may be at work here
    rota = Rota(folder / "desired.json")
    configuration = Configuration(folder, OwnSettings(settings, folder), rota, clock)
    settings = configuration.settings
    vision = _make_vision(folder, settings, rota, clock)
    shutter = vision.photographer if vision else None
    membership = Membership(folder, settings.login, settings.hub)
    hub = membership.hub
    health = Health(settings.health, clock)
    screen = None
    if settings.screen is not None:
        screen = make_screen(
            folder,
            settings.screen,
            settings.device,
            hub,
            rota=rota,
            clock=clock,
            outbox=outbox,
            glass=health.glass,
            browser=browser,
            notices=_notices(settings),
            shutter=shutter,
        )
    panels = Panels(mapping, connectors)
    quiet = Quiet(clock, screen.kiosk.is_free if screen else _always)
    agent = Agent(
        outbox,
        clock,
        mapping=mapping,
        lamps=panels.lamps,
        rota=rota,
        panels=health.panels,
        software=version("wellheard"),
        hardware=_hardware(),
        questions=screen.kiosk if screen else None,
        shutter=shutter,
        quiet=quiet,
    )
    anew = Anew(agent.stop)
    updates = make_updates(
        folder,
        settings.updates,
        device=settings.device,
        version=version("wellheard"),
        clock=clock,
        hub=hub,
        quiet_s=quiet.seconds,
        start_anew=anew,
        test=SelfTest(
            outbox,
            clock,
            hub_gone=lambda: uplink.hub_gone,
            broker=(settings.broker.host, settings.broker.port),
            findings=lambda: monitor.latest(),  # noqa: PLW0108 - it is made below
            has_painted=screen.kiosk.has_painted if screen else _never,
            version=version("wellheard"),
        ),
    )
    update = updates.updater if updates else None
    looking = None
    if hub is not None:
        looking = _looking(
            folder, configuration, hub, screen=screen, clock=clock, outbox=outbox, log=log
        )
    jobs = make_jobs(
        folder,
        clock,
        quiet,
        restart=anew,
        reboot=_reboot(clock, anew),
        update=update,
        looking=looking,
    )
    further: list[Check] = [
        *([screen.check] if screen else []),
        *([vision.check] if vision else []),
        *([updates.check] if updates else []),
    ]
    modem = _make_modem(folder, settings, membership, clock)
    listeners = {Channel.JOB: jobs.take}
    if modem is not None:
        listeners[Channel.SMS] = modem.hear
    uplink = Uplink(
        settings.address,
        membership.at_broker(),
        outbox,
        agent,
        configuration,
        listeners=listeners,
        observer=health.link,
    )
    monitor = HealthMonitor(health.checks(folder, outbox, rota, further), clock)
    asking_hub: list[AsksHub] = []
    if (renewing := membership.renewing(uplink, clock, settings.address, anew)) is not None:
        asking_hub.append(renewing)
    if configuration.is_hub_on_trial and settings.hub is not None:
        asking_hub.append(HubTrial(hub or HubClient(settings.hub), configuration.hub_served))
    return Terminal(
        agent=agent,
        panels=panels,
        uplink=uplink,
        monitor=monitor,
        outbox=outbox,
        jobs=jobs,
        configuration=configuration,
        quiet=quiet,
        anew=anew,
        controls=controls,
        screen=screen,
        vision=vision,
        modem=modem,
        updates=updates,
        asking_hub=asking_hub,
    )


def _looking(
    folder: Path,
    configuration: Configuration[EdgeSettings],
    hub: HubClient,
    *,
    screen: Screen | None,
    clock: Clock,
    outbox: Outbox,
    log: LogMemory | None,
) -> Looking:
    """What somebody far away may have a look at."""
    settings = configuration.settings
    runs = Runs(log.lines, log.lines_before) if log is not None else Runs()
    diagnostics = Diagnostics(
        folder,
        settings.model_dump(),
        clock=clock,
        outbox=outbox,
        reported=configuration.reported,
        runs=runs,
    )
    page = None
    if screen is not None and settings.screen is not None:
        page = Page(screen.server.url, (settings.screen.width_px, settings.screen.height_px))
    return Looking(hub, diagnostics, runs, page)


def _make_modem(
    folder: Path, settings: EdgeSettings, membership: Membership, clock: Clock
) -> Modem | None:
    if settings.sms is None:
        return None
    if membership.password() is None:
        raise SettingsError(
            "sms: the terminal needs a password for the broker, to open what is sealed"
        )
    smsd = Smsd(settings.sms.smsd_database)
    return Modem(folder, smsd, lambda: password_hash(membership.password() or ""), clock)


def _make_vision(folder: Path, settings: EdgeSettings, rota: Rota, clock: Clock) -> "Vision | None":
    if settings.camera is None:
        return None
    if settings.camera.smiles is not None and settings.screen is None:
        raise SettingsError("camera.smiles: patients must be told on the screen, and there is none")
    # A terminal without a camera carries no numpy, OpenCV and onnxruntime in its memory.
    from edge.vision.assembly import make_vision  # noqa: PLC0415

    return make_vision(
        folder, settings.camera, settings.device, clock, lambda: rota.document.photographs
    )


def _notices(settings: EdgeSettings) -> tuple[Notice, ...]:
    """What patients must be told of the camera."""
    return ("smiles",) if settings.camera and settings.camera.smiles else ()


def _never() -> bool:
    """Where no screen is, none paints."""
    return False


def _always() -> bool:
    """Where no screen is, nobody stands at it."""
    return True


def _reboot(clock: Clock, anew: Anew) -> Callable[[], None]:
    if not isinstance(clock, SimulatedClock):
        return reboot_machine

    def reboot() -> None:
        clock.reboot()
        anew()

    return reboot


def _hardware() -> str:
    """The board's own name, or the machine's kind."""
    model = Path("/proc/device-tree/model")
    return model.read_text().strip("\x00\n ")[:200] if model.exists() else platform.machine()
