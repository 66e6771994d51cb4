"""How pages of forms do what was asked in one transaction, and what stood against it if anything did."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from pydantic import ValidationError

from hub.core.errors import BadInput, Conflict
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity.forms import sentences
from hub.identity.views import Visitor

Deed = Callable[[UnitOfWork, Scope], object]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A sentence for each field; under an empty name what concerns no field."""

    errors: Mapping[str, str]
    status: int


def refusal(workplace: Workplace, visitor: Visitor, deed: Deed) -> Refusal | None:
    """Do it; None where nothing stood against it."""
    return refusal_in(workplace.begin(), visitor.scope, deed)


def refusal_in(
    unit: AbstractContextManager[UnitOfWork], scope: Scope, deed: Deed
) -> Refusal | None:
    """The same in a unit of work of one's own kind."""
    try:
        with unit as work:
            deed(work, scope)
    except ValidationError as error:
        return Refusal(sentences(error), BadInput.status)
    except (BadInput, Conflict) as error:
        return Refusal({error.field or "": error.detail}, error.status)
    return None
