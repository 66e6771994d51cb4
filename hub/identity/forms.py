"""What the pages' forms bring, and what is wrong with it: one sentence beside each field."""

import re
import secrets
import unicodedata
from typing import Annotated

from pydantic import BaseModel, StringConstraints, ValidationError

from hub.core.texts import N_
from hub.core.texts import gettext as _
from hub.identity.schemas import Line, OptionalLine

SURVEYS: dict[str, str] = {
    "": N_("As set on the terminal"),
    "express": N_("Recommend: yes, no, hard to say"),
    "smileys4": N_("Four faces"),
    "smileys5": N_("Five faces"),
    "nps": N_("Zero to ten"),
}
"""What a touch screen can ask, by the codes that terminals know."""

SurveyCode = Annotated[str, StringConstraints(pattern=rf"^({'|'.join(SURVEYS)})$")]


class TouchpointForm(BaseModel):
    facility: str
    name: Line
    survey: SurveyCode = ""


class EmployeeForm(BaseModel):
    facility: str
    name: Line
    speciality: OptionalLine = ""


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
