"""What every tile is made from: whose eyes look, at which answers, on which day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.dashboards.filters import Filters, before, day_there
from hub.dashboards.overview import Names, Overview, names, overview
from hub.feedback import tallies
from hub.feedback.figures.measures import Tally
from hub.feedback.figures.origin import Period
from hub.feedback.questions import Question
from hub.feedback.tallies import Selection
from hub.identity.views import Visitor


@dataclass(frozen=True)
class Board:
    """One look at the hub; what several tiles need is read when the first of them asks.

    `zone` is the time zone of whoever works at the facility asked for.
    """

    work: UnitOfWork
    visitor: Visitor
    filters: Filters

    @cached_property
    def names(self) -> Names:
        return names(self.work, self.visitor)

    @cached_property
    def overview(self) -> Overview:
        return overview(self.work, self.visitor)

    @cached_property
    def asked(self) -> Mapping[Question, Tally]:
        """Which questions that judge were answered, and how."""
        return tallies.asked(self.work, self.scope, self.selection)

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
