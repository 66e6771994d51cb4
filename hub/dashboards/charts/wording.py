"""Figures, days and reasons in the reader's words and numbers."""

from contract.surveys import SURVEYS
from hub.core import texts
from hub.core.texts import N_
from hub.core.texts import gettext as _
from hub.dashboards.charts.kinds import Kind
from hub.dashboards.words import BY_SMS, questions
from hub.feedback.figures.calendar import Step
from hub.feedback.figures.figure import Base, Figure, Unit
from hub.feedback.figures.measures import Shown
from hub.feedback.figures.origin import Period as Days
from hub.feedback.figures.publishing import Standing

STANDARD_SURVEYS = frozenset(survey.code for survey in SURVEYS.values())

STANDINGS: dict[Standing, str] = {
    Standing.WITHHELD: N_("withheld: more answers than clients served"),
    Standing.TOO_FEW: N_("too few answers"),
    Standing.INSIDE: N_("too few answers for a value"),
    Standing.PRELIMINARY: N_("preliminary"),
    Standing.PUBLISHABLE: N_("publishable"),
}
METHODS: dict[Unit, str] = {
    Unit.POINTS: N_("Adjusted Wald interval of a difference of two shares (Rocks, 2016), 95 %."),
    Unit.PERCENT: N_("Score interval of a share (Wilson, 1927), 95 %."),
    Unit.FRACTION: N_("Score interval of a share (Wilson, 1927), 95 %."),
}


def valued(figure: Figure) -> str:
    """The value in its unit, or a dash where there is none."""
    return "–" if figure.value is None else in_unit(figure, figure.value)


def in_unit(figure: Figure, value: float) -> str:
    """A number in a figure's unit."""
    if figure.unit is Unit.POINTS:
        return texts.signed(value)
    return _("%(value)s %%") % {"value": texts.rounded(value * 100 / figure.unit.of_one)}


def interval(figure: Figure) -> str:
    """From where to where the value may lie."""
    ends = {"low": in_unit(figure, figure.low), "high": in_unit(figure, figure.high)}
    return _("%(low)s to %(high)s") % ends


def said(shown: Shown) -> str:
    """As much of a figure in one line as may be shown."""
    figure = shown.figure
    if not shown.standing.shows_interval:
        return reason(shown)
    if not shown.standing.shows_value:
        return _("%(interval)s, no value yet") % {"interval": interval(figure)}
    return _("%(value)s (%(interval)s)") % {"value": valued(figure), "interval": interval(figure)}


def reason(shown: Shown) -> str:
    """Why a value is not shown."""
    if shown.standing is Standing.WITHHELD:
        return standing(shown)
    if not shown.figure.n and shown.without_base:
        return _("nobody has said how many were served")
    if not shown.figure.n:
        return _("no answers")
    return texts.ngettext("only %(num)s answer", "only %(num)s answers", shown.figure.n) % {
        "num": texts.number(shown.figure.n)
    }


def standing(shown: Shown) -> str:
    """How much of it may be shown, and where."""
    if shown.standing is Standing.WITHHELD and shown.figure.base_of is Base.APPROACHED:
        return _("withheld: more answers than people who came near")
    return _(STANDINGS[shown.standing])


def method(figure: Figure) -> str:
    """How the interval is made."""
    return _(METHODS[figure.unit])


def computed(kind: Kind, shown: Shown) -> str:
    """The formula with its numbers, and what comes of it where that may be shown."""
    up, down = kind.measure.poles(shown.tally)
    counts = {"up": up, "down": down, "base": shown.figure.base}
    formula = _(kind.formula) % {name: texts.number(count) for name, count in counts.items()}
    return f"{formula} = {valued(shown.figure)}" if shown.standing.shows_value else formula


def question(asked: object) -> str:
    """What patients were asked, with the survey where that is one of the clinic's own."""
    survey, _slash, code = str(asked).partition("/")
    said = questions().get(code)
    if said is None:
        return str(asked)
    return said if survey in STANDARD_SURVEYS or code == BY_SMS else f"{said} ({survey})"


def step_name(part: Days, step: Step, *, short: bool = False) -> str:
    """A day, a week by its first and last day, or a month."""
    if step is Step.MONTH:
        return texts.day(part.first, "MMM yy" if short else "LLLL y")
    first = texts.day(part.first, "d MMM" if short or step is Step.WEEK else "EEE d MMM y")
    if short or step is not Step.WEEK:
        return first
    return f"{first} – {texts.day(part.last, 'd MMM y')}"


def days_name(days: Days) -> str:
    """A period by its first and last day."""
    if days.first == days.last:
        return texts.day(days.first, "d MMM y")
    return f"{texts.day(days.first, 'd MMM y')} – {texts.day(days.last, 'd MMM y')}"
