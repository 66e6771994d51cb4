"""Pure: how well replies with known meanings are interpreted, and which mistakes would do harm.

Decides what counts as harm: a score, a yes or a no that the patient did not say, a stop not heard, a stop undone, an
emergency missed. Abstaining is never harm.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from hub.sms.interpreter.interpreter import Interpreter
from hub.sms.interpreter.labels import Interpretation, Label, State

COLUMNS = ("lang", "state", "text", "expected")


class BadCase(ValueError):
    """A row that is no case; the sentence names the row and what is wrong."""


@dataclass(frozen=True)
class Case:
    """A reply and the interpretations (`A/B`: either) that are right for it."""

    lang: str
    state: State
    text: str
    expected: str

    @property
    def accepted(self) -> frozenset[str]:
        """Every label that is right."""
        return frozenset(self.expected.split("/"))


@dataclass(frozen=True)
class Mistake:
    """A reply that got another label than those accepted."""

    lang: str
    state: str
    text: str
    expected: str
    got: str


@dataclass
class Harms:
    """How many mistakes of each harmful kind."""

    wrong_score: int = 0
    false_yes: int = 0
    false_no: int = 0
    missed_opt_out: int = 0
    unstopped: int = 0
    missed_emergency: int = 0


@dataclass
class Outcome:
    """All cases together."""

    total: int = 0
    right: int = 0
    wrong: list[Mistake] = field(default_factory=list)
    harms: Harms = field(default_factory=Harms)

    def printable(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def case_of(row: Mapping[str, Any], number: int) -> Case:
    """A case from a row of a file; BadCase where the row has not what a case needs."""
    missing = [column for column in COLUMNS if row.get(column) is None]
    if missing:
        raise BadCase(f"Row {number} has no {', '.join(missing)}.")
    try:
        state = State(row["state"])
    except ValueError:
        raise BadCase(f"Row {number}: there is no state {row['state']!r}.") from None
    return Case(row["lang"], state, row["text"], row["expected"])


def evaluate(cases: Iterable[Case], interpreter: Interpreter) -> Outcome:
    """Interprets every case. KeyError for a language without a dictionary."""
    outcome = Outcome()
    for case in cases:
        outcome.total += 1
        got = interpreter.interpret(case.text, case.lang, case.state)
        if got.label in case.accepted:
            outcome.right += 1
            continue
        outcome.wrong.append(Mistake(case.lang, case.state, case.text, case.expected, got.label))
        _count_harm(case, got, outcome.harms)
    return outcome


def _count_harm(case: Case, got: Interpretation, harms: Harms) -> None:
    accepted = [Interpretation(label, "") for label in case.accepted]
    expected = frozenset(label for one in accepted for label in one.labels)
    scores = {one.score for one in accepted}
    harms.wrong_score += got.score is not None and got.score not in scores
    harms.false_yes += Label.YES in got.labels and Label.YES not in expected
    harms.false_no += Label.NO in got.labels and Label.NO not in expected
    harms.missed_opt_out += Label.OPT_OUT in expected and Label.OPT_OUT not in got.labels
    harms.unstopped += Label.OPT_IN in got.labels and Label.OPT_IN not in expected
    harms.missed_emergency += (
        Label.ESCALATE_URGENT in expected and Label.ESCALATE_URGENT not in got.labels
    )
