"""What the pages' forms bring, and what is wrong with it: one sentence beside each field."""

import re
import secrets
import unicodedata
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from hub.core.errors import BadInput
from hub.core.passwords import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH
from hub.core.permissions import Role
from hub.core.texts import gettext as _
from hub.identity.schemas import Line, OptionalLine, PlaceKind, Profession, SpokenLanguages


class TouchpointForm(BaseModel):
    facility: str
    name: Line
    kind: PlaceKind = ""
    survey: str = ""


class EmployeeForm(BaseModel):
    facility: str
    name: Line
    speciality: OptionalLine = ""
    profession: Profession = ""
    languages: SpokenLanguages = ""


class InvitationForm(BaseModel):
    """`facility` empty: all of the organisation's."""

    name: Annotated[Line, Field(max_length=100)]
    email: Annotated[str, Field(max_length=200, pattern=r"^([^@\s]+@[^@\s]+)?$")] = ""
    role: Role
    facility: str = ""


def sentences(error: ValidationError) -> dict[str, str]:
    """What is wrong, by field, in the reader's language."""
    return {str(found["loc"][0]): _sentence(found["type"]) for found in error.errors()}


def _sentence(kind: str) -> str:
    if kind in {"missing", "string_too_short"}:
        return _("Please fill this in.")
    if kind == "string_too_long":
        return _("This is too long.")
    return _("This cannot be stored like this.")


def new_id(name: str) -> str:
    """An identifier that people recognise and nobody else has."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
    return f"{words}-{secrets.token_hex(3)}".lstrip("-")


def chosen_password(password: str, again: str) -> str:
    """The password, if it is long enough and was typed the same twice."""
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise BadInput(
            "password",
            _("A password has at least %(count)s letters, signs or digits.")
            % {"count": MIN_PASSWORD_LENGTH},
        )
    if password != again:
        raise BadInput("again", _("This is not the same password."))
    return password
