"""The options that several of the vision commands take."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_SIZE_TEXT = "480x360"

Folder = Annotated[
    Path, typer.Option("--folder", help="Where the models are.", envvar="WELLHEARD_MODELS")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Images = Annotated[Path, typer.Option("--images", help="The folder of pictures.")]
Labels = Annotated[Path, typer.Option("--labels", help="JSON: the faces, by file name.")]
ModelName = Annotated[str, typer.Option("--model", help="yunet or centerface.")]
SizeText = Annotated[str, typer.Option("--size", help="What the detector looks at, in pixels.")]
Threshold = Annotated[
    float | None,
    typer.Option("--threshold", min=0, max=1, help="A face's lowest score; else the model's own."),
]
Threads = Annotated[int, typer.Option(min=1, max=64, help="How many threads may compute.")]
