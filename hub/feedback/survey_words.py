"""Pure: the words that a clinic may choose for a survey, and what is wrong with those that it chose.

Words that are empty or the standard ones are not kept: the terminal then says the standard ones. What the words are
called, and how long they may be to have room on the smallest panel, is agreed on in `contract.wording`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from contract.surveys import Mode, wording_keys
from contract.wording import LONGEST, STANDARD
from hub.core.errors import BadInput
from hub.core.texts import gettext as _

Texts = Mapping[str, Mapping[str, str]]
"""By language and key."""

CONSENT = "form.consent"
LANGUAGES = tuple(STANDARD)


@dataclass(frozen=True, slots=True)
class NewSurvey:
    """What somebody wants a survey to be; an empty title is the standard one's."""

    title: str
    mode: Mode
    texts: Texts


class BadWords(BadInput):
    """Some words have no room; `problems` has a sentence for each, by the field's name."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        field, detail = next(iter(problems.items()))
        super().__init__(field, detail)
        self.problems = problems


def field_of(language: str, key: str) -> str:
    """The name under which a form brings the words."""
    return f"{language}.{key}"


def longest(key: str) -> int:
    """How many letters have room."""
    return LONGEST[key.partition(".")[0]]


def read_words(mode: Mode, fields: Mapping[str, str]) -> Texts:
    """What a form brought, without what is standard anyway; BadWords."""
    problems: dict[str, str] = {}
    texts: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        for key in wording_keys(mode):
            name = field_of(language, key)
            words = _plain(fields.get(name, ""))
            if len(words) > longest(key):
                problems[name] = _("At most {most} letters have room on a small screen.").format(
                    most=longest(key)
                )
            elif words and words != STANDARD[language][key]:
                texts.setdefault(language, {})[key] = words
    if problems:
        raise BadWords(problems)
    return texts


def said(texts: Texts, language: str, key: str) -> str:
    """What a terminal says: the clinic's words, else the standard ones."""
    return texts.get(language, {}).get(key) or STANDARD[language][key]


def consent_of(texts: Texts) -> Mapping[str, str]:
    """What is agreed to, in each language."""
    return {language: said(texts, language, CONSENT) for language in LANGUAGES}


def _plain(text: str) -> str:
    """On one line, without what cannot be seen."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
