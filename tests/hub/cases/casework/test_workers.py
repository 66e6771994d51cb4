"""Who handles cases, on a real database: whose staff one may describe, and who acts for whoever is away."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from hub.cases.casework import assigning, workers
from hub.cases.casework.absence import Absence
from hub.cases.casework.workers import Reach, Worker
from hub.cases.deadlines.notices import DeadlineWatch
from hub.cases.deadlines.tables import CaseNotice
from hub.core.errors import BadInput, Conflict, Forbidden, NotFound
from hub.core.permissions import Role
from hub.core.scope import Scope
from hub.core.unit_of_work import Workplace
from hub.identity import accounts
from tests.hub.cases.complaints import (
    AGENT,
    CHIEF,
    DOCTOR,
    ELSEWHERE,
    QUALITY,
    account,
    give_account,
    opened,
)
from tests.hub.clinic import WHOLE, Clinic

CALLED_BACK = Reach("ana@clinic.test")


def described(workplace: Workplace, who: Scope) -> Worker:
    with workplace.read() as work:
        return next(w for w in workers.workers(work, WHOLE, "north") if w.account == account(who))


def describe(workplace: Workplace, by: Scope, worker: Worker) -> None:
    with workplace.begin() as work:
        workers.describe(work, by, worker, CALLED_BACK)


def send_away(workplace: Workplace, who: Scope, deputy: int | None) -> None:
    with workplace.begin() as work:
        day = workers.today(work, WHOLE, "north")
    away = Absence(day, day + timedelta(days=7), deputy)
    describe(workplace, CHIEF, replace(described(workplace, who), absence=away))


def test_everybody_whose_role_allows_it_handles_cases_until_somebody_says_otherwise(
    staffed: Workplace,
) -> None:
    new = replace(ELSEWHERE, actor="account/107")
    with staffed.begin() as work:
        give_account(work, new)
    with staffed.read() as work:
        assert [w.account for w in workers.workers(work, WHOLE, "south") if w.takes_cases] == [
            account(QUALITY),
            107,
        ]
        assert 107 not in {w.account for w in workers.workers(work, WHOLE, "north")}
        assert 107 not in workers.names(work, CHIEF)


def test_an_account_out_of_use_takes_no_cases_and_its_deeds_keep_its_name(
    staffed: Workplace,
) -> None:
    with staffed.begin() as work:
        accounts.set_active(work, WHOLE, account(AGENT), False)
    with staffed.read() as work:
        assert account(AGENT) not in {w.account for w in workers.workers(work, WHOLE, "north")}
        assert workers.names(work, CHIEF)[account(AGENT)] == "Ana"


@pytest.mark.parametrize("by", [AGENT, ELSEWHERE, CHIEF])
def test_nobody_describes_a_neighbours_staff(staffed: Workplace, by: Scope) -> None:
    """An agent describes nobody; a manager neither the neighbour's staff nor those of the whole organisation."""
    quim = replace(described(staffed, QUALITY), name="Somebody else")
    with pytest.raises((Forbidden, NotFound)):
        describe(staffed, by, quim)
    with pytest.raises((Forbidden, NotFound)):
        describe(staffed, by, replace(quim, facility="north" if by is ELSEWHERE else "south"))


def test_an_account_without_the_role_cannot_be_given_cases(
    clinic: Clinic, staffed: Workplace
) -> None:
    with staffed.begin() as work:
        viewer = accounts.create_account(
            work, WHOLE, name="v", password_hash="", role=Role.VIEWER, facility="north"
        )
    with pytest.raises(NotFound):
        describe(staffed, CHIEF, Worker(viewer.id, "north", "V"))


def test_nobody_unties_themselves_from_complaints_about_them(staffed: Workplace) -> None:
    quim = replace(described(staffed, QUALITY), employee="anna-north")
    with pytest.raises(Conflict):
        describe(staffed, QUALITY, quim)
    with staffed.begin() as work:
        workers.describe(work, WHOLE, quim, CALLED_BACK)
    with pytest.raises(Conflict):
        describe(staffed, QUALITY, replace(quim, employee=None))
    describe(staffed, QUALITY, replace(quim, rank=2))


def test_whoever_is_away_gets_no_new_case_and_keeps_the_old_ones(staffed: Workplace) -> None:
    old, new = opened(staffed, 1), opened(staffed, 2)
    with staffed.begin() as work:
        assigning.assign(work, CHIEF, old, account(AGENT))
    send_away(staffed, AGENT, account(CHIEF))
    with staffed.begin() as work:
        assert assigning.assign(work, CHIEF, old, account(AGENT)).responsible == account(AGENT)
        names = [p.candidate.name for p in assigning.suggestions(work, CHIEF, new)]
    assert "Ana" not in names
    with pytest.raises(Conflict, match="Carla acts for them"), staffed.begin() as work:
        assigning.assign(work, CHIEF, new, account(AGENT))


def test_a_deputy_handles_cases_there(staffed: Workplace) -> None:
    with pytest.raises(BadInput) as refused:
        send_away(staffed, AGENT, 4711)
    assert refused.value.field == "deputy"


def test_notices_reach_the_deputy(clinic: Clinic, staffed: Workplace) -> None:
    case = opened(staffed, employee=None)
    with staffed.begin() as work:
        assigning.assign(work, CHIEF, case, account(AGENT))
    send_away(staffed, AGENT, account(DOCTOR))
    clinic.clock.move(days=1)
    watch = DeadlineWatch(staffed, "https://hub.test")
    while watch.step():
        pass
    with staffed.read() as work:
        told = {row.account for row in work.session.exec(select(CaseNotice)) if row.percent}
    assert account(DOCTOR) in told
    assert account(AGENT) not in told
