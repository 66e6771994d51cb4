"""Pure: how large and how deep a payload may be, checked before any parser sees it.

Depth is counted on the bytes, outside strings, because a parser that is asked to build the nesting first
has already spent the memory.
"""

import re

MAX_JSON_BYTES = 64 * 1024
"""A message without a binary part, and most documents. The largest that ours can be is about 35 kB."""

MAX_CONFIGURATION_BYTES = 4 * 1024 * 1024
"""What the hub wants a terminal to know: rota and employees. The largest that ours can be is about 2 MB."""

MAX_BINARY_BYTES = 8 * 1024 * 1024
"""A photograph with its header."""

MAX_DEPTH = 8
"""Levels of objects and arrays; ours need three."""

_structure = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[\]}]', re.DOTALL)
"""A string without its end is one too: to look for an end again from every quote would take quadratic time."""


class LimitError(ValueError):
    """A payload over one of the limits; the text names which and by how much."""


def check_json(payload: bytes, most_bytes: int = MAX_JSON_BYTES) -> None:
    """Raise LimitError if `payload` is too large or nests too deeply to be one of our JSON messages."""
    if len(payload) > most_bytes:
        raise LimitError(f"{len(payload)} bytes, at most {most_bytes} are allowed")
    if payload.count(b"{") + payload.count(b"[") <= MAX_DEPTH:
        return
    depth = 0
    for token in _structure.finditer(payload):
        first = token.group()[:1]
        if first in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise LimitError(f"nested deeper than {MAX_DEPTH} levels")
        elif first in b"]}":
            depth -= 1
