"""Pure: plain words and faces for the codes that answers carry. A code without words is shown as it is.

Decides how glad an answer is: a mood chooses face and colour, and never stands without its word.
"""

from contract.surveys import MAY_WE_CALL
from contract.wording import STANDARD
from hub.core import texts
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

BASES: dict[str, str] = {
    "answers": N_("those who answered"),
    "served": N_("clients served"),
    "approached": N_("people who came near"),
    "seen": N_("people who were seen"),
}
"""Whom a figure is divided by."""

SOURCES: dict[str, str] = {
    "hospital_system": N_("from the hospital system"),
    "ticket_queue": N_("from the ticket queue"),
    "staff_button": N_("counted by staff"),
    "people_counter": N_("from a people counter"),
    "typed_in": N_("typed in by hand"),
    "demo": N_("made up for the demonstration"),
}
"""Who said how many clients were served."""

VERDICTS: dict[str, str] = {
    "better": N_("Better"),
    "worse": N_("Worse"),
    "mixed": N_("Better and worse"),
    "unclear": N_("No clear difference"),
    "unknown": N_("Too early to say"),
}

INDEXES: dict[str, str] = {
    "nps": N_("NPS"),
    "loyalty": N_("Loyalty index"),
    "attraction": N_("Attraction index"),
}

BY_SMS = "recommend_service"
"""The question of surveys by SMS."""

LABELS: dict[str, dict[str, str]] = {
    "bases": BASES,
    "sources": SOURCES,
    "verdicts": VERDICTS,
    "index_names": INDEXES,
}
"""For templates, which translate them."""


def words() -> dict[str, dict[str, str] | str]:
    """Everything in the reader's language, for a page and its script."""
    return {
        "answers": _translated(ANSWERS)
        | {str(n): _("%(score)s of 10") % {"score": n} for n in range(11)},
        "moods": MOODS,
        "questions": questions(),
        "wishes": dict.fromkeys((MAY_WE_CALL.code,), ""),
        "flags": _translated(FLAGS),
        "time_sources": _translated(TIME_SOURCES),
        "button": _("Button %(number)s"),
    }


def questions() -> dict[str, str]:
    """What is asked where the clinic has no words of its own, in the reader's language, by the question's code."""
    spoken = STANDARD.get(texts.spoken().code, STANDARD["en"])
    return {
        BY_SMS: _("From 0 to 10, would you recommend this service to a friend or relative?")
    } | {
        key.removeprefix("question."): said
        for key, said in spoken.items()
        if key.startswith("question.")
    }


def _translated(named: dict[str, str]) -> dict[str, str]:
    return {code: _(text) for code, text in named.items()}
