"""Pure: which words may be a person's name, in whatever case Russian puts them.

Decides what a single word says of itself: surely a name, a name that is a word too, a surname by its
ending. What its neighbours add is `masking`'s.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+")
# Of names in -а, -я; of names in a consonant, -й, -ь. The nominative is among them.
_FEMININE = ("а", "я", "ы", "и", "е", "у", "ю", "ой", "ей", "ою", "ею")
_MASCULINE = ("", "а", "я", "у", "ю", "ом", "ем", "е", "й", "ь")
_SHORTENED = {"павел": "павл", "лев": "льв", "петр": "петр"}
_SURNAME_CASES = ("", "а", "у", "ым", "е", "ой", "ы", "ых", "ыми")
_SURNAME = re.compile(r"[а-я]{2,}(ов|ев)(а|у|ым|е|ой|ы|ых|ыми)?$")
_SURNAME_BESIDE_A_TITLE = re.compile(
    r"[а-я]{2,}((ов|ев|ин|ын)(а|у|ым|е|ой)?|(ск|цк)(ий|ая|ого|ой|ому|им|ую|ом)|енко|чук|щук|юк|ян|дзе|швили|ко)$"
)
_SURNAME_WRITTEN_SMALL = re.compile(r"[а-я]{3,}(ов|ев)а$")
"""Others would be "врач вопросов не задал"."""
_ADJECTIVE = re.compile(r"[а-я]+[^скц](ая|ую|ый|ое|ые)$")
_PATRONYMIC = re.compile(
    r"[а-я]{2,}(((ов|ев|ьев)(ич|ича|ичу|ичем|иче))|((ов|ев|ин)(на|ны|не|ну|ной))|ични?(на|ны|не|ну|ной)|(ьич|ьича|ьичу|ьичем|мич|мича))$"
)
# Places that end as surnames do, up to their own endings.
_PLACES = re.compile(
    r"(рост|сарат|псков?|тамб|серпух|харьк|азов?|чех|киев?|кишин|могил|ивано|одинцов?|пушкин|домодед|внуков?|шереметь|сарат|льв|королев?|жуковск|боткинск|черниг|балаш|камыш|кир|свердл|куйбыш|ковров?|гжатск|моск|донск)(ов|ев|ово|ево|о)?(а|у|ым|ом|е|ой)?$"
)


@dataclass(frozen=True)
class Beside:
    """Words that stand beside names, in plain spelling."""

    titles: frozenset[str]
    places: frozenset[str]
    places_after: frozenset[str]
    particles: frozenset[str]
    calendar: frozenset[str]
    no_surnames: frozenset[str]


@dataclass(frozen=True)
class Listed:
    """Names as a list has them: those that are nothing else, and those that are words or places too."""

    sure: Sequence[str]
    doubtful: Sequence[str]


@dataclass(frozen=True)
class KnownNames:
    """Plain spellings (small, without accents, ё as е) of what is known."""

    given: frozenset[str]
    doubtful: frozenset[str]
    """Names that are words or places too."""
    surnames: frozenset[str]
    doubtful_surnames: frozenset[str]
    russian_surnames: frozenset[str]
    ordinary: frozenset[str]
    """Words that patients write small: with a capital they only begin a sentence."""
    beside: Beside

    def is_patronymic(self, word: str) -> bool:
        """Петровна, Петровичу: never anything else."""
        return bool(_PATRONYMIC.match(plain(word))) and plain(word) not in self.ordinary

    def is_russian_surname(self, word: str, beside_a_title: bool = False) -> bool:
        """By its ending, of which more are trusted beside a title or another part of a name."""
        spelled = plain(word)
        if spelled in self.russian_surnames:
            return True
        if spelled in self.ordinary | self.beside.no_surnames or _PLACES.match(spelled):
            return False
        if word[0].islower():
            return beside_a_title and bool(_SURNAME_WRITTEN_SMALL.match(spelled))
        return bool((_SURNAME_BESIDE_A_TITLE if beside_a_title else _SURNAME).match(spelled))

    def may_follow_a_title(self, word: str) -> bool:
        """With a capital, after a title: a name that no list has, unless it is known to be a word."""
        spelled = plain(word)
        return spelled not in self.ordinary | self.beside.titles | self.beside.no_surnames and not (
            _ADJECTIVE.match(spelled)
        )

    def is_surname(self, word: str, capital: bool) -> bool:
        """Of the lists; one that is a word too needs its capital."""
        spelled = plain(word)
        return spelled in self.surnames or (capital and spelled in self.doubtful_surnames)


def plain(word: str) -> str:
    """Small letters without accents."""
    decomposed = unicodedata.normalize("NFD", word.casefold().replace("й", "\0"))
    bare = "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")
    return bare.replace("\0", "й")


def known_names(
    given: Listed,
    russian: Listed,
    surnames: Listed,
    russian_surnames: Iterable[str],
    beside: Beside,
    *,
    sentences: Iterable[str],
) -> KnownNames:
    """The lists in plain spelling, Russian names in every case; `sentences` teach the ordinary words."""
    doubtful = {*map(plain, given.doubtful), *_every_case(russian.doubtful)}
    sure = {*map(plain, given.sure), *_every_case(russian.sure)} - doubtful
    small = {
        plain(word) for text in sentences for word in _WORD.findall(text) if word == word.lower()
    }
    of_lists = frozenset(map(plain, surnames.sure))
    return KnownNames(
        given=frozenset(sure),
        doubtful=frozenset(doubtful),
        surnames=of_lists,
        doubtful_surnames=frozenset(map(plain, surnames.doubtful)),
        russian_surnames=frozenset(
            plain(surname) + case for surname in russian_surnames for case in _SURNAME_CASES
        ),
        ordinary=frozenset(small - sure - of_lists),
        beside=beside,
    )


def _every_case(names: Iterable[str]) -> Iterable[str]:
    for name in map(plain, names):
        if name[-1] in "ая":
            yield from (name[:-1] + ending for ending in _FEMININE)
        else:
            stem = name[:-1] if name[-1] in "йь" else _SHORTENED.get(name, name)
            yield name
            yield from (stem + ending for ending in _MASCULINE)
