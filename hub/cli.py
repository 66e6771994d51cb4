"""`wellheard hub`: runs the hub, and what an operator does beside it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from hub.app import Hub, wire
from hub.core.audit.verifying import verify
from hub.core.broker import BrokerSettingError, BrokerUnavailableError
from hub.core.db import is_unavailable
from hub.core.dead_letters import dead_letters, waiting_ids
from hub.core.errors import HubError
from hub.core.inbox import DatabaseUnavailable, NotReplayable
from hub.core.keys import KeysUnreadable, Vault
from hub.core.logs import configure_logs
from hub.core.passwords import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH
from hub.core.scope import Scope
from hub.core.settings import HubSettings
from hub.core.unit_of_work import Workplace
from hub.fleet.authority import issuing
from hub.identity import accounts, tokens
from hub.identity.accounts import FirstAdministrator
from hub.running import PortTaken, Started, run
from hub.sms.gateways.commands import commands

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
    demonstration: Annotated[
        bool, typer.Option("--demonstration", help="SMS go to telephones on a page.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Say where it is as one JSON line.")
    ] = False,
) -> None:
    """Run the hub until stopped. Every setting can also be given as WELLHEARD_…"""
    given = {"data": data, "host": host, "port": port, "broker": broker, "broker_port": broker_port}
    given["demonstration"] = demonstration or None
    try:
        settings = HubSettings.model_validate(
            {**HubSettings().model_dump(), **{k: v for k, v in given.items() if v is not None}}
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        _fail(f"{'.'.join(str(p) for p in first['loc'])}: {first['msg']}", 2)
    context.obj = settings
    configure_logs()
    if context.invoked_subcommand is None:
        with _plain_errors():
            run(settings, _say_json if as_json else _say, _say_first_administrator)


@app.command()
def token(
    context: typer.Context,
    account: Annotated[str, typer.Argument(help="Whose rights the program gets.")],
    label: Annotated[str, typer.Option(help="What it is for.")] = "command line",
) -> None:
    """A token for a program that uses the REST API; printed once."""
    with _opened(context) as (hub, scope), hub.parts.workplace.begin() as work:
        typer.echo(tokens.create(work, scope, account, label))


@app.command()
def password(
    context: typer.Context, account: Annotated[str, typer.Argument(help="Whose.")]
) -> None:
    """Give somebody a new password, asked for twice; ends whatever they were signed in to."""
    chosen = typer.prompt("New password", hide_input=True, confirmation_prompt=True)
    if not MIN_PASSWORD_LENGTH <= len(chosen) <= MAX_PASSWORD_LENGTH:
        _fail(f"password: at least {MIN_PASSWORD_LENGTH} letters, signs or digits.", 2)
    with _opened(context) as (hub, scope):
        hashed = hub.parts.passwords.hash(chosen)
        with hub.parts.workplace.begin() as work:
            accounts.set_password(work, scope, account, hashed)
    typer.echo(f"{account}: the new password holds from now on.")


audit = typer.Typer(help="Who did and read what.", no_args_is_help=True)
app.add_typer(audit, name="audit")


@audit.command(name="verify")
def verify_audit(
    context: typer.Context,
    noted: Annotated[
        str, typer.Option(help="An end that was printed before: it must still be part of the log.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Say it as one JSON line.")] = False,
) -> None:
    """Whether every entry is there, in its order, as it was written; exit code 1 where not."""
    number, _colon, digest = noted.partition(":")
    if noted and not (number.isascii() and number.isdigit() and digest):
        _fail("--noted: an end looks like 4711:0123abc…, as this command prints it.", 2)
    with _opened(context) as (hub, _scope), hub.parts.workplace.read() as work:
        known = (int(number), digest) if noted else None
        outcome = verify(work.connection, work.vault, known)
    if as_json:
        typer.echo(json.dumps(asdict(outcome) | {"whole": outcome.broken is None}))
    else:
        typer.echo(f"{outcome.count} entries fit together; end {outcome.count}:{outcome.digest}")
        if outcome.broken:
            typer.echo(f"After entry {outcome.count}: {outcome.broken}", err=True)
    raise typer.Exit(1 if outcome.broken else 0)


keys = typer.Typer(help="The keys that personal data is encrypted with.", no_args_is_help=True)
app.add_typer(keys, name="keys")


@keys.command()
def rotate(
    context: typer.Context,
    now: Annotated[bool, typer.Option(help="Seal anew at once, in this process.")] = False,
) -> None:
    """Seal with a new key from now on, and what is stored too; older keys stay, so all stays readable meanwhile."""
    with _opened(context) as (hub, scope):
        count = hub.keys.rotate()
        with hub.parts.workplace.begin() as work:
            columns = hub.resealer.put_jobs(work)
            work.audit.record(scope, "keys.rotated", "keys", count=count)
        typer.echo(f"A new key is in use, the {count}. one. {columns} columns are sealed anew.")
        if now:
            hub.resealer.finish()
            typer.echo("All of them are.")
        else:
            typer.echo(
                "The running hub does so in the background; keep the file of keys with your backups."
            )


@keys.command()
def authority(context: typer.Context) -> None:
    """Have another authority sign for terminals, as one does of itself when eight years have passed."""
    with _opened(context) as (hub, scope), hub.parts.workplace.begin() as work:
        serial = issuing.succeed(work)
        work.audit.record(scope, "keys.authority", "keys", serial=serial)
        days = issuing.SETTLED_MS // issuing.DAY_MS
        typer.echo(
            f"Authority {serial} is believed from now on, and signs in {days} days, when all terminals know it."
        )


@contextmanager
def _opened_for_sms(context: typer.Context) -> Iterator[tuple[Workplace, Vault, Scope]]:
    with _opened(context) as (hub, scope):
        yield hub.parts.workplace, hub.keys, scope


app.add_typer(commands(_opened_for_sms), name="sms-gateways")

letters = typer.Typer(help="Messages that could not be stored.", no_args_is_help=True)
app.add_typer(letters, name="dead-letters")


@letters.command(name="list")
def list_letters(context: typer.Context, limit: int = 50) -> None:
    """The newest, with the reason for each."""
    with _opened(context) as (hub, scope), hub.parts.workplace.read() as work:
        for letter in dead_letters(work, scope, limit):
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
    if bool(ids) == every:
        _fail("Say which letters, or --all.", 2)
    with _opened(context) as (hub, scope):
        if every:
            with hub.parts.workplace.read() as work:
                ids = waiting_ids(work, scope)
        failed = [letter for letter in ids or [] if not _replayed(hub, scope, letter)]
    raise typer.Exit(1 if failed else 0)


def _replayed(hub: Hub, scope: Scope, letter: int) -> bool:
    try:
        hub.parts.inbox.replay(scope, letter)
    except NotReplayable as error:
        typer.echo(f"{letter}: {error}", err=True)
        return False
    typer.echo(f"{letter}: stored")
    return True


@contextmanager
def _opened(context: typer.Context) -> Iterator[tuple[Hub, Scope]]:
    """The hub's parts beside a running hub, or before there was one: its first administrator is told either way."""
    settings: HubSettings = context.obj
    with _plain_errors():
        hub = wire(settings)
        if hub.first_administrator is not None:
            _say_first_administrator(hub.first_administrator)
        try:
            yield hub, Scope(settings.organisation)
        finally:
            hub.database.close()


@contextmanager
def _plain_errors() -> Iterator[None]:
    """What an operator can mend is said in one sentence."""
    try:
        yield
    except (
        BrokerSettingError,
        BrokerUnavailableError,
        DatabaseUnavailable,
        HubError,
        KeysUnreadable,
        PortTaken,
    ) as error:
        _fail(str(error), 1)
    except DBAPIError as error:
        if not is_unavailable(error):
            raise
        _fail(f"database: it cannot be used now ({type(error.orig).__name__}).", 1)


def _say(started: Started) -> None:
    console = Console()
    console.print(
        f"Wellheard is at [bold]{started.url}[/bold]; terminals connect to port {started.broker.port}."
    )
    if started.first_administrator is not None:
        _say_first_administrator(started.first_administrator)


def _say_first_administrator(first: FirstAdministrator) -> None:
    """On standard error: what a command was asked for goes to standard output alone."""
    console = Console(stderr=True)
    console.print(
        f"First administrator: [bold]{first.name}[/bold], password [bold]{first.password}[/bold]"
    )
    console.print("This password is not kept anywhere and will not be shown again.")


def _say_json(started: Started) -> None:
    typer.echo(started.as_json())


def _fail(sentence: str, code: int) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)
