"""Pure: bytes to message and back. Refuses, with a reason, whatever is not exactly one of our messages.

A message is one JSON object. A type with a binary part (`PhotoTaken`) is framed: four magic bytes, the header's length
as 32 bits big-endian, the JSON header, then the bytes.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import TypeVar

from pydantic import ValidationError

from contract.limits import MAX_BINARY_BYTES, LimitError, check_json
from contract.members import count_members
from contract.messages import MESSAGE_TYPES, Message, Part
from contract.strict_json import parse_json

BINARY_TYPES = frozenset({"PhotoTaken"})
MAGIC = b"WHB1"
_frame = struct.Struct(">4sI")
T = TypeVar("T", bound=Part)


class DecodeError(ValueError):
    """A payload that cannot be understood; `kind` is a short code for counting, the text names the field."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


class UnknownType(DecodeError):
    """A type that this version does not know. To be kept until a version that does is installed."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A message and, for the binary types, the bytes that came with it."""

    message: Message
    attachment: bytes = b""


def encode(message: Message, attachment: bytes = b"") -> bytes:
    """The payload of a message; ValueError when it is over a limit or an attachment does not belong to it."""
    header = message.model_dump_json(exclude_none=True).encode()
    check_json(header)
    if message.type not in BINARY_TYPES:
        if attachment:
            raise ValueError(f"{message.type} carries no attachment")
        return header
    payload = _frame.pack(MAGIC, len(header)) + header + attachment
    if len(payload) > MAX_BINARY_BYTES:
        raise LimitError(f"{len(payload)} bytes, at most {MAX_BINARY_BYTES} are allowed")
    return payload


def decode(message_type: str, payload: bytes) -> Decoded:
    """The message in a payload that arrived under the given type; DecodeError says why not."""
    model = MESSAGE_TYPES.get(message_type)
    if model is None:
        raise UnknownType("unknown_type", f"type: {message_type!r} is not known to this version")
    header, attachment = _parts(message_type, payload)
    return Decoded(_read(model, header), attachment)


def decode_envelope(message_type: str, payload: bytes) -> Message:
    """What every message says of itself, where the rest is not understood or the type not known; DecodeError."""
    header, _ = _parts(message_type, payload)
    return _read(Message, header)


def read_document(model: type[T], payload: bytes) -> T:
    """A document of another channel (state, confirmed …), under the same limits and with the same errors."""
    return _read(model, payload)


def _parts(message_type: str, payload: bytes) -> tuple[bytes, bytes]:
    return _split(payload) if message_type in BINARY_TYPES else (payload, b"")


def _split(payload: bytes) -> tuple[bytes, bytes]:
    if len(payload) > MAX_BINARY_BYTES:
        raise DecodeError(
            "too_large", f"{len(payload)} bytes, at most {MAX_BINARY_BYTES} are allowed"
        )
    if len(payload) < _frame.size:
        raise DecodeError("bad_frame", "the binary frame is shorter than its own start")
    magic, length = _frame.unpack_from(payload)
    if magic != MAGIC or _frame.size + length > len(payload):
        raise DecodeError("bad_frame", "the binary frame does not start as it must, or is cut off")
    return payload[_frame.size : _frame.size + length], payload[_frame.size + length :]


def _read(model: type[T], header: bytes) -> T:
    try:
        check_json(header, model.most_bytes)
    except LimitError as error:
        raise DecodeError("over_limit", str(error)) from error
    return _read_plain(model, header) or _read_strictly(model, header)


def _read_plain(model: type[T], header: bytes) -> T | None:
    """What pydantic's own JSON reader makes of it, three times as fast as the strict way.

    None where that reader is more lenient than we are: it takes the last of two members of one name, and lets
    infinities pass. A part without unknown fields has as many members as the text has names.
    """
    try:
        part = model.model_validate_json(header)
    except ValueError:
        return None
    plain = b"\\" not in header and header.count(b'":') == count_members(part)
    return part if plain else None


def _read_strictly(model: type[T], header: bytes) -> T:
    try:
        value = parse_json(header)
    except ValueError as error:
        raise DecodeError("invalid_json", f"not readable: {error}") from None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise _explained(
            error
        ) from None  # a traceback would print the cause, with names that it refuses


def _explained(error: ValidationError) -> DecodeError:
    """The first fault, by field. Never the value, nor a name that is not ours: it may be a telephone number."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    ours = frozenset(_field_names(Part))
    place = takewhile(lambda part: isinstance(part, int) or part in ours, first["loc"])
    field = ".".join(map(str, place)) or "message"
    return DecodeError("invalid_field", f"{field}: {first['msg']}")


def _field_names(part: type[Part]) -> Iterator[str]:
    yield from part.model_fields
    for narrower in part.__subclasses__():
        yield from _field_names(narrower)
