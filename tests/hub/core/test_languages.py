"""Every text that the hub shows has its translation in every language, and visitors get the language they read."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from hub.core.languages import FOLDER, read_languages
from hub.core.texts import speaking

KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
LANGUAGES = sorted(path.parent.name for path in FOLDER.glob("*/messages.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")


@cache
def extracted() -> Catalog:
    with (FOLDER / "extraction.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog()
    for _file, line, text, _comments, _context in extract_from_dir(
        FOLDER.parent, methods, options, KEYWORDS
    ):
        found.add(text, locations=[("", line)])
    return found


def catalogue(language: str) -> Catalog:
    with (FOLDER / language / "messages.po").open("rb") as file:
        return read_po(file)


def forms(text: str | list[str] | tuple[str, ...]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def test_there_are_the_languages_that_were_promised() -> None:
    assert {"ca", "es", "ru"} <= set(LANGUAGES)
    assert len(extracted()) > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_untranslated_and_no_translation_is_of_nothing(language: str) -> None:
    known = {m.id for m in catalogue(language) if m.id and all(forms(m.string)) and not m.fuzzy}
    shown = {m.id for m in extracted() if m.id}
    assert (shown - known, known - shown) == (set(), set())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_same_places_to_fill(language: str) -> None:
    for message in catalogue(language):
        wanted = set(PLACEHOLDER.findall(forms(message.id)[-1]))
        for form in forms(message.string) if message.id else []:
            assert set(PLACEHOLDER.findall(form)) == wanted, form


@pytest.mark.parametrize(
    ("cookie", "accepted", "chosen"),
    [
        (None, "", "en"),
        (None, "ca-ES,ca;q=0.9,es;q=0.8", "ca"),
        (None, "de, ru;q=0.4, es;q=0.7", "es"),
        ("ru", "es", "ru"),
        ("xx", "es", "es"),
        (None, "es;q=often, ru;q=0.1", "ru"),
    ],
)
def test_the_visitors_own_choice_comes_first(
    cookie: str | None, accepted: str, chosen: str
) -> None:
    assert read_languages().chosen(cookie, accepted).code == chosen


def test_russian_counts_in_three_forms() -> None:
    russian = read_languages().known["ru"]
    with speaking(russian):
        ngettext = russian.translations.ngettext
        said = [ngettext("came %(num)s time", "came %(num)s times", n) for n in (21, 3, 11)]
    assert said == ["пришло %(num)s раз", "пришло %(num)s раза", "пришло %(num)s раз"]
