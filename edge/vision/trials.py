"""`wellheard detect` and `wellheard models eval`: trying a detector on pictures.

Decides how it is printed and which exit codes are used: 0, 1 for a model or a file that cannot be used, 2 for a wrong
option.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import cv2
import typer

from edge.vision.detector import open_detector, threshold_of
from edge.vision.evaluation.labels import Unreadable, read_labels, read_picture
from edge.vision.evaluation.matching import Quality
from edge.vision.evaluation.measuring import SCORED_FROM, measure
from edge.vision.faces import Face
from edge.vision.models.store import DEFAULT_FOLDER, ModelStore, ModelUnusable
from edge.vision.options import (
    DEFAULT_SIZE_TEXT,
    Folder,
    Json,
    ModelName,
    SizeText,
    Threads,
    Threshold,
)
from edge.vision.pictures import Size, SizeError

app = typer.Typer(add_completion=False)


@app.command()
def detect(
    images: Annotated[list[Path], typer.Argument(help="Pictures.")],
    *,
    as_json: Json = False,
    model: ModelName = "yunet",
    size: SizeText = DEFAULT_SIZE_TEXT,
    threshold: Threshold = None,
    threads: Threads = 1,
    folder: Folder = DEFAULT_FOLDER,
) -> None:
    """Find the faces on pictures. Boxes are x, y, width and height in pixels of the picture."""
    cv2.setNumThreads(threads)
    with _one_sentence():
        detector = open_detector(ModelStore(folder), model, Size.parse(size), threshold, threads)
        found = {image: detector.detect(read_picture(image)) for image in images}
    if as_json:
        entries = [
            {"image": str(image), "faces": [_printable(face) for face in faces]}
            for image, faces in found.items()
        ]
        typer.echo(json.dumps({"model": model, "size": size, "images": entries}))
        return
    for image, faces in found.items():
        typer.echo(f"{image}: {len(faces)} found")
        for face in faces:
            x, y, width, height = (round(side) for side in face.box)
            typer.echo(f"  {width} x {height} at {x}, {y}; score {face.score:.2f}")


def print_evaluation(
    *,
    images: Path,
    labels: Path,
    model: str,
    size: str,
    threshold: float | None,
    threads: int,
    folder: Path,
) -> None:
    """One JSON object, on the pictures that the labels name."""
    cv2.setNumThreads(threads)
    with _one_sentence():
        frame = Size.parse(size)
        lowest = threshold_of(model) if threshold is None else threshold
        measured = measure(
            lambda: open_detector(
                ModelStore(folder), model, frame, min(SCORED_FROM, lowest), threads
            ),
            read_labels(labels),
            lambda name: read_picture(images / name),
            frame,
            lowest,
        )
    report = {
        "near": _shares(measured.near),
        "all": _shares(measured.all),
        "ms_per_frame": round(measured.ms_per_frame, 2),
        "load_ms": round(measured.load_ms, 1),
        "rss_mb": round(measured.rss_mb, 1),
        "model": model,
        "size": str(frame),
        "threshold": lowest,
    }
    typer.echo(json.dumps(report))


@contextmanager
def _one_sentence() -> Iterator[None]:
    try:
        yield
    except SizeError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    except (ModelUnusable, Unreadable) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _shares(quality: Quality) -> dict[str, Any]:
    shares = {"recall": quality.recall, "precision": quality.precision, "ap": quality.ap}
    rounded = {name: None if v is None else round(v, 4) for name, v in shares.items()}
    return {**rounded, "faces": quality.faces}


def _printable(face: Face) -> dict[str, Any]:
    return {
        "box": [round(side, 2) for side in face.box],
        "score": round(face.score, 4),
        "landmarks": [[round(x, 2), round(y, 2)] for x, y in face.landmarks],
    }
