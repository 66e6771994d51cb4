"""Pure: to which of two open conversations a message belongs, when the patient was asked and says so."""

from enum import StrEnum

from hub.sms.interpreter.folding import fold

_WORDS = {
    "survey": ("encuesta", "enquesta", "опрос", "survey"),
    "appointment": ("cita", "visita", "запись", "appointment"),
}
"""Those that the question `which` offers, in all languages: nobody is in doubt who answers in another."""


class Thread(StrEnum):
    """Which of the two."""

    SURVEY = "survey"
    APPOINTMENT = "appointment"


_NAMED = {fold(word): Thread(thread) for thread, words in _WORDS.items() for word in words}


def named(text: str) -> Thread | None:
    """The one that a message names, if it names one and nothing else that could be meant."""
    found = {_NAMED[word] for word in fold(text).split() if word in _NAMED}
    return found.pop() if len(found) == 1 else None
