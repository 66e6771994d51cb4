"""Hours of the week with what was answered, by the facility's own clocks."""

from collections import Counter
from datetime import UTC, date, datetime

from hub.core.scope import Scope
from hub.feedback import figures_service
from hub.feedback.figures.origin import Period
from hub.feedback.hours import tallies_by_hour_of_week
from hub.feedback.questions import Question
from hub.feedback.tallies import Selection
from tests.hub.clinic import SOUTH, WHOLE, Clinic
from tests.hub.terminal import Terminal

RECOMMEND = Question("visit", "q1")
NORTHERN = Scope("clinic", frozenset({"north"}))


def test_each_hour_has_its_answers(clinic: Clinic) -> None:
    terminal, southern = Terminal(clinic.clock), Terminal(clinic.clock, SOUTH)
    now = clinic.clock.now_ms() // 1000
    day = Selection(Period(*[datetime.fromtimestamp(now, UTC).date()] * 2))
    clinic.inbox.store([terminal.press(value=value) for value in ("yes", "yes", "no", "no")])
    clinic.inbox.store([terminal.flag(4), southern.press(value="yes")])
    with clinic.workplace.read() as work:
        northern = tallies_by_hour_of_week(work, NORTHERN, day, RECOMMEND)
        everywhere = tallies_by_hour_of_week(work, WHOLE, day, RECOMMEND)
        counts = figures_service.heat(work, WHOLE, day, RECOMMEND)
        assert tallies_by_hour_of_week(work, WHOLE, day, Question("visit", "other")) == {}
    ((hour, tally),) = northern.items()
    assert (tally.values, tally.flagged) == (Counter(yes=2, no=1), 1)
    assert everywhere[hour].values == Counter(yes=3, no=1)
    assert counts[hour[0]][hour[1]] == 4
    assert hour[0] == date.weekday(day.period.first)
