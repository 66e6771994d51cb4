"""`wellheard sms`: JSON for a text and for a file, a conversation, and what a clinic's additions would break."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from wellheard.cli import app

CASES = Path(__file__).parents[2] / "data" / "sms" / "cases.csv"
SMALL = (
    '"lang","state","text","expected"\n"es","INVITED","si","YES"\n"es","AWAIT_SCORE","9","REASK"\n'
)


def run(*arguments: str, keys: str = "", code: int = 0) -> str:
    result = CliRunner().invoke(app, ["sms", *arguments], input=keys)
    assert result.exit_code == code, result.output
    return result.output


def printed(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("interpret", *arguments))
    return found


def test_a_text_and_why() -> None:
    found = printed("--lang", "es", "--state", "AWAIT_SCORE", "un 9")
    assert found == {"label": "SCORE:9", "why": "the one number: 9"}
    assert printed("--state", "AWAIT_SCORE", "-1")["label"] == "REASK_RANGE"


def test_a_file_of_cases(tmp_path: Path) -> None:
    file = tmp_path / "small.csv"
    file.write_text(SMALL)
    found = printed("--cases", str(file))
    assert (found["total"], found["right"]) == (2, 1)
    wrong = {"lang": "es", "state": "AWAIT_SCORE", "text": "9", "expected": "REASK"}
    assert found["wrong"] == [wrong | {"got": "SCORE:9"}]
    assert found["harms"]["wrong_score"] == 1
    assert found["harms"]["missed_emergency"] == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--state", "ASLEEP", "hola"], "ASLEEP"),
        (["--lang", "fr", "oui"], "no dictionary of 'fr'"),
        ([], "Give a text"),
        (["--cases", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(arguments: list[str], sentence: str) -> None:
    assert sentence in run("interpret", *arguments, code=2)


def test_a_conversation_in_the_terminal() -> None:
    played = run("chat", keys="si\n3\nla espera\nno\n")
    assert "De 0 a 10" in played
    assert "CallDecided · COMPLETED" in played


def test_the_linter_shows_which_known_reply_an_addition_would_break(tmp_path: Path) -> None:
    (tmp_path / "es.toml").write_text('no = ["claro"]\ndanger = ["por supuesto"]\n')
    cases = tmp_path / "cases.csv"
    cases.write_text('"lang","state","text","expected"\n"es","INVITED","Por supuesto","YES"\n')
    found = run("lint", str(cases), "--dictionaries", str(tmp_path), code=1)
    assert "breaks: es: “claro” is both no and yes" in found
    assert "es INVITED Por supuesto: expected YES, would get ESCALATE_URGENT" in found
    assert "0 to look at" in run("lint", str(cases))


def test_a_phrase_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.toml").write_text('yes = ["(obert"]\n')
    assert "(obert" in run("interpret", "si", "--dictionaries", str(tmp_path), code=2)
    (tmp_path / "ca.toml").write_text('maybe = ["potser"]\n')
    assert "unknown heading maybe" in run(
        *("interpret", "si", "--dictionaries", str(tmp_path)), code=2
    )
