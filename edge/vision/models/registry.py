"""Reads `models/registry.toml`: each model's packages, digest, licence and purpose. Decides what a valid entry is."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

IN_CHECKOUT = Path(__file__).parents[3] / "models"
IN_WHEEL = Path(__file__).parent
REGISTRY = next(
    (
        folder / "registry.toml"
        for folder in (IN_CHECKOUT, IN_WHEEL)
        if (folder / "registry.toml").is_file()
    ),
    IN_CHECKOUT / "registry.toml",
)

_STRICT = ConfigDict(frozen=True, extra="forbid")


class RegistryUnusable(Exception):
    """The registry is missing or wrong; the text says where."""


class Source(BaseModel):
    """A file inside a published package."""

    model_config = _STRICT
    package: str
    version: str
    file: str

    def __str__(self) -> str:
        return f"{self.file} of {self.package} {self.version}"


class Model(BaseModel):
    """One model: what its file must be, and where it can be had, the first source preferred."""

    model_config = _STRICT
    name: str
    purpose: str
    input: str
    licence: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    bytes: Annotated[int, Field(gt=0)]
    rewriting: Literal["any-size", "from-keras"]
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    optional: bool = False
    """Pulled only when somebody names it."""


def read_registry(path: Path = REGISTRY) -> Mapping[str, Model]:
    """Every model by its name, in the file's order."""
    try:
        entries = tomllib.loads(path.read_text("utf-8"))
        named = {name: {"name": name, **entry} for name, entry in entries.items()}
        return TypeAdapter(dict[str, Model]).validate_python(named)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError) as error:
        raise RegistryUnusable(f"{path}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise RegistryUnusable(f"{path}: {where}: {first['msg']}") from error
