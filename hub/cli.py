"""`wellheard hub`: runs the hub, and what an operator does beside it."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from hub.app import wire
from hub.core.broker import BrokerSettingError, BrokerUnavailableError
from hub.core.dead_letters import dead_letters
from hub.core.inbox import NotReplayable
from hub.core.logs import configure_logs
from hub.core.scope import Scope
from hub.core.settings import HubSettings
from hub.identity import accounts
from hub.running import PortTaken, Started, run

app = typer.Typer(help="The hub: stores answers and shows them.", invoke_without_command=True)

Data = Annotated[
    Path | None, typer.Option("--data", help="Folder of the database, keys and broker files.")
]


@app.callback()
def serve(  # noqa: PLR0917 - Typer passes options by name
    context: typer.Context,
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="Address of the pages.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of the pages; 0 for any free one.")] = None,
    broker: Annotated[str | None, typer.Option(help="auto, mosquitto, iotcore or a URL.")] = None,
    broker_port: Annotated[
        int | None, typer.Option(help="Of the broker we start; 0 for any.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Say where it is as one JSON line.")
    ] = False,
) -> None:
    """Run the hub until stopped. Every setting can also be given as WELLHEARD_…"""
    given = {"data": data, "host": host, "port": port, "broker": broker, "broker_port": broker_port}
    try:
        settings = HubSettings.model_validate(
            {**HubSettings().model_dump(), **{k: v for k, v in given.items() if v is not None}}
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        _fail(f"{'.'.join(str(p) for p in first['loc'])}: {first['msg']}", 2)
    context.obj = settings
    if context.invoked_subcommand is not None:
        return
    configure_logs()
    try:
        run(settings, _say_json if as_json else _say)
    except (BrokerSettingError, BrokerUnavailableError, PortTaken) as error:
        _fail(str(error), 1)


@app.command()
def token(
    context: typer.Context,
    account: Annotated[str, typer.Argument(help="Whose rights the program gets.")],
    label: Annotated[str, typer.Option(help="What it is for.")] = "command line",
) -> None:
    """A token for a program that uses the REST API; printed once."""
    settings: HubSettings = context.obj
    hub = wire(settings)
    with hub.parts.workplace.begin() as work:
        typer.echo(accounts.create_token(work, Scope(settings.organisation), account, label))


letters = typer.Typer(help="Messages that could not be stored.", no_args_is_help=True)
app.add_typer(letters, name="dead-letters")


@letters.command(name="list")
def list_letters(context: typer.Context, limit: int = 50) -> None:
    """The newest, with the reason for each."""
    settings: HubSettings = context.obj
    hub = wire(settings)
    with hub.parts.workplace.read() as work:
        for letter in dead_letters(work, Scope(settings.organisation), limit):
            typer.echo(
                f"{letter.id}\t{letter.state}\t{letter.kind}\t{letter.size} bytes\t"
                f"{letter.times}x\t{letter.topic}\t{letter.detail}"
            )


@letters.command()
def replay(
    context: typer.Context,
    ids: Annotated[list[int] | None, typer.Argument(help="Which; none with --all.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that wait.")] = False,
) -> None:
    """Store letters after all."""
    settings: HubSettings = context.obj
    hub = wire(settings)
    scope = Scope(settings.organisation)
    wanted = list(ids or [])
    if every:
        with hub.parts.workplace.read() as work:
            found = dead_letters(work, scope, 10_000)
        wanted = sorted(letter.id for letter in found if letter.state == "waiting")
    failed = 0
    for letter_id in wanted:
        try:
            hub.parts.inbox.replay(scope, letter_id)
            typer.echo(f"{letter_id}: stored")
        except NotReplayable as error:
            failed += 1
            typer.echo(f"{letter_id}: {error}", err=True)
    raise typer.Exit(1 if failed else 0)


def _say(started: Started) -> None:
    console = Console()
    console.print(
        f"Wellheard is at [bold]{started.url}[/bold]; terminals connect to port {started.broker.port}."
    )
    first = started.first_administrator
    if first is not None:
        console.print(
            f"First administrator: [bold]{first.name}[/bold], password [bold]{first.password}[/bold]"
        )
        console.print("This password is not kept anywhere and will not be shown again.")


def _say_json(started: Started) -> None:
    typer.echo(started.as_json())


def _fail(sentence: str, code: int) -> None:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)
