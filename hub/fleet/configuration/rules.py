"""How settings of several layers become one, and what differs between two. Pure.

A narrower layer stands before a wider one, field by field: the organisation's, the facility's, those of the terminal's
tags in the order of the alphabet, the terminal's own. A field that a layer does not set is left to the wider ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from contract.settings import Values

Settings = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Layer:
    """What is set for everything in `kind` (organisation, facility, tag or device) `subject`."""

    kind: str
    subject: str
    values: Settings


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, `section.field`, in two states; None where it is not set."""

    field: str
    before: Any
    after: Any


def merge(wider: Settings, narrower: Settings) -> Values:
    """Both; the narrower one's fields stand before the wider one's."""
    sections = [*wider, *(name for name in narrower if name not in wider)]
    merged = {name: {**wider.get(name, {}), **narrower.get(name, {})} for name in sections}
    return {name: fields for name, fields in merged.items() if fields}


def merged(layers: Iterable[Layer]) -> Values:
    """All of them, the widest first."""
    values: Values = {}
    for layer in layers:
        values = merge(values, layer.values)
    return values


def origins(layers: Iterable[Layer]) -> dict[str, Layer]:
    """Which layer decides each field, `section.field`; the widest layer comes first."""
    return {
        f"{section}.{field}": layer
        for layer in layers
        for section, fields in layer.values.items()
        for field in fields
    }


def flat(values: Settings) -> dict[str, Any]:
    """By `section.field`."""
    return {
        f"{s}.{field}": value for s, fields in values.items() for field, value in fields.items()
    }


def differences(before: Settings, after: Settings) -> list[Difference]:
    """Every field that is otherwise, by name."""
    old, new = flat(before), flat(after)
    return [
        Difference(field, old.get(field), new.get(field))
        for field in sorted(old.keys() | new.keys())
        if old.get(field) != new.get(field)
    ]
