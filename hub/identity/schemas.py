"""Identity as programs give and get it."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contract.messages.envelope import MAX_INT, Code, Identifier
from hub.core.permissions import Role
from hub.identity.place_words import LANGUAGES, PLACE_KINDS, PROFESSIONS

Line = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$"
    ),
]
"""One line of text without control characters."""
OptionalLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$"),
]
SignInName = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Moment = Annotated[int, Field(ge=0, le=MAX_INT // 1000, description="Milliseconds since 1970 UTC")]

PlaceKind = Annotated[str, Field(pattern=rf"^({'|'.join(PLACE_KINDS)})$")]
Profession = Annotated[str, Field(pattern=rf"^({'|'.join(PROFESSIONS)})$")]
_LANGUAGE = "|".join(LANGUAGES)
SpokenLanguages = Annotated[
    str,
    Field(
        max_length=100,
        pattern=rf"^(({_LANGUAGE})( ({_LANGUAGE}))*)?$",
        description="Codes separated by blanks",
    ),
]
Country = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")]
Region = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{0,6}$")]
DayHours = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]


class Given(BaseModel):
    """What a program sends: a field that is not known is a mistake worth telling."""

    model_config = ConfigDict(extra="forbid")


class Credentials(Given):
    name: SignInName
    password: Annotated[str, Field(max_length=1000)]
    code: Annotated[str, Field(max_length=40)] = ""
    """Of the authenticator app, or a recovery code."""


class RoleModel(BaseModel):
    """`facility` null: all of the organisation's."""

    facility: str | None
    role: Role


class SessionModel(BaseModel):
    """The session is in the cookie; `csrf` goes into the header `X-CSRF-Token` of every write."""

    account: str
    organisation: str
    roles: list[RoleModel]
    csrf: str
    expires_ms: int


class NewFacility(Given):
    id: Identifier
    name: Line
    time_zone: Annotated[str, Field(max_length=64)] | None = None


class FacilityModel(BaseModel):
    id: str
    name: str
    time_zone: str


class NewTouchpoint(Given):
    id: Code
    facility: Identifier
    name: Line
    kind: PlaceKind = ""
    survey: Annotated[str, Field(max_length=64, pattern=r"^[a-z0-9_]*$")] = ""


class TouchpointModel(BaseModel):
    id: str
    facility: str
    name: str
    kind: str


class NewEmployee(Given):
    id: Code
    facility: Identifier
    name: Line
    speciality: OptionalLine = ""
    profession: Profession = ""
    languages: SpokenLanguages = ""


class EmployeeModel(BaseModel):
    id: str
    facility: str
    name: str
    speciality: str
    profession: str
    languages: str


class NewShift(Given):
    id: Code | None = None
    touchpoint: Code
    employee: Code
    starts_ms: Moment
    ends_ms: Moment


class ShiftModel(BaseModel):
    id: str
    facility: str
    touchpoint: str
    employee: str
    starts_ms: int
    ends_ms: int


class NewOpeningHours(Given):
    """Hours as in OpenStreetMap: `Mo-Fr 09:00-13:00,14:00-17:00`; `after` is the version that was seen, 0 for none."""

    hours: Line
    country: Country = ""
    region: Region = ""
    special: Annotated[dict[date, DayHours], Field(max_length=200)] = {}
    """Days with hours of their own, be they holidays or not; empty for closed."""
    after: Annotated[int, Field(ge=0, le=MAX_INT)]


class OpeningHoursModel(BaseModel):
    """What was said once; empty `hours`: they are not known."""

    version: int
    hours: str
    country: str
    region: str
    special: dict[date, str]
    changed_ms: Moment
    changed_by: str
