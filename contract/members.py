"""Pure: how many members a part's JSON had, told from the part. Used to notice a name given twice."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Any, Literal, get_args, get_origin

from contract.messages import Part

_SCALARS = frozenset({str, int, bool, type(None)})


def count_members(part: Part) -> int | None:
    """The members of the part and of the parts in it; None where there is more to it than can be counted cheaply."""
    if part.model_extra:
        return None
    count = len(part.model_fields_set)
    values = part.__dict__
    for name in _compound_fields(type(part)):
        value = values[name]
        if isinstance(value, Part):
            inner = count_members(value)
            if inner is None:
                return None
            count += inner
        elif value is not None and value != []:
            return None
    return count


@lru_cache(maxsize=64)
def _compound_fields(model: type[Part]) -> tuple[str, ...]:
    """The fields that may hold something else than a text, an integer or a truth value."""
    return tuple(
        name
        for name, field in model.model_fields.items()
        if not _SCALARS.issuperset(_leaves(field.annotation))
    )


def _leaves(annotation: Any) -> Iterator[type]:
    """The types that a value may have, containers by themselves."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _leaves(arguments[0])
    elif origin is Literal:
        yield from (type(argument) for argument in arguments)
    elif origin in (list, dict, tuple):
        yield origin
    elif arguments:
        for argument in arguments:
            yield from _leaves(argument)
    else:
        yield annotation
