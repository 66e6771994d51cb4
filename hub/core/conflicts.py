"""Two people who store the same thing at once: the second is told so, and nothing of the first is overwritten."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from hub.core.errors import Conflict
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork


def changed_meanwhile() -> Conflict:
    """For whoever looked at an older version than is stored."""
    return Conflict(_("Somebody else changed this meanwhile. Load the page again to see it."))


def add(work: UnitOfWork, row: SQLModel, taken: Conflict) -> None:
    """Store a new row at once; raises `taken` where one with its keys is there already."""
    work.session.add(row)
    try:
        work.session.flush()
    except IntegrityError as error:
        raise taken from error
