"""Pure: days on which somebody is away, and who acts for them meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hub.core.errors import BadInput
from hub.core.texts import gettext as _


@dataclass(frozen=True, slots=True)
class Absence:
    """From the first to the last day, both included; a last day left open lasts until somebody says otherwise."""

    first: date | None = None
    last: date | None = None
    deputy: int | None = None
    """The account that acts for them."""

    def covers(self, day: date) -> bool:
        """Whether they are away on that day."""
        return self.first is not None and self.first <= day <= (self.last or day)


HERE = Absence()


def checked(absence: Absence, account: int) -> Absence:
    """The same; BadInput for days in the wrong order, and for somebody who would act for themselves."""
    if absence.last is not None and (absence.first is None or absence.last < absence.first):
        raise BadInput("away_until", _("The last day away comes after the first."))
    if absence.deputy == account:
        raise BadInput("deputy", _("Somebody else acts for whoever is away."))
    return absence


def acting(account: int, absences: Mapping[int, Absence], day: date) -> int | None:
    """Who acts for an account on a day: itself, its deputy, or that one's; None where all of them are away."""
    asked: set[int] = set()
    whoever: int | None = account
    while whoever is not None and whoever in absences and whoever not in asked:
        if not absences[whoever].covers(day):
            return whoever
        asked.add(whoever)
        whoever = absences[whoever].deputy
    return None
