"""Pure: brings what phones send to one spelling: digits, accents, case, repeated letters, look-alike letters.

Decides which differences of spelling never carry meaning. Dictionaries are folded by the same functions, so
their authors write as the language is written.
"""

import re
import unicodedata

HALF = "½"
STAR = "⭐"

# What NFKC would turn into something else: 1º into "1o", № into "No", 8½ into "81⁄2", ´ into a space.
_BEFORE_NFKC = str.maketrans(
    {
        **dict.fromkeys("ºª", "°"),
        "№": " numero ",
        **dict.fromkeys("´`’‘ʼ′‛", "'"),
        "🔟": " 10 ",
        "💯": " 100% ",
        **dict.fromkeys("★🌟✭✮✩", STAR),
        **dict.fromkeys("☆", " "),
        **dict.fromkeys("–—―−‐‑⁃", "-"),
        # Letters of languages that nobody here writes in, which look like Latin ones.
        **dict(zip("ЅѕԁԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "SsdqwhABEZHIKMNOPTYXo", strict=True)),
    }
)
_HEARTS = re.compile(r"<3+(?!\d)")
_TEXT_FACES = re.compile(r"(?<!\S)[:;=]['-]?[0oOdDpP)(3](?!\w)")
_STARS_TYPED = re.compile(r"(?<=\d)\*(?!\S)")
_KEYCAP = re.compile("(?<=[0-9])\ufe0f?\u20e3")
_REPEATED = re.compile(r"([^\W\d_])\1+")

# Letters that look alike: which Cyrillic one a Latin one may stand for, and back.
_TO_CYRILLIC = dict(zip("ABCEHKMOPTXYaceopxy", "АВСЕНКМОРТХУасеорху", strict=True))
_TO_LATIN = {c: latin for latin, c in _TO_CYRILLIC.items()} | {"і": "i", "І": "I", "ј": "j"}
_WORD = re.compile(r"[^\W\d_]+")

# Vowels and signs that Russian writers confuse or drop, and Latin transcriptions cannot tell apart.
_RUSSIAN = str.maketrans({"э": "е", "ы": "и", "щ": "ш", "ь": None, "ъ": None})


def fold(text: str) -> str:
    """The text as dictionaries are compared with: lower case, no accents, each letter once in a row."""
    return squeeze(plain_letters(unify_scripts(unify_characters(text))))


def unify_characters(text: str) -> str:
    """NFKC without its traps, ASCII digits, nothing invisible; case is kept."""
    text = _HEARTS.sub(" ♥ ", text.translate(_BEFORE_NFKC))
    text = _STARS_TYPED.sub(STAR, text)
    text = _KEYCAP.sub("", _TEXT_FACES.sub(" ☺ ", text))
    return "".join(map(_character, _separate_exponents(text)))


def _separate_exponents(text: str) -> str:
    return re.sub(r"(?<=\d)(?=[²³¹⁰-⁹₀-₉])", " ", text)


_INVISIBLE, _BLANK = {"Cf", "Cs", "Co", "Cn"}, {"Cc", "Zs", "Zl", "Zp"}
_VARIATIONS = range(0xFE00, 0xFE10)
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def _character(character: str) -> str:
    if character == "\n" or (character.isascii() and character.isprintable()):
        return character
    category, code = unicodedata.category(character), ord(character)
    if category in _INVISIBLE or code in _VARIATIONS or code in _SKIN_TONES:
        return ""
    if category in _BLANK:
        return " "
    if unicodedata.decomposition(character).startswith("<fraction>"):
        return HALF
    digit = unicodedata.digit(character, None) if category in {"Nd", "No"} else None
    return unicodedata.normalize("NFKC", character) if digit is None else str(digit)


def unify_scripts(text: str) -> str:
    """Words that mix Latin and Cyrillic letters are written in the one that can spell them, or has more."""
    return _WORD.sub(lambda found: _one_script(found.group()), text)


def _one_script(word: str) -> str:
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in word)
    if cyrillic in {0, len(word)}:
        return word
    as_cyrillic = "".join(_TO_CYRILLIC.get(letter, letter) for letter in word)
    as_latin = "".join(_TO_LATIN.get(letter, letter) for letter in word)
    if all("\u0400" <= letter <= "\u04ff" for letter in as_cyrillic) and not (
        as_latin.isascii() and 2 * cyrillic < len(word)
    ):
        return as_cyrillic
    return as_latin if as_latin.isascii() or 2 * cyrillic < len(word) else as_cyrillic


def other_script(text: str) -> str | None:
    """The same shapes read in the other script (`HET`, `ОК`); None where a letter has no counterpart."""
    letters = [letter for letter in text if letter.isalpha()]
    for table in (_TO_CYRILLIC, _TO_LATIN):
        if letters and all(letter in table for letter in letters):
            return "".join(table.get(letter, letter) for letter in text)
    return None


def plain_letters(text: str) -> str:
    """Lower case, without accents, with Russian letters that are confused made one."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    return bare.replace("l·l", "ll").translate(_RUSSIAN)


def squeeze(text: str) -> str:
    """Each letter once where it stands several times in a row; digits are left alone."""
    return _REPEATED.sub(r"\1", text)
