"""How long each kind is kept at each facility, and letting go of what is older, with a record that it was done."""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import select

from hub.core.errors import BadInput
from hub.core.jobs.ticker import Duty
from hub.core.permissions import Permission
from hub.core.privacy.holders import Holder, Holders
from hub.core.privacy.tables import Retention
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace

EVERY_S = 600.0
AT_ONCE = 200
MOST_DAYS = 3650
DAY_MS = 86_400_000

Places = Callable[[UnitOfWork], Sequence[tuple[str, str]]]
"""Every organisation and facility there is."""


@needs(Permission.ANSWER_PRIVACY)
def days_kept(work: UnitOfWork, scope: Scope, holders: Holders, facility: str) -> Mapping[str, int]:
    """Of each kind at one facility."""
    return _days(work, scope.within(facility), holders)


@needs(Permission.ANSWER_PRIVACY)
def keep(work: UnitOfWork, scope: Scope, holder: Holder, facility: str, days: int) -> None:
    """From now on; what is older goes with the next turn of the clock, and does not come back."""
    if not scope.covers(scope.organisation, facility):
        raise BadInput("facility", _("There is no such facility."))
    if not 1 <= days <= MOST_DAYS:
        raise BadInput(holder.kind, _("From one day to %(most)s days.") % {"most": MOST_DAYS})
    row = work.session.get(Retention, (scope.organisation, facility, holder.kind))
    if (holder.days_kept if row is None else row.days) == days:
        return
    if row is None:
        row = Retention(
            organisation=scope.organisation, facility=facility, kind=holder.kind, days=days
        )
    row.days = days
    work.session.add(row)
    subject = f"retention/{holder.kind}"
    work.audit.record(scope, "retention.changed", subject, facility=facility, days=days)


class RetentionKeeper:
    """What the ticker looks after. Any number of hub processes may do so at once."""

    def __init__(self, workplace: Workplace, holders: Holders, places: Places) -> None:
        self._workplace = workplace
        self._holders = holders
        self._places = places

    def duties(self) -> list[Duty]:
        """For the ticker."""
        return [Duty("retention", EVERY_S, self.step)]

    def step(self) -> bool:
        """Let go of some of what is too old everywhere; True when there may be more."""
        with self._workplace.read() as work:
            places = self._places(work)
        more = False
        for organisation, facility in places:
            scope = Scope(organisation, frozenset({facility}))
            for holder in self._holders:
                with self._workplace.begin() as work:
                    more |= self._let_go(work, scope, facility, holder)
        return more

    def _let_go(self, work: UnitOfWork, scope: Scope, facility: str, holder: Holder) -> bool:
        days = _days(work, scope, [holder])[holder.kind]
        gone = holder.expire(work, scope, work.now_ms - days * DAY_MS, AT_ONCE)
        if gone:
            subject = f"retention/{holder.kind}"
            work.audit.record(
                scope, "retention.let_go", subject, facility=facility, count=gone, days=days
            )
        return gone >= AT_ONCE


def _days(work: UnitOfWork, scope: Scope, holders: Holders) -> dict[str, int]:
    rows = work.session.exec(select(Retention).where(scope.rows(Retention)))
    said = {row.kind: row.days for row in rows}
    return {holder.kind: said.get(holder.kind, holder.days_kept) for holder in holders}
