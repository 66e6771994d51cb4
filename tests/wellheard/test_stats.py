"""`wellheard stats` prints one JSON object, or one sentence that names the field."""

import json
import subprocess
import sys
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.feedback.figures.attraction import attraction_of_answers
from wellheard.cli import app
from wellheard.stats import printable

KEYS = {"value", "low", "high", "n", "base", "formula"}


def printed(arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["stats", *arguments.split()])
    assert result.exit_code == 0, result.stderr
    (line,) = result.stdout.splitlines()
    figure: dict[str, Any] = json.loads(line)
    assert figure.keys() >= KEYS
    return figure


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("nps 9 10 7 6 0", (0.0, -57.4576, 57.4576, 5, 5, "nps/1")),
        ("nps 10 10 10", (100.0, -6.5803, 100.0, 3, 3, "nps/1")),
        ("nps", (None, -100.0, 100.0, 0, 0, "nps/1")),
        (
            "attraction --yes 14 --no 4 --hard 2 --served 200",
            (5.0, 0.7167, 9.1355, 20, 200, "attraction/1"),
        ),
        (
            "loyalty --positive 30 --negative 6 --served 400",
            (6.0, 3.0344, 8.8763, 36, 400, "loyalty/1"),
        ),
        ("wilson 9 10", (0.9, 0.5958, 0.9821, 10, 10, "wilson/1")),
        ("wilson 0 0", (None, 0.0, 1.0, 0, 0, "wilson/1")),
    ],
)
def test_figures(arguments: str, expected: tuple[object, ...]) -> None:
    figure = printed(arguments)
    assert (
        tuple(figure[key] for key in ("value", "low", "high", "n", "base", "formula")) == expected
    )
    assert figure["alarm"] is None


def test_the_attraction_of_those_who_answered_stands_beside_it_with_its_label() -> None:
    secondary = printed("attraction --yes 14 --no 4 --hard 2 --served 200")["secondary"]
    assert secondary == printable(attraction_of_answers(14, 4, 2))
    assert (secondary["value"], secondary["base_of"]) == (50.0, "answers")


def test_engagement_stands_beside_loyalty() -> None:
    figure = printed("loyalty --positive 30 --negative 6 --served 400")
    assert figure["engagement"] == 9.0
    assert figure["engagement_low"] < 9.0 < figure["engagement_high"]
    with_neutral = printed("loyalty --positive 30 --negative 6 --neutral 4 --served 400")
    assert (with_neutral["engagement"], with_neutral["value"]) == (10.0, 6.0)


@pytest.mark.parametrize(
    "arguments",
    [
        "attraction --yes 8 --no 3 --hard 1 --served 9",
        "loyalty --positive 10 --negative 2 --served 9",
    ],
)
def test_an_inconsistent_base_withholds_the_value(arguments: str) -> None:
    figure = printed(arguments)
    assert (figure["value"], figure["alarm"]) == (None, "BASE_INCONSISTENT")
    assert (figure["n"], figure["base"]) == (12, 9)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ("nps 9 11", "score"),
        ("nps 9 -1", "score"),
        ("nps 9 6.5", "score"),
        ("nps nine", "score"),
        ("attraction --yes -1 --no 4 --hard 2 --served 200", "yes"),
        ("attraction --yes 1 --no 4 --hard 2 --served many", "--served"),
        ("attraction --yes 1 --no 4 --hard 2", "--served"),
        ("loyalty --positive 3 --negative 1.5 --served 9", "--negative"),
        ("loyalty --positive 3 --negative 1 --served -9", "served"),
        ("wilson 11 10", "successes"),
        ("wilson -1 10", "successes"),
        ("wilson 1 -10", "trials"),
        ("wilson 1 ten", "trials"),
        ("wilson 1", "trials"),
    ],
)
def test_bad_input_ends_with_one_sentence_that_names_the_field(arguments: str, field: str) -> None:
    result = CliRunner().invoke(app, ["stats", *arguments.split()])
    assert result.exit_code == 2
    assert result.stdout == ""
    (sentence,) = result.stderr.splitlines()
    assert field in sentence.lower()


def test_the_installed_command() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "wellheard", "stats", "wilson", "27", "30"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["value"] == 0.9
