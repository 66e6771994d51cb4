"""`wellheard topics suggest` prints one JSON object, or one sentence."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.cases.topics.cli import app

HEADER = "lang,text,topics\n"


def test_a_text_gets_topics_and_is_masked() -> None:
    result = CliRunner().invoke(app, ["suggest", "--lang", "ru", "Врач Иванова нагрубила мне"])
    assert result.exit_code == 0, result.stderr
    printed = json.loads(result.stdout)
    assert printed["topics"][0]["topic"] == "rudeness"
    assert printed["masked"] == "Врач […] нагрубила мне"


def test_a_file_is_evaluated_and_corrections_are_learned_first(tmp_path: Path) -> None:
    cases, corrections = tmp_path / "cases.csv", tmp_path / "corrections.csv"
    cases.write_text(HEADER + "es,Esperé dos horas,waiting/rudeness\nes,El torno azul,price\n")
    corrections.write_text(HEADER + "es,El torno azul,price\n" * 5)
    evaluated = ["suggest", "--cases", str(cases)]
    before = json.loads(CliRunner().invoke(app, evaluated).stdout)
    assert (before["total"], before["top1"]) == (2, 0.5)
    assert [wrong["text"] for wrong in before["wrong"]] == ["El torno azul"]
    corrected = CliRunner().invoke(app, [*evaluated, "--corrections", str(corrections)])
    assert json.loads(corrected.stdout) == {"total": 2, "top1": 1.0, "top2": 1.0, "wrong": []}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["suggest"], "Give a text"),
        (["suggest", "--cases", "missing.csv"], "missing.csv"),
        (["suggest", "--lang", "de", "…"], "--lang"),
    ],
)
def test_what_cannot_be_right_is_one_sentence(arguments: list[str], sentence: str) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert sentence in line
