"""Which figures have a page of their own, what they are called, and in plain words how they are computed.

Decides which questions a figure can be about; the formulae are `feedback`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.core.texts import N_
from hub.dashboards.questions import MOODS, RECOMMENDATIONS, SCORES, by_answers
from hub.feedback.figures.figure import Base
from hub.feedback.figures.loyalty import LoyaltyRule
from hub.feedback.figures.measures import (
    ATTRACTION,
    ATTRACTION_OF_ANSWERS,
    ENGAGEMENT,
    LOYALTY,
    NPS,
    PARTICIPATION,
    RESPONSE,
    Measure,
    Tally,
    loyalty_by,
)
from hub.feedback.questions import Question


@dataclass(frozen=True, slots=True)
class Kind:
    """`formula` and `words` are filled with `up`, `down` and `base`; only a signed figure has a `down`."""

    code: str
    name: str
    meaning: str
    formula: str
    measure: Measure
    values: frozenset[str]
    """Answers by which a question is known to be meant."""
    signed: bool = True


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "nps",
            N_("NPS"),
            N_("How many more would recommend the clinic than would not: from −100 to 100."),
            N_("100 × (%(up)s promoters − %(down)s detractors) ÷ %(base)s answers"),
            NPS,
            SCORES,
        ),
        Kind(
            "loyalty",
            N_("Loyalty index"),
            N_("Glad presses less unhappy ones, of everybody served: from −100 to 100."),
            N_("100 × (%(up)s glad − %(down)s unhappy) ÷ %(base)s clients served"),
            LOYALTY,
            MOODS,
        ),
        Kind(
            "attraction",
            N_("Attraction index"),
            N_("Who would recommend the specialist less who would not, of everybody served."),
            N_("100 × (%(up)s yes − %(down)s no) ÷ %(base)s clients served"),
            ATTRACTION,
            RECOMMENDATIONS,
        ),
        Kind(
            "attraction-of-answers",
            N_("Attraction index of those who answered"),
            N_("The same of those who answered alone. It exaggerates, for not everybody answers."),
            N_("100 × (%(up)s yes − %(down)s no) ÷ %(base)s answers"),
            ATTRACTION_OF_ANSWERS,
            RECOMMENDATIONS,
        ),
        Kind(
            "loyalty-of-answers",
            N_("Loyalty index of those who answered"),
            N_("The same of those who answered alone. It exaggerates, for not everybody answers."),
            N_("100 × (%(up)s glad − %(down)s unhappy) ÷ %(base)s answers"),
            loyalty_by(LoyaltyRule(base_of=Base.ANSWERS)),
            MOODS,
        ),
        Kind(
            "engagement",
            N_("Engagement"),
            N_("How many of everybody served pressed a button."),
            N_("100 × %(up)s presses ÷ %(base)s clients served"),
            ENGAGEMENT,
            MOODS,
            signed=False,
        ),
        Kind(
            "participation",
            N_("Participation"),
            N_("How many of everybody served answered."),
            N_("100 × %(up)s answers ÷ %(base)s clients served"),
            PARTICIPATION,
            SCORES | MOODS | RECOMMENDATIONS,
            signed=False,
        ),
        Kind(
            "response-rate",
            N_("Response rate"),
            N_(
                "How many of those who came near a terminal answered, where terminals count people."
            ),
            N_("100 × %(up)s answers ÷ %(base)s people who came near"),
            RESPONSE,
            SCORES | MOODS | RECOMMENDATIONS,
            signed=False,
        ),
    )
}
TRENDS = ("nps", "loyalty", "attraction")
OF_ANSWERS: dict[str, str] = {
    "loyalty": "loyalty-of-answers",
    "attraction": "attraction-of-answers",
}
"""What stands in, under its own name, where nobody has said how many were served."""


def fitting(asked: Mapping[Question, Tally], kind: Kind, wanted: str | None) -> list[Question]:
    """The questions that a figure can be about, the most answered first; only the wanted one where one is wanted."""
    return [q for q in by_answers(asked, kind.values) if wanted in (None, str(q))]
