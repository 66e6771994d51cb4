"""Kinds of places and of work, and what they are called on pages; the codes are what is stored."""

from collections.abc import Mapping

from hub.core import texts
from hub.core.texts import N_

PLACE_KINDS: Mapping[str, str] = {
    "": N_("Not said"),
    "entrance": N_("Entrance"),
    "reception": N_("Reception"),
    "waiting_room": N_("Waiting room"),
    "consulting_room": N_("Consulting room"),
    "diagnostics": N_("Diagnostics"),
    "treatment": N_("Treatment room"),
    "ward": N_("Ward"),
    "payment": N_("Payment desk"),
    "exit": N_("Exit"),
    "other": N_("Another place"),
}
PROFESSIONS: Mapping[str, str] = {
    "": N_("Not said"),
    "doctor": N_("Doctor"),
    "nurse": N_("Nurse"),
    "diagnostics": N_("Diagnostics staff"),
    "receptionist": N_("Receptionist"),
    "welcome": N_("Welcome manager"),
    "operator": N_("Telephone operator"),
    "cleaner": N_("Cleaner"),
    "other": N_("Other work"),
}
LANGUAGES = ("es", "ca", "ru", "en", "fr", "de", "it", "pt", "ro", "uk", "ar", "zh")
"""That employees may speak with patients."""


def language_names() -> dict[str, str]:
    """What the languages are called in the reader's."""
    spoken = texts.spoken().locale
    return {code: str(spoken.languages.get(code, code)) for code in LANGUAGES}
