"""What every message carries beside its own fields: who, which one, when, and in which version.

The pair (epoch, sequence) is minted by the terminal's outbox: an epoch is one life of an outbox file, and within
it the sequence counts 1, 2, 3 … without a gap. Unknown fields are kept (`extra="allow"`), because a newer terminal
may say more than this hub understands.
"""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contract.limits import MAX_JSON_BYTES
from contract.topics import IDENTIFIER_PATTERN

MAX_INT = 2**63 - 1
"""Both databases hold signed 64-bit integers."""

Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER_PATTERN)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$")]
"""A short machine-made word: a survey, a question, an answer, a panel, a shift."""
Uuid = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"),
]
Natural = Annotated[int, Field(ge=0, le=MAX_INT)]
Positive = Annotated[int, Field(ge=1, le=MAX_INT)]
Label = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
"""A short text for people's eyes. No NUL: PostgreSQL cannot store one."""
Text = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]
"""What a person wrote."""


class Part(BaseModel):
    """A piece of a message: strict types, never changed once made, unknown fields kept.

    Its errors do not repeat what they refuse, so that a log or a traceback cannot give a telephone number away.
    """

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="allow",
        allow_inf_nan=False,
        hide_input_in_errors=True,
    )
    most_bytes: ClassVar[int] = MAX_JSON_BYTES
    """How large its JSON may be."""


class Stamp(Part):
    """When something happened, as the terminal's two clocks told it.

    `wall_ms` is milliseconds since 1970 UTC by a clock that may be wrong; `uptime_ms` is milliseconds since the boot
    named by `boot_id` and is always right; `synchronised` says whether the wall clock had been set from a time server.
    """

    wall_ms: Annotated[int, Field(ge=-MAX_INT, le=MAX_INT)]
    boot_id: Uuid
    uptime_ms: Natural
    synchronised: bool


class Message(Part):
    """The base of everything that a terminal says on `up`. `schema_version` counts up with each change of a type."""

    type: str
    schema_version: Positive = 1
    device: Identifier
    epoch: Natural
    sequence: Positive
    time: Stamp
