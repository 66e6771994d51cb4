"""`wellheard topics`: what a text is about, with the names in it masked.

Decides only what is printed. Input that cannot be right ends with exit code 2 and one sentence.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from hub.cases.topics.dictionaries import LANGUAGES, examples, lexicons
from hub.cases.topics.evaluation import BadCase, evaluate, example_of
from hub.cases.topics.example import Example
from hub.cases.topics.learned import learn
from hub.cases.topics.masking import Masker
from hub.cases.topics.names import listed_names
from hub.cases.topics.suggesting import Suggester

app = typer.Typer(
    help="Topics of what patients write.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def topics() -> None:
    """Topics of what patients write."""


# A text may begin with a hyphen, and is not to be taken for an option.
@app.command(context_settings={"ignore_unknown_options": True})
def suggest(
    text: Annotated[str | None, typer.Argument(help="What a patient wrote.")] = None,
    language: Annotated[str, typer.Option("--lang", help="es, ca, ru or en.")] = "es",
    cases: Annotated[
        Path | None, typer.Option(help="CSV: lang, text, topics separated by /.")
    ] = None,
    corrections: Annotated[
        Path | None, typer.Option(help="CSV like --cases: what the staff chose, learned first.")
    ] = None,
    employee: Annotated[
        list[str] | None, typer.Option(help="An employee's name, masked wherever it stands.")
    ] = None,
) -> None:
    """Print as JSON the topics of a text, best first, or how many of a file are found."""
    if cases is None and text is None:
        _refuse("Give a text, or a file with --cases.")
    if language not in LANGUAGES:
        _refuse(f"--lang: “{language}” is not one of {', '.join(LANGUAGES)}.")
    read = [[*_examples(path)] if path else [] for path in (cases, corrections)]
    suggester = Suggester(lexicons(), learn(examples(), read[1]))
    if text is None:
        _print(evaluate(read[0], suggester))
        return
    suggested = [
        {"topic": one.topic, "subtopic": one.subtopic, "score": one.score}
        for one in suggester.suggest(language, text)
    ]
    _print({"topics": suggested, "masked": Masker(listed_names(), employee or ()).mask(text)})


def _examples(path: Path) -> Iterator[Example]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines), start=1):
                try:
                    yield example_of(row, LANGUAGES)
                except BadCase as refused:
                    _refuse(f"{path}, row {number}: {refused}")
    except (OSError, UnicodeDecodeError, csv.Error) as refused:
        _refuse(f"{path}: {refused}")


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


def _print(printed: dict[str, Any]) -> None:
    typer.echo(json.dumps(printed, ensure_ascii=False))
