"""Tells people of alerts: one e-mail for each person, whatever the number of terminals and facilities, and a push.

Decides nothing about when (`notifying`) nor to whom (`choices`). Neither holds more than the facility's name, how many
terminals and what is wrong with them; who they are is on the page. An alert is told of once, unless it becomes
worse, and everybody in the language that they read.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Table, func, select, update

from hub.core.jobs.ticker import Duty
from hub.core.languages import Languages
from hub.core.mail.outgoing import Mail, put_mail
from hub.core.scope import Scope
from hub.core.texts import speaking
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.fleet.events import TerminalsNeedSomebody
from hub.fleet.health.choices import Choice, listeners
from hub.fleet.health.notifying import Untold, is_due, lines, subject
from hub.fleet.tables import HealthAlert
from hub.identity.colleagues import address_of
from hub.identity.service import facilities

health_alert: Table = HealthAlert.__table__  # type: ignore[attr-defined]

LOOK_EVERY_S = 10.0

Due = Mapping[str, Sequence[Untold]]
"""By facility."""


class AlertTeller:
    """Looks again and again; `organisations` are all there are on this hub, `address` is that of its pages."""

    def __init__(
        self,
        workplace: Workplace,
        organisations: Callable[[], list[str]],
        languages: Languages,
        address: str,
    ) -> None:
        self._workplace = workplace
        self._organisations = organisations
        self._languages = languages
        self._address = address.rstrip("/")

    def duties(self) -> list[Duty]:
        return [Duty("alert_notices", LOOK_EVERY_S, self.step)]

    def step(self) -> bool:
        """Tell of what is due; a transaction that writes begins only where something is."""
        for organisation in self._organisations():
            scope = Scope(organisation)
            with self._workplace.read() as work:
                found = _due(work, scope)
            if found:
                with self._workplace.begin() as work:
                    self._tell(work, scope, _marked(work, scope, _due(work, scope)))
        return False

    def _tell(self, work: UnitOfWork, scope: Scope, found: Due) -> None:
        names = {place.id: place.name for place in facilities(work, scope)}
        mails: dict[int, dict[str, Sequence[Untold]]] = defaultdict(dict)
        choices: dict[int, Choice] = {}
        for facility, alerts in found.items():
            people = listeners(work, scope.within(facility))
            choices |= people
            for account, chosen in people.items():
                if chosen.by_mail:
                    mails[account][names.get(facility, facility)] = alerts
            woken = tuple(sorted(account for account, chosen in people.items() if chosen.by_push))
            count = len({alert.device for alert in alerts})
            work.tell(TerminalsNeedSomebody(scope.organisation, facility, count, woken))
        for account, told in mails.items():
            if to := address_of(work, scope, account):
                with speaking(self._languages.first_known(choices[account].language)):
                    put_mail(work, self._mail(to, told))

    def _mail(self, to: str, told: Mapping[str, Sequence[Untold]]) -> Mail:
        count = len({alert.device for alerts in told.values() for alert in alerts})
        text = "\n".join([*lines(told), "", f"{self._address}/fleet/alerts", ""])
        return Mail(to, subject(count), text)


def _due(work: UnitOfWork, scope: Scope) -> dict[str, list[Untold]]:
    c = health_alert.c
    columns = (c.id, c.facility, c.device, c.came_ms, c.check, c.reason)
    holding = select(*columns).where(
        scope.rows(c),
        c.ended_ms.is_(None),
        c.told_ms.is_(None),
        c.acknowledged_ms.is_(None),
        c.level == "failure",
    )
    found: dict[str, list[Untold]] = defaultdict(list)
    for row in work.connection.execute(holding.order_by(c.id)):
        alert = Untold(row.id, row.device, row.came_ms, row.check, row.reason)
        found[row.facility].append(alert)
    if not found:
        return {}
    last = select(c.facility, func.max(c.told_ms)).where(scope.rows(c)).group_by(c.facility)
    told = {row[0]: row[1] for row in work.connection.execute(last)}
    return {
        facility: alerts
        for facility, alerts in found.items()
        if is_due(alerts, told.get(facility), work.now_ms)
    }


def _marked(work: UnitOfWork, scope: Scope, found: Due) -> dict[str, list[Untold]]:
    """Those that no other process of this hub has taken meanwhile: they are told of now."""
    c, mine = health_alert.c, defaultdict(list)
    for facility, alerts in found.items():
        for alert in alerts:
            free = update(health_alert).where(scope.rows(c), c.id == alert.id, c.told_ms.is_(None))
            if work.connection.execute(free.values(told_ms=work.now_ms)).rowcount:
                mine[facility].append(alert)
    return mine
