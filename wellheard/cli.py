"""The one command, `wellheard`: hands over to the side that is asked for.

Decides nothing but that. Each side is imported when it is called and not before: a terminal has not the
hub's packages, and a hub not the terminal's.
"""

# ruff: noqa: PLC0415  the late imports are what this module is for

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

app = typer.Typer(
    help="Hears every patient of a clinic.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they would print the values of local variables
)

# The side parses its own arguments, --help among them.
_HANDED_OVER = {
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "help_option_names": [],
}


@app.command(context_settings=_HANDED_OVER)
def hub(context: typer.Context) -> None:
    """The server of a clinic: collects the answers and shows them to the staff."""
    with _packages_of("hub"):
        from hub.cli import app as side

        side(args=context.args, prog_name="wellheard hub")


@app.command(context_settings=_HANDED_OVER)
def edge(context: typer.Context) -> None:
    """The agent of a terminal: buttons, lamps, the outbox and the way to the hub."""
    with _packages_of("edge"):
        from edge.cli import app as side

        side(args=context.args, prog_name="wellheard edge")


@app.command(context_settings=_HANDED_OVER)
def models(context: typer.Context) -> None:
    """The vision models: fetch, verify, list and evaluate them."""
    with _packages_of("edge"):
        from edge.vision.cli import app as side

        side(args=context.args, prog_name="wellheard models")


@app.command(context_settings=_HANDED_OVER)
def detect(context: typer.Context) -> None:
    """Find the faces on pictures."""
    with _packages_of("edge"):
        from edge.vision.trials import app as side

        side(args=context.args, prog_name="wellheard detect")


@app.command(context_settings=_HANDED_OVER)
def demo(context: typer.Context) -> None:
    """A demonstration clinic on this machine, with a simulated crowd."""
    with _packages_of("edge,hub"):
        from wellheard.demo import app as side

        side(args=context.args, prog_name="wellheard demo")


@app.command(context_settings=_HANDED_OVER)
def image(context: typer.Context) -> None:
    """A terminal's card, from a stock Raspberry Pi OS Lite."""
    with _packages_of("edge"):
        from wellheard.image.cli import app as side

        side(args=context.args, prog_name="wellheard image")


@app.command(context_settings=_HANDED_OVER)
def stats(context: typer.Context) -> None:
    """The figures from counts: NPS, attraction, loyalty, Wilson's interval."""
    with _packages_of("hub"):
        from wellheard.stats import app as side

        side(args=context.args, prog_name="wellheard stats")


@app.command(context_settings=_HANDED_OVER)
def sms(context: typer.Context) -> None:
    """What SMS replies mean, a conversation in the terminal, a check of the dictionaries."""
    with _packages_of("hub"):
        from hub.sms.cli import app as side

        side(args=context.args, prog_name="wellheard sms")


@app.command(context_settings=_HANDED_OVER)
def topics(context: typer.Context) -> None:
    """What a patient's text is about, with the names in it masked."""
    with _packages_of("hub"):
        from hub.cases.topics.cli import app as side

        side(args=context.args, prog_name="wellheard topics")


@app.command(context_settings=_HANDED_OVER)
def release(context: typer.Context) -> None:
    """Releases for terminals: keys, building, signing, publishing, verifying."""
    with _packages_of("edge,hub"):
        from wellheard.release.command import main as side

        side(context.args)


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """What is missing on this machine, and how to mend it."""
    from wellheard.doctor import doctor as examine_and_print

    raise typer.Exit(examine_and_print(as_json))


@app.command()
def bench(
    names: Annotated[list[str] | None, typer.Argument(help="Which; none: list them.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
) -> None:
    """Run benchmarks; each prints one JSON object."""
    from wellheard.benchmarks import run_benchmarks

    raise typer.Exit(run_benchmarks(names or [], every))


@contextmanager
def _packages_of(extras: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        typer.echo(
            f"The package {error.name} is not installed. Install with: "
            f"pip install 'wellheard[{extras}]'",
            err=True,
        )
        raise typer.Exit(1) from error


def main() -> None:
    """The console script's entry."""
    app()
