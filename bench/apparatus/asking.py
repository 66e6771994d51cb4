"""What pages ask of the figures, each by its name; and how long the database takes for it.

Decides which questions are representative: every kind of figure over every period that a page offers and over a year,
for everybody, one touchpoint and one employee.
"""

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from bench.apparatus.figures import percentiles
from bench.apparatus.seeding import WHOLE
from bench.apparatus.years import QUESTIONS, employee_name, facility_name, touchpoint_name
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.feedback import browsing, figures_service, presence, response_rates, tallies
from hub.feedback.browsing import Sought
from hub.feedback.figures.calendar import Step
from hub.feedback.figures.measures import ATTRACTION, ENGAGEMENT, LOYALTY, NPS
from hub.feedback.figures.origin import Period
from hub.feedback.questions import Question
from hub.feedback.tallies import Selection

MOOD, RECOMMEND, SCORE = (Question(*question) for question in QUESTIONS)
LENGTHS = {"today": 1, "month": 30, "quarter": 90, "year": 365}
STEPS = {"today": Step.DAY, "month": Step.DAY, "quarter": Step.WEEK, "year": Step.WEEK}
SHOWN = 50

Ask = Callable[[UnitOfWork], object]


def asked(today: date) -> Iterator[tuple[str, Ask]]:
    """Name and question."""
    facility = facility_name(2)
    one_place, one_doctor = touchpoint_name(2, 4), employee_name(2, 9)
    for length, days in LENGTHS.items():
        period = Period(today - timedelta(days=days - 1), today)
        for whose, selection in {
            "all": Selection(period),
            "facility": Selection(period, facility=facility),
            "touchpoint": Selection(period, touchpoint=one_place),
            "employee": Selection(period, employee=one_doctor),
        }.items():
            for name, ask in _of(selection, STEPS[length]):
                yield f"{name} of {length}, {whose}", ask
    for whose, sought in {
        "all": Sought(),
        "touchpoint": Sought(touchpoint=one_place),
        "employee": Sought(employee=one_doctor),
        "nobody": Sought(employee="nobody"),
    }.items():
        yield f"newest answers, {whose}", partial(_newest, sought)


def measured(workplace: Workplace, ask: Ask, times: int) -> dict[str, float]:
    """Milliseconds, each time in a transaction of its own as a page's."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        with workplace.read() as work:
            ask(work)
        taken.append((time.perf_counter() - began) * 1000)
    return percentiles(taken)


def _of(selection: Selection, step: Step) -> Iterator[tuple[str, Ask]]:
    def of(ask: Callable[..., object], **told: object) -> Ask:
        return lambda work: ask(work, WHOLE, selection, **told)

    yield "questions", of(tallies.asked)
    for name, question, measure in (
        ("NPS", SCORE, NPS),
        ("loyalty", MOOD, LOYALTY),
        ("attraction", RECOMMEND, ATTRACTION),
        ("engagement", MOOD, ENGAGEMENT),
    ):
        yield name, of(figures_service.figure, question=question, measure=measure)
        yield (
            f"{name}'s trend",
            of(figures_service.trend, question=question, measure=measure, step=step),
        )
    yield "amounts", of(figures_service.amounts, question=None, step=step)
    yield "heat", of(figures_service.heat)
    yield "everybody's attraction", of(figures_service.attraction_by_employee, question=RECOMMEND)
    yield "response rate", of(response_rates.of_all, question=MOOD)
    yield "people near", of(presence.by_day)


def _newest(sought: Sought, work: UnitOfWork) -> object:
    return browsing.newest(work, WHOLE, sought, SHOWN)
