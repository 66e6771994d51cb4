"""What the pages' forms bring, and what is wrong with it: one sentence beside each field."""

import re
import secrets
import unicodedata

from pydantic import BaseModel, ValidationError

from hub.core.texts import gettext as _
from hub.identity.schemas import Line, OptionalLine


class TouchpointForm(BaseModel):
    facility: str
    name: Line
    survey: str = ""


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
