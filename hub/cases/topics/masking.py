"""Pure: replaces people's names in what a patient wrote.

Decides by lists and patterns which words are names: after a title or an occupation, a given name with what
follows it, a Russian patronymic with its neighbours, initials with a surname, and the clinic's own
employees. Streets, hospitals and saints named for a person stay. A word that may be something else stays
unless its neighbours make it a name: a dashboard that shows a rare surname is mended by hand, one that
hides ordinary words is not read.
"""

import re
from collections.abc import Iterable, Iterator

from hub.cases.topics.known_names import KnownNames, plain
from hub.cases.topics.written import Word, Written, tokens, written

MARK = "[…]"

_EXPLAINED = re.compile(
    r",? (?:(?:la|el|l'|the|de|from|nuestra|nuestro|our) ?)?(?P<role>[^\W\d_]+)"
)
"""As in "Pilar, la enfermera"."""
_SHORTEST_SMALL_NAME = 4
_SHORTEST_PART = 3


class Masker:
    """Masks names that are known or look like names, and those of the clinic's employees."""

    def __init__(self, names: KnownNames, employees: Iterable[str] = ()) -> None:
        self._names = names
        parts = {plain(part) for name in employees for part in tokens(name)}
        beside = names.beside
        self._employees = {part for part in parts if len(part) >= _SHORTEST_PART} - (
            beside.particles | beside.titles
        )

    def mask(self, text: str) -> str:
        """The text with MARK for every name; a name of several words becomes one."""
        read = written(text)
        masked, position = [], 0
        for first, last in _runs(read, self._named(read)):
            masked += [text[position : max(read.initials_start(first), position)], MARK]
            position = read.initials_end(last)
        return "".join([*masked, text[position:]])

    def _named(self, read: Written) -> set[int]:
        named = {i for i in range(len(read.words)) if self._is_name(read, i)}
        for i in sorted(named):
            named.update(self._surnames_after(read, i))
            named.update(self._surname_before(read, i))
        return named

    def _is_name(self, read: Written, i: int) -> bool:
        word, before = read.words[i], read.before(i)
        if word.plain in self._employees:
            return word.capital or self._is_sure_when_small(word)
        if self._is_of_a_place(read, i):
            return False
        title = read.title_before(i)
        if title and title.plain in self._names.beside.titles:
            return self._is_name_after_title(word)
        if self._names.is_patronymic(word.text):
            return word.capital or bool(before and before.plain in self._names.given)
        if word.plain in self._names.given:
            return word.capital or self._is_sure_when_small(word)
        return word.capital and self._is_name_by_capital(read, i)

    def _is_name_by_capital(self, read: Written, i: int) -> bool:
        names, word = self._names, read.words[i]
        if word.plain in names.doubtful:
            return self._is_meant_as_name(read, i)
        if word.plain in names.ordinary or len(word.text) < _SHORTEST_PART:
            return False
        if read.has_initials(i) or word.plain in names.surnames | names.russian_surnames:
            return True
        return not word.begins_sentence and names.is_russian_surname(word.text)

    def _is_name_after_title(self, word: Word) -> bool:
        names = self._names
        if word.plain in names.given | names.doubtful or names.is_surname(word.text, word.capital):
            return word.capital or word.plain not in names.ordinary
        if names.is_patronymic(word.text) or names.is_russian_surname(word.text, True):
            return True
        return word.capital and names.may_follow_a_title(word.text)

    def _is_sure_when_small(self, word: Word) -> bool:
        names = self._names
        also_words = names.ordinary | names.doubtful | names.doubtful_surnames
        return len(word.text) >= _SHORTEST_SMALL_NAME and word.plain not in also_words

    def _is_meant_as_name(self, read: Written, i: int) -> bool:
        names, word, after = self._names, read.words[i], read.next_to(i)
        if after and after.capital and after.plain not in names.ordinary:
            return after.plain not in names.beside.places_after
        explained = _EXPLAINED.match(read.text, word.end)
        if explained and plain(explained.group("role")) in names.beside.titles:
            return True
        return not word.begins_sentence and word.plain not in names.beside.calendar

    def _surnames_after(self, read: Written, i: int) -> Iterator[int]:
        particles: list[int] = []
        while word := read.next_to(i):
            i += 1
            if word.plain in self._names.beside.particles and not word.capital:
                particles.append(i)
            elif self._is_surname_beside(word):
                yield from (*particles, i)
                particles = []
            else:
                return

    def _is_surname_beside(self, word: Word) -> bool:
        names, beside = self._names, self._names.beside
        if names.is_patronymic(word.text):
            return True
        if not word.capital:
            return names.is_surname(word.text, False) or word.plain in names.russian_surnames
        other_words = names.ordinary | beside.titles | beside.places | beside.places_after
        long_enough = len(word.text) >= _SHORTEST_PART
        return long_enough and word.plain not in other_words and not word.begins_sentence

    def _surname_before(self, read: Written, i: int) -> Iterator[int]:
        before = read.before(i)
        if not before or not before.capital or self._is_of_a_place(read, i - 1):
            return
        if before.plain in self._names.ordinary | self._names.beside.titles:
            return
        beside_patronymic = self._names.is_patronymic(read.words[i].text)
        if beside_patronymic or self._names.is_russian_surname(before.text, True):
            yield i - 1
            if beside_patronymic:
                yield from self._surname_before(read, i - 1)

    def _is_of_a_place(self, read: Written, i: int) -> bool:
        beside, back = self._names.beside, i - 1
        while back >= 0 and read.words[back].plain in beside.particles:
            back -= 1
        if back >= 0 and read.words[back].plain in beside.places:
            return True
        after = read.next_to(i)
        part_of_word = read.text[: read.words[i].start].lower().endswith("x-")
        return part_of_word or bool(after and after.plain in beside.places_after)


def _runs(read: Written, named: set[int]) -> Iterator[tuple[int, int]]:
    """The first and last word of each name."""
    first: int | None = None
    for i in sorted(named):
        first = i if first is None else first
        if i + 1 not in named or read.next_to(i) is None:
            yield first, i
            first = None
