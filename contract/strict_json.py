"""Pure: JSON that means the same to every reader, after I-JSON (RFC 7493), and nothing else.

Python's reader would let pass, and PostgreSQL's and JavaScript's would refuse or understand otherwise: a name given
twice, NaN and infinities, half of a surrogate pair.
"""

import json
import math
from typing import Any, NoReturn


def parse_json(payload: bytes) -> Any:
    """The value in `payload`. ValueError says what is wrong with it, and repeats nothing of it."""
    try:
        text = payload.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start}") from None
    try:
        value = _decoder.decode(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg.rstrip(': ')} at character {error.pos}") from None
    if "\\u" in text:
        _refuse_lone_surrogates(value)
    return value


def _refuse_lone_surrogates(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("half of a surrogate pair") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name is given twice in one object")
    return members


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:  # more digits than Python converts at once
        raise ValueError("a number is too large") from None


def _no_number(_text: str) -> NoReturn:
    raise ValueError("NaN and infinities are not JSON")


_decoder = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_finite, parse_int=_integer, parse_constant=_no_number
)
