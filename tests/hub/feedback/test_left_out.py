"""What is in no figure: counted once, by its first flag; and what came late."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hub.core.scope import Scope
from hub.feedback.figures.origin import Period
from hub.feedback.left_out import left_out
from hub.feedback.questions import Question
from hub.feedback.tallies import Selection
from tests.hub.clinic import WHOLE, Clinic
from tests.hub.terminal import Terminal

RECOMMEND = Question("visit", "q1")
DAY_MS = 24 * 3600 * 1000


def test_flagged_and_late_answers_are_told_apart(clinic: Clinic) -> None:
    terminal = Terminal(clinic.clock)
    today = datetime.fromtimestamp(clinic.clock.now_ms() / 1000, UTC).date()
    week = Selection(Period(today - timedelta(days=6), today))
    clinic.inbox.store(terminal.presses(6))
    clinic.inbox.store(
        [terminal.flag(1, 2, flag="play"), terminal.flag(2, 3, flag="repeat"), terminal.answer()]
    )
    terminal.reboot(9)
    terminal.wall_off_ms = -2 * DAY_MS
    clinic.inbox.store([terminal.press(), terminal.press(employee="boris")])
    with clinic.workplace.read() as work:
        found = left_out(work, WHOLE, week, RECOMMEND)
        assert (found.by_flag, found.late) == (Counter(play=2, repeat=1), 2)
        assert left_out(work, WHOLE, week, None).late == 2
        of_boris = left_out(work, WHOLE, Selection(week.period, employee="boris"), RECOMMEND)
        assert (of_boris.by_flag, of_boris.late) == (Counter(), 1)
        southern = left_out(work, Scope("clinic", frozenset({"south"})), week, RECOMMEND)
        assert (southern.by_flag, southern.late) == (Counter(), 0)
