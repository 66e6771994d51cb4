"""Pure: plain words for the codes that answers carry. A code without words is shown as it is."""

from hub.core.texts import gettext as _

ANSWERS: dict[str, str] = {
    "yes": _("Yes"),
    "no": _("No"),
    "hard_to_say": _("Hard to say"),
    "positive": _("Positive"),
    "neutral": _("Neutral"),
    "negative": _("Negative"),
}

MOODS: dict[str, str] = {
    "yes": "good",
    "positive": "good",
    "no": "bad",
    "negative": "bad",
}
"""How a value is coloured, beside its words."""

FLAGS: dict[str, str] = {
    "repeat": _("pressed again within seconds"),
    "play": _("looks like play"),
    "storm": _("far too many presses"),
    "out_of_hours": _("outside opening hours"),
}

TIME_SOURCES: dict[str, str] = {
    "hub": _("time corrected by the hub"),
    "anchor": _("time corrected later"),
    "uncertain": _("time uncertain: the terminal's clock was not set"),
}

TIMES: dict[str, str] = {
    "now": _("just now"),
    "seconds": _("%(n)s s ago"),
    "minutes": _("%(n)s min ago"),
}


def words() -> dict[str, dict[str, str] | str]:
    """Everything, for a page and its script."""
    return {
        "answers": ANSWERS,
        "moods": MOODS,
        "flags": FLAGS,
        "time_sources": TIME_SOURCES,
        "times": TIMES,
        "button": _("Button %(number)s"),
    }
