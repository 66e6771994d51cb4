"""`wellheard edge`: the terminal's agent, its way into a hub, and binding its panels."""

import shutil
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from edge.app import wire
from edge.buttons.assembly import Connectors, KernelConnectors
from edge.buttons.learn import (
    Listening,
    NothingPressedError,
    bind,
    learn,
    read_document,
    write_document,
)
from edge.buttons.mapping import MappingError, parse_mapping
from edge.buttons.virtual import VirtualHardware
from edge.fleet.anew import begin_anew, say_farewell
from edge.fleet.enrolment.card import Card, CardUnusable, read_card
from edge.fleet.updates.assembly import install_first
from edge.fleet.updates.downloading import Corrupt
from edge.fleet.updates.settings import UpdatesSettings
from edge.fleet.updates.slots import NotInstalled
from edge.fleet.updates.sources import NotThere
from edge.fleet.updates.trust import NotReached, NotTrusted
from edge.logs import Level, configure_logs, crashes_logged
from edge.screen.enrolment.waiting import enrol_here, wait_to_be_taken_in
from edge.screen.pin import own_pin
from edge.sealing import KeyUnusable
from edge.settings import SettingsError
from edge.simulation import Controls, ControlServer, SimulatedClock

app = typer.Typer(help="The agent of a terminal.", invoke_without_command=True)

Folder = Annotated[
    Path,
    typer.Option(
        "--folder", help="Settings, panels and the outbox.", envvar="WELLHEARD_EDGE_FOLDER"
    ),
]
Simulate = Annotated[
    bool, typer.Option("--simulate", help="Virtual pins and panels, played through controls.sock.")
]
DEFAULT_FOLDER = Path("/var/lib/wellheard")
TERMINAL = "terminal.toml"


@app.callback()
def run(
    context: typer.Context,
    *,
    folder: Folder = DEFAULT_FOLDER,
    simulate: Simulate = False,
    screen_port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Serve the touch screen's page on this port."),
    ] = None,
    kiosk: Annotated[
        bool, typer.Option("--kiosk", help="Show the page in Chromium, over the whole panel.")
    ] = False,
    log_level: Annotated[Level, typer.Option(help="Log nothing below this.")] = Level.INFO,
) -> None:
    """Hear presses until stopped."""
    log = configure_logs(log_level)
    if context.invoked_subcommand is not None:
        return
    try:
        if not (folder / TERMINAL).exists() and not wait_to_be_taken_in(folder, screen_port, kiosk):
            say_farewell(folder)
            return
        terminal = wire(folder, simulate=simulate, screen_port=screen_port, browser=kiosk, log=log)
    except (SettingsError, MappingError, KeyUnusable, CardUnusable) as error:
        say_farewell(folder)  # another version would find the same files
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    with crashes_logged():
        is_wanted = terminal.run()
    say_farewell(folder)
    if is_wanted:
        begin_anew()


@app.command(name="enrol")
def enrol_terminal(
    *,
    folder: Folder = DEFAULT_FOLDER,
    hub: Annotated[
        str | None, typer.Option("--hub", help="The hub's address; empty: as the card says.")
    ] = None,
    token: Annotated[
        str | None, typer.Option("--token", help="A token that the hub gave out for this terminal.")
    ] = None,
    ca_file: Annotated[
        str | None, typer.Option("--ca-file", help="Whom to believe about the hub's certificate.")
    ] = None,
    patience: Annotated[float, typer.Option(min=1, help="Seconds to wait.")] = 900.0,
) -> None:
    """Have a hub take this terminal in: show the code that somebody types there, and wait."""
    if (folder / TERMINAL).exists():
        typer.echo(f"{folder / TERMINAL} is there: this terminal has a hub already.", err=True)
        raise typer.Exit(1)
    try:
        card = Card(hub_url=hub, token=token, ca_file=ca_file) if hub else read_card(folder)
        if card is None:
            raise CardUnusable("No hub is known: give --hub, or write enrolment.toml.")
        found = enrol_here(folder, card, typer.echo, patience)
    except (CardUnusable, KeyUnusable, ValidationError, OSError) as error:
        typer.echo(
            "hub: not a web address" if isinstance(error, ValidationError) else str(error), err=True
        )
        raise typer.Exit(2) from error
    if found is None:
        typer.echo("Nobody has accepted the terminal yet. Its key is kept: try again.", err=True)
        raise typer.Exit(1)
    typer.echo(f"This terminal is '{found.device}' at '{found.facility}'. Start the agent.")


@app.command(name="learn")
def learn_panel(
    panel: Annotated[str, typer.Argument(help="The panel's name, such as reception-1.")],
    touchpoint: Annotated[str, typer.Option(help="Where it stands, as the hub knows the place.")],
    *,
    folder: Folder = DEFAULT_FOLDER,
    simulate: Simulate = False,
    patience: Annotated[float, typer.Option(min=1, help="Seconds to wait for each press.")] = 30.0,
    socket_marked: Annotated[
        bool,
        typer.Option("--socket-marked", help="Somebody has marked which socket is this panel's."),
    ] = False,
) -> None:
    """Bind a panel by pressing each of its buttons once."""
    path = folder / "panels.toml"
    try:
        document = read_document(path)
        with Listening(_connectors(document, folder, simulate=simulate)) as listening:
            learnt = learn(panel, listening, typer.echo, patience)
        bound = bind(document, learnt, panel, touchpoint, socket_marked)
        write_document(path, bound)
    except (MappingError, NothingPressedError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(
        f"'{panel}' with {len(learnt.codes)} buttons is in {path}. Restart the agent to use it."
    )


def _connectors(document: dict[str, object], folder: Path, *, simulate: bool) -> Connectors:
    if not simulate:
        return KernelConnectors(exclusive=False)  # or the installer's own keyboard falls silent
    hardware = VirtualHardware(parse_mapping(document))
    ControlServer(folder / "controls.sock", Controls(hardware, SimulatedClock())).start()
    return hardware


@app.command(name="install")
def install(
    repository: Annotated[
        Path, typer.Argument(exists=True, help="A published repository, or a stick's.")
    ],
    release: Annotated[str, typer.Argument(help="The version.")],
    root: Annotated[Path, typer.Option(exists=True, help="Where this terminal begins to trust.")],
    *,
    channel: str = "stable",
    folder: Folder = DEFAULT_FOLDER,
) -> None:
    """Install the first release of a card; the launcher starts it."""
    try:
        slot = install_first(folder, repository, root.read_bytes(), channel, release)
        shutil.copyfile(root, folder / UpdatesSettings().root)
    except (NotTrusted, NotReached, NotThere, Corrupt, NotInstalled, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(slot)


@app.command(name="staff-pin")
def staff_pin(*, folder: Folder = DEFAULT_FOLDER) -> None:
    """Show the PIN of the staff's corner, where the configuration sets none."""
    try:
        typer.echo(own_pin(folder))
    except OSError as error:
        typer.echo(f"{folder}: {error.strerror}", err=True)
        raise typer.Exit(1) from error
