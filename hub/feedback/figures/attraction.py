"""Pure: the Index of Client Attraction (ИК): "Would you recommend this specialist to your friends?"

Only the first question of the express survey counts; what is asked after a "no" never changes it.
"""

from hub.feedback.figures.differences import difference
from hub.feedback.figures.figure import Base, Figure, require_counts


def attraction(yes: int, no: int, hard: int, served: int) -> Figure:
    """%yes − %no of the clients whom the doctor served in the period, in points.

    "Hard to say" is an answer, and in neither term. Those served who were silent count as neutral, in the
    interval too.
    """
    require_counts(yes=yes, no=no, hard=hard, served=served)
    return difference(
        yes,
        no,
        n=yes + no + hard,
        base=served,
        base_of=Base.SERVED,
        formula="attraction/1",
    )


def attraction_of_answers(yes: int, no: int, hard: int) -> Figure:
    """The secondary figure: %yes − %no of those who answered. Never shown without saying so.

    It exaggerates as the other one dilutes, for those who answer are not a sample of those served.
    """
    require_counts(yes=yes, no=no, hard=hard)
    n = yes + no + hard
    return difference(yes, no, n=n, base=n, base_of=Base.ANSWERS, formula="attraction-of-answers/1")
