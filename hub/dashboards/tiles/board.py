"""What every tile is made from: whose eyes look, at which answers, on which day."""

from dataclasses import dataclass
from datetime import date

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.dashboards.filters import Filters, before, day_there
from hub.dashboards.overview import Names, names
from hub.feedback.figures.origin import Period
from hub.feedback.tallies import Selection
from hub.identity.views import Visitor


@dataclass(frozen=True, slots=True)
class Board:
    """One look at the hub; `zone` is the time zone of whoever works at the facility asked for."""

    work: UnitOfWork
    visitor: Visitor
    filters: Filters
    names: Names

    @property
    def scope(self) -> Scope:
        return self.filters.within(self.visitor.scope)

    @property
    def zone(self) -> str:
        return self.names.zone(self.filters.facility)

    @property
    def today(self) -> date:
        return day_there(self.work.now_ms, self.zone)

    @property
    def days(self) -> Period:
        return self.filters.days(self.today)

    @property
    def selection(self) -> Selection:
        return self.filters.selection(self.days)

    @property
    def selection_before(self) -> Selection:
        """The same of as many days just before."""
        return self.filters.selection(before(self.days))


def board(work: UnitOfWork, visitor: Visitor, filters: Filters) -> Board:
    """The board of this visitor at this moment."""
    return Board(work, visitor, filters, names(work, visitor))
