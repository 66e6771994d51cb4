"""Pure: plain words and faces for the codes that answers carry. A code without words is shown as it is.

Decides how glad an answer is: a mood chooses face and colour, and never stands without its word.
"""

from hub.core.texts import N_
from hub.core.texts import gettext as _

ANSWERS: dict[str, str] = {
    "yes": N_("Yes"),
    "no": N_("No"),
    "hard_to_say": N_("Hard to say"),
    "positive": N_("Positive"),
    "neutral": N_("Neutral"),
    "negative": N_("Negative"),
    "very_good": N_("Very good"),
    "good": N_("Good"),
    "so_so": N_("So-so"),
    "bad": N_("Bad"),
    "very_bad": N_("Very bad"),
}

MOODS: dict[str, str] = {
    "very_good": "delighted",
    "good": "good",
    "positive": "good",
    "yes": "good",
    "so_so": "even",
    "neutral": "even",
    "hard_to_say": "even",
    "bad": "bad",
    "negative": "bad",
    "no": "bad",
    "very_bad": "angry",
    **{str(score): "bad" for score in range(7)},
    "7": "even",
    "8": "even",
    "9": "good",
    "10": "delighted",
}

FACES: dict[str, str] = {
    "delighted": "mood-happy",
    "good": "mood-smile",
    "even": "mood-empty",
    "bad": "mood-sad",
    "angry": "mood-angry",
    "plain": "message-2",
}
"""Which of Tabler's icons shows a mood; `plain` is an answer of which nothing is known."""

UNHAPPY = frozenset(value for value, mood in MOODS.items() if mood in {"bad", "angry"})

FLAGS: dict[str, str] = {
    "repeat": N_("pressed again within seconds"),
    "play": N_("looks like play"),
    "storm": N_("far too many presses"),
    "out_of_hours": N_("outside opening hours"),
}

TIME_SOURCES: dict[str, str] = {
    "hub": N_("time corrected by the hub"),
    "anchor": N_("time corrected later"),
    "uncertain": N_("time uncertain: the terminal's clock was not set"),
}

TIMES: dict[str, str] = {
    "now": N_("just now"),
    "seconds": N_("%(n)s s ago"),
    "minutes": N_("%(n)s min ago"),
}


def words() -> dict[str, dict[str, str] | str]:
    """Everything in the reader's language, for a page and its script."""
    return {
        "answers": _translated(ANSWERS)
        | {str(n): _("%(score)s of 10") % {"score": n} for n in range(11)},
        "moods": MOODS,
        "flags": _translated(FLAGS),
        "time_sources": _translated(TIME_SOURCES),
        "times": _translated(TIMES),
        "button": _("Button %(number)s"),
    }


def _translated(texts: dict[str, str]) -> dict[str, str]:
    return {code: _(text) for code, text in texts.items()}
