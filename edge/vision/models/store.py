"""The folder of models that are ready for use, each with a record of what it was made from.

Decides which file is in use, and whether it is still as it was when its source's digest had been checked. A model is
replaced in one step, by its record; until then, and if that fails, the one before it stays in use.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from edge.vision.models.checking import NotAsExpected, check, sha256_of
from edge.vision.models.registry import IN_CHECKOUT, Model, Source

DEFAULT_FOLDER = (
    IN_CHECKOUT / "files" if IN_CHECKOUT.is_dir() else Path("/var/lib/wellheard/models")
)

Condition = Literal["ready", "outdated", "missing", "damaged"]


class ModelUnusable(Exception):
    """No model of this name can be used; the text says why and what to do."""


class Record(BaseModel):
    """Which file is in use, its digest, and what it was made from."""

    model_config = ConfigDict(frozen=True)
    file: str
    sha256: str
    bytes: int
    source: Source
    source_sha256: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What is in the folder for one model; the sentence is empty when it is ready."""

    condition: Condition
    sentence: str = ""


class ModelStore:
    """One folder. Whoever pulls writes to it, detectors read from it."""

    def __init__(self, folder: Path = DEFAULT_FOLDER) -> None:
        self._folder = folder

    def examine(self, model: Model) -> Finding:
        """Reads the whole file."""
        try:
            record = self._record(model.name)
        except FileNotFoundError:
            return Finding("missing", f"{model.name} is not in {self._folder}.")
        except NotAsExpected as error:
            return Finding("damaged", str(error))
        try:
            self._checked(record)
        except NotAsExpected as error:
            return Finding("damaged", str(error))
        if record.source_sha256 != model.sha256:
            return Finding(
                "outdated",
                f"{model.name} was made from a file with SHA-256 {record.source_sha256}; "
                f"the registry now names {model.sha256}.",
            )
        return Finding("ready")

    def read(self, name: str) -> bytes:
        """The content of the model in use, its digest checked; ModelUnusable if there is none."""
        try:
            return self._checked(self._record(name))
        except FileNotFoundError as error:
            raise ModelUnusable(
                f"The model {name} is not in {self._folder}. Run: wellheard models pull {name}"
            ) from error
        except NotAsExpected as error:
            raise ModelUnusable(f"{error} Run: wellheard models pull {name}") from error

    def path(self, name: str) -> Path:
        """Where the model in use lies, for programs that want a file."""
        return self._folder / self._record(name).file

    def put(self, model: Model, source: Source, content: bytes) -> None:
        """Take this content, made from a source that has been checked, into use."""
        sha256 = sha256_of(content)
        record = Record(
            file=f"{model.name}-{sha256[:12]}.onnx",
            sha256=sha256,
            bytes=len(content),
            source=source,
            source_sha256=model.sha256,
        )
        self._folder.mkdir(parents=True, exist_ok=True)
        _write(self._folder / record.file, content)
        _write(self._record_path(model.name), record.model_dump_json(indent=2).encode())
        for older in self._folder.glob(f"{model.name}-*.onnx"):
            if older.name != record.file:
                older.unlink(missing_ok=True)

    def _record_path(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _record(self, name: str) -> Record:
        path = self._record_path(name)
        try:
            return Record.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise NotAsExpected(
                f"{path} is refused: the record of a model was expected, found was something else."
            ) from error

    def _checked(self, record: Record) -> bytes:
        path = self._folder / record.file
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise NotAsExpected(f"{path} was expected, found was no file.") from error
        check(str(path), content, record.sha256, record.bytes)
        return content


def _write(path: Path, content: bytes) -> None:
    new = path.with_name(f"{path.name}.{os.getpid()}.new")  # two may pull at once
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
