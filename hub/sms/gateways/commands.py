"""What an operator types about gateways: add one, list them, remove one, and the configuration that Kannel needs.

Decides that passwords are never given on the command line, where others on the machine would see them: they are asked
for, or made by us where both ends are ours.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Annotated, Any

import typer

from hub.core.errors import BadInput, NotFound
from hub.core.keys import Vault
from hub.core.scope import Scope
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.sms.gateways import registry
from hub.sms.gateways.kannel import gateway as kannel
from hub.sms.gateways.kannel.configuration import Places, configuration
from hub.sms.gateways.kinds import KINDS, MADE_BY_US, is_secret, settings_of
from hub.sms.gateways.port import Name
from hub.sms.gateways.registry import GatewaySettings, NewGateway

NETWORK = """\
# The connection to the telephone network: this one is for trying out with fakesmsc.
group = smsc
smsc = fake
smsc-id = fake
port = 10000
connect-allow-ip = 127.0.0.1
"""

Opened = Callable[[typer.Context], AbstractContextManager[tuple[Workplace, Vault, Scope]]]
Id = Annotated[str, typer.Argument(help="A short name; of a modem, the terminal's id.")]


def commands(opened: Opened) -> typer.Typer:
    """`opened` gives the hub's database and keys."""
    app = typer.Typer(help="Ways to send and receive SMS.", no_args_is_help=True)

    @app.command()
    def add(  # noqa: PLR0917 - Typer passes options by name
        context: typer.Context,
        kind: Annotated[str, typer.Argument(help=", ".join(KINDS))],
        id: Id,  # noqa: A002
        given: Annotated[
            list[str] | None, typer.Option("--set", help="name=value; once for each setting.")
        ] = None,
        facility: Annotated[str, typer.Option(help="Empty: it serves all.")] = "",
        rank: Annotated[int, typer.Option(help="The lowest is asked first.")] = 0,
        per_second: Annotated[float, typer.Option(min=0.01, help="Messages it takes.")] = 1.0,
        part_price: Annotated[float, typer.Option(min=0, help="What a part costs.")] = 0,
    ) -> None:
        """Send by a gateway from now on. Passwords are asked for, or made where Kannel is ours."""
        if kind not in KINDS:
            raise typer.BadParameter(f"There is no kind {kind!r}, only {', '.join(KINDS)}.")
        with opened(context) as (workplace, _vault, scope):
            settings = _settings(kind, dict(one.partition("=")[::2] for one in given or []))
            new = NewGateway(
                id, kind, settings, facility, rank, per_second, Decimal(str(part_price))
            )
            with workplace.begin() as work:
                registry.add(work, scope, new)

    @app.command(name="list")
    def list_all(context: typer.Context) -> None:
        """Name, kind, facility, rank, rate, and whether it is left alone because it was down."""
        with opened(context) as (workplace, _vault, scope), workplace.read() as work:
            for way in registry.ways(work, scope):
                state = "down" if way.down_until_ms > work.now_ms else "up"
                told = (way.name.id, way.kind, way.facility or "all", way.rank, way.per_second)
                typer.echo("\t".join(map(str, (*told, state))))

    @app.command()
    def remove(context: typer.Context, id: Id) -> None:  # noqa: A002
        """Send by it no more."""
        with opened(context) as (workplace, _vault, scope), workplace.begin() as work:
            registry.remove(work, scope, id)

    @app.command()
    def kannel_conf(
        context: typer.Context,
        id: Id,  # noqa: A002
        folder: Annotated[str, typer.Option(help="Where Kannel keeps what waits.")] = (
            "/var/spool/kannel"
        ),
    ) -> None:
        """Print a kannel.conf that works with this hub; it holds passwords."""
        with opened(context) as (workplace, vault, scope), workplace.read() as work:
            name = Name(scope.organisation, id)
            way = registry.find(work, name)
            if way is None or way.kind != kannel.KIND:
                raise NotFound(_("There is no gateway of this name."))
            settings = kannel.KannelSettings.model_validate(registry.settings(vault, way))
        typer.echo(configuration(name, settings, Places(folder), NETWORK), nl=False)

    return app


def _settings(kind: str, given: dict[str, Any]) -> GatewaySettings:
    for name, field in KINDS[kind].model_fields.items():
        if is_secret(field) and name not in given and kind not in MADE_BY_US:
            given[name] = typer.prompt(field.description or name, hide_input=True)
    if unknown := next((name for name in given if name not in KINDS[kind].model_fields), None):
        raise BadInput(unknown, f"{unknown}: there is no such setting.")
    try:
        return settings_of(kind, given)
    except BadInput as error:
        raise BadInput(error.field or "", f"{error.field}: {error.detail}") from error
