"""Clients served as programs give and get them."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from contract.messages.envelope import Code, Identifier
from hub.feedback.figures.origin import BaseSource
from hub.identity.schemas import Given

EARLIEST = date(2000, 1, 1)
"""An earlier day is a slip of the pen."""


class NewServed(Given):
    """By the whole facility, or by one employee, or at one touchpoint; `day` is of the facility's calendar."""

    facility: Identifier
    employee: Code | None = None
    touchpoint: Code | None = None
    day: Annotated[date, Field(ge=EARLIEST)]
    count: Annotated[int, Field(ge=0, le=1_000_000)]
    source: BaseSource = BaseSource.TYPED_IN


class ServedModel(BaseModel):
    id: int
    facility: str
    employee: str | None
    touchpoint: str | None
    day: date
    count: int
    source: BaseSource
    entered_by: str
    at_ms: int


class Entered(BaseModel):
    """How many numbers were stored; one for the same day and source replaces the earlier one."""

    stored: int
