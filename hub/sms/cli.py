"""`wellheard sms`: what a reply means, a conversation in the terminal, and a check of the dictionaries.

Decides only what is printed. Input that cannot be right ends with exit code 2 and one sentence.
"""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from hub.sms.dictionaries import LANGUAGES, lexicons
from hub.sms.engine.conversation import hear, start
from hub.sms.engine.session import Inbound, Session
from hub.sms.engine.templates import Template
from hub.sms.engine.turn import Turn
from hub.sms.interpreter.cases import BadCase, Case, case_of, evaluate
from hub.sms.interpreter.interpreter import Interpreter
from hub.sms.interpreter.labels import State
from hub.sms.interpreter.linting import changes, contradictions
from hub.sms.interpreter.phrases import BadPhrase
from hub.sms.texts import default_texts

EMERGENCY, FACILITY = "112", "Wellheard"
"""What the terminal's conversation names; a facility has its own."""

app = typer.Typer(
    help="SMS: what replies mean, and how a conversation goes on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Extension = Annotated[
    Path | None,
    typer.Option("--dictionaries", help="A folder with a clinic's additions: es.toml, any.toml…"),
]
Language = Annotated[str, typer.Option("--lang", help="es, ca, ru or en.")]


# A reply may begin with a hyphen, and is not to be taken for an option.
@app.command(context_settings={"ignore_unknown_options": True})
def interpret(
    text: Annotated[str | None, typer.Argument(help="The reply.")] = None,
    language: Language = "es",
    state: Annotated[
        str, typer.Option(help="Of the conversation: INVITED, AWAIT_SCORE…")
    ] = "INVITED",
    cases: Annotated[Path | None, typer.Option(help="CSV: lang, state, text, expected.")] = None,
    extension: Extension = None,
) -> None:
    """Print as JSON what a reply means, or how many of a file are understood."""
    with _one_sentence():
        interpreter = Interpreter(lexicons(extension))
        if cases is not None:
            _print(evaluate(_cases(cases), interpreter).printable())
        elif text is None:
            raise typer.BadParameter("Give a text, or a file with --cases.")
        else:
            found = interpreter.interpret(text, _known(language), State(state))
            _print({"label": found.label, "why": found.why})


@app.command()
def chat(language: Language = "es", extension: Extension = None) -> None:
    """Play the patient of a conversation; an empty line or the end of input ends it."""
    with _one_sentence():
        interpreter = Interpreter(lexicons(extension))
        texts = {one: default_texts(one) for one in LANGUAGES}
        turn = start(Session(State.INVITED, _known(language)), datetime.now(UTC))
    _show(turn, texts)
    while text := input_line():
        turn = hear(turn.session, Inbound(text, datetime.now(UTC)), interpreter)
        _show(turn, texts)


@app.command()
def lint(
    cases: Annotated[list[Path], typer.Argument(help="CSV files of known replies.")],
    extension: Extension = None,
) -> None:
    """Say what is wrong with the dictionaries, and which known replies a clinic's additions break."""
    with _one_sentence():
        shipped, extended = lexicons(), lexicons(extension)
        known = [case for file in cases for case in _cases(file)]
        findings = [*contradictions(extended), *changes(known, shipped, extended)]
    for finding in findings:
        typer.echo(("breaks: " if finding.breaks else "mends: ") + finding.sentence)
    broken = sum(finding.breaks for finding in findings)
    typer.echo(f"{len(known)} known replies, {broken} to look at.")
    raise typer.Exit(1 if broken else 0)


def input_line() -> str:
    """A line typed in; empty at the end of input."""
    try:
        return input("> ").strip()
    except EOFError:
        return ""


def _show(turn: Turn, texts: dict[str, dict[Template, str]]) -> None:
    words = texts[turn.session.language]
    for message in turn.messages:
        filled = words[message.template].format(
            number=message.number, emergency=EMERGENCY, facility=FACILITY
        )
        typer.echo(filled)
    others = [type(event).__name__ for event in turn.events if event not in turn.messages]
    typer.secho(f"  [{' · '.join([*others, turn.session.state])}]", dim=True)


def _cases(file: Path) -> list[Case]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(enumerate(csv.DictReader(opened), 2))
    found = [case_of(row, number) for number, row in rows]
    for case in found:
        _known(case.lang)
    return found


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise typer.BadParameter(
            f"There is no dictionary of {language!r}, only {', '.join(LANGUAGES)}."
        )
    return language


@contextmanager
def _one_sentence() -> Iterator[None]:
    try:
        yield
    except typer.BadParameter as refused:
        sentence = refused.format_message()
    except (BadCase, BadPhrase, OSError, UnicodeDecodeError, csv.Error, ValueError) as wrong:
        sentence = str(wrong)
    else:
        return
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


def _print(printed: object) -> None:
    typer.echo(json.dumps(printed, ensure_ascii=False))
