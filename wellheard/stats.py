"""`wellheard stats`: a figure from counts typed in, by the functions that the dashboards use.

Decides only how a figure is printed: one JSON object, numbers to four decimals. Input that cannot be right
ends with exit code 2 and one sentence that names the field.
"""

import json
from dataclasses import asdict
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from hub.core.errors import BadInput
from hub.feedback.figures.attraction import attraction, attraction_of_answers
from hub.feedback.figures.figure import Figure
from hub.feedback.figures.loyalty import engagement, loyalty
from hub.feedback.figures.nps import nps_of_scores
from hub.feedback.figures.publishing import standing
from hub.feedback.figures.shares import share
from hub.sms.parts import parts_of


class _OneSentence(TyperGroup):
    """Says what is wrong in one sentence, where Typer would draw a box with the usage."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except typer.BadParameter as refused:
            _refuse(refused.format_message())
        except BadInput as refused:
            _refuse(refused.detail)


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


app = typer.Typer(
    cls=_OneSentence,
    help="Compute a figure from counts; prints one JSON object.",
    no_args_is_help=True,
    add_completion=False,
)

# A negative number must reach the check that names its field, and not be taken for an option.
_NUMBERS = {"ignore_unknown_options": True}


@app.command("nps", context_settings=_NUMBERS)
def print_nps(
    score: Annotated[list[int] | None, typer.Argument(help="From 0 to 10, one a patient.")] = None,
) -> None:
    """Net Promoter Score, in points."""
    _print(printable(nps_of_scores(score or [])))


@app.command("attraction")
def print_attraction(
    yes: Annotated[int, typer.Option(help="Would recommend the doctor.")],
    no: Annotated[int, typer.Option(help="Would not.")],
    served: Annotated[int, typer.Option(help="Clients whom the doctor served in the period.")],
    hard: Annotated[int, typer.Option(help="Found it hard to say.")] = 0,
) -> None:
    """Index of Client Attraction (ИК), in points of those served."""
    secondary = printable(attraction_of_answers(yes, no, hard))
    _print(printable(attraction(yes, no, hard, served)) | {"secondary": secondary})


@app.command("loyalty")
def print_loyalty(
    positive: Annotated[int, typer.Option(help="Presses of a favourable button.")],
    negative: Annotated[int, typer.Option(help="Presses of an unfavourable one.")],
    served: Annotated[int, typer.Option(help="Clients served.")],
    neutral: Annotated[int, typer.Option(help="Presses of any other.")] = 0,
) -> None:
    """Index of Emotional Loyalty (ИЭЛ), in points, and engagement, in percent."""
    index = loyalty(positive, negative, served, neutral=neutral)
    engaged = printable(engagement(positive + negative + neutral, served))
    _print(
        printable(index)
        | {
            "engagement": engaged["value"],
            "engagement_low": engaged["low"],
            "engagement_high": engaged["high"],
        }
    )


@app.command("wilson", context_settings=_NUMBERS)
def print_wilson(successes: int, trials: int) -> None:
    """A share as a fraction, with Wilson's interval."""
    _print(printable(share(successes, trials)))


@app.command("sms-parts")
def print_sms_parts(text: Annotated[str, typer.Argument(help="The whole message.")]) -> None:
    """Encoding, units and parts of an SMS, and the letters that cost most."""
    _print(asdict(parts_of(text)))


def printable(figure: Figure) -> dict[str, Any]:
    """What is printed of a figure; `publishing` says whether it may be shown."""
    return {
        "value": _rounded(figure.value),
        "low": _rounded(figure.low),
        "high": _rounded(figure.high),
        "n": figure.n,
        "base": figure.base,
        "formula": figure.formula,
        "base_of": figure.base_of,
        "unit": figure.unit,
        "publishing": standing(figure),
        "alarm": figure.alarm,
    }


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4) + 0.0  # + 0.0: never "-0.0"


def _print(printed: dict[str, Any]) -> None:
    typer.echo(json.dumps(printed, ensure_ascii=False))
