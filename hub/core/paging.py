"""How lists are asked for in the API: a bounded number, beginning behind or before an id."""

from typing import Annotated

from fastapi import Query

from contract.messages.envelope import MAX_INT

Limit = Annotated[int, Query(ge=1, le=500, description="At most this many")]
AfterNumber = Annotated[int | None, Query(ge=0, le=MAX_INT, description="Only ids above this one")]
BeforeNumber = Annotated[int | None, Query(ge=0, le=MAX_INT, description="Only ids below this one")]
AfterText = Annotated[
    str, Query(max_length=64, pattern=r"^[A-Za-z0-9_.:-]*$", description="Only ids behind this one")
]
