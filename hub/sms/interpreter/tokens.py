"""Pure: cuts a folded text into words, numbers of several kinds and marks.

Decides what is a telephone number, a date, a time of day, money, a fraction, a decimal: none of these is a bare
integer any more. What a bare integer counts is not decided here.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from hub.sms.interpreter.folding import HALF, STAR

UNSEEN = "@"
"""What phrases see of a token that none of them may match."""


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    FRACTION = "fraction"
    DECIMAL = "decimal"
    PERCENT = "percent"
    PLUS = "plus"
    APPROXIMATE = "approximate"
    NEGATIVE = "negative"
    ORDINAL = "ordinal"
    LOOKS_LIKE_TEN = "ten"
    STARS = "stars"
    PHONE = "phone"
    OTHER_NUMBER = "other"
    ADDRESS = "address"
    EMOJI = "emoji"
    QUESTION = "question"
    MARK = "mark"


@dataclass(frozen=True)
class Token:
    """One token; `plain` is what phrases see of it."""

    kind: Kind
    text: str
    plain: str
    spelled: bool = False  # a number written in letters
    value: int = -1


_DAY, _SIGN = r"\d{1,2}", r"[€$£₽]"
_TOKEN = re.compile(
    rf"""
    (?P<address>(?:https?://|www\.)\S+|\S+@\S+\.\w+|\b[\w-]+\.(?:com|es|cat|ru|net|org|example)\b\S*)
  | (?P<other>{_DAY}[/.-]{_DAY}[/.-]\d{{2,4}}(?!\d)|\d{{4}}-\d\d-\d\d
      |{_DAY}:\d\d(?:\s?(?:h|hs|am|pm)\b)?|{_DAY}(?:h\d\d\b|\.\d\d\s?(?:h|hs|am|pm)\b)|{_DAY}\s?[ap]\.?m\b\.?
      |{_SIGN}\s?\d+(?:[.,]\d+)?|\d+(?:[.,]\d+)?\s?{_SIGN}|\d+\s?x\s?\d+|24\s?/\s?7)
  | (?P<phone>(?=(?:\D?\D?\D?\d){{9}})(?=[\d ().+-]*\d{{3}})\+?\(?\d[\d ().-]{{6,}}\d)
  | (?P<percent>\d+(?:[.,]\d+)?\s?%)
  | (?P<fraction>\d+\s?[/\\]\s?\d+(?![\d/]))
  | (?P<broken>[/\\]\s?\d+|\d+\s?[/\\](?!\s*$))
  | (?P<decimal>\d+[.,']\d+|\d*\s?{HALF})
  | (?P<ordinal>\d+(?:°|(?:st|nd|rd|th|ro|ra|er|ero|do|da|to|ta|vo|va|no|na|mo|ma|r|n|t|e)\b|-?(?:и|я|е|го|му|м)\b))
  | (?P<noun>\d+-?(?:ка|ку|очка|очку|ечка|ерка)\b)
  | (?P<ten>(?<![^\W_])(?:1o|[li|]0|1о)(?![^\W_]))
  | (?P<plus>(?<![\w+])\d+\s?(?:\++(?!\s?\d)|-+(?=\s*$)))
  | (?P<negative>(?<![\w-])-\d+)
  | (?P<approximate>[~≈<>+]\s?\d+)
  | (?P<number>(?<![^\W_])\d+(?![^\W_]))
  | (?P<glued>(?<![^\W_])(?:\d+[^\W\d_]+|[^\W\d_]+\d+)(?![^\W_]))
  | (?P<opaque>\w*\d\w*)
  | (?P<word>[^\W\d_]+)
  | (?P<stars>{STAR}(?:\s?{STAR})*)
  | (?P<question>\?)
  | (?P<apostrophe>'(?=\w)|(?<=[^\W\d_])-(?=[^\W\d_]))
  | (?P<mark>[.,;:!()\[\]{{}}"«»“”¡¿=*&|/\\<>~^%$€£#@_'-]|\n)
  | (?P<emoji>[^\w\s])
    """,
    re.VERBOSE,
)


def cut(folded: str) -> list[Token]:
    """The tokens of a folded text, in order; never fails."""
    return [
        token
        for found in _TOKEN.finditer(folded)
        for token in _tokens(found.lastgroup or "", found.group())
    ]


_SEEN_AS = {Kind.MARK: ",", Kind.QUESTION: "?"}
_SEEN_AS_WRITTEN = {Kind.WORD, Kind.EMOJI}
_HAS_VALUE = {Kind.PLUS, Kind.APPROXIMATE, Kind.PERCENT}


def _tokens(name: str, text: str) -> list[Token]:
    """The tokens of a match, by the name of its group."""
    match name:
        case "number" | "noun":
            return [number(_digits(text), spelled=name == "noun")]
        case "broken":  # half of a fraction or a date
            return [Token(Kind.OTHER_NUMBER, text, UNSEEN)]
        case "apostrophe":
            return []
        case "glued":
            return _unglued(text)
        case "opaque":
            return [Token(Kind.WORD, text, UNSEEN)]
        case _:
            return [_token(Kind(name), text)]


def _token(kind: Kind, text: str) -> Token:
    plain = text if kind in _SEEN_AS_WRITTEN else _SEEN_AS.get(kind, UNSEEN)
    value = -1
    if kind is Kind.FRACTION:
        plain = "/".join(re.findall(r"\d+", text))
    elif kind is Kind.STARS:
        plain, value = STAR, text.count(STAR)
    elif kind is Kind.DECIMAL:  # "2,5 hours": phrases see a number, and no integer is left
        plain = "".join(re.findall(r"^\d+", text)) or UNSEEN
    elif kind is Kind.LOOKS_LIKE_TEN:
        value = 10
    elif kind in _HAS_VALUE:
        value = _small("".join(re.findall(r"\d+", text)[:1]))
    return Token(kind, text, plain, value=value)


def number(text: str, *, spelled: bool = False, value: int | None = None) -> Token:
    """A bare integer; one too long to matter keeps only that it is large."""
    size = _small(text) if value is None else value
    return Token(Kind.NUMBER, text, str(size), spelled=spelled, value=size)


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdecimal())


_LARGE = 10**9


def _small(digits: str) -> int:
    return int(digits) if 0 < len(digits) < len(str(_LARGE)) else _LARGE


MOST_DIGITS_BESIDE_A_LETTER = 2


def _unglued(text: str) -> list[Token]:
    """`9puntos` and `nota9` are two words; `b12` and `12345678z` are names."""
    digits, letters = _digits(text), "".join(c for c in text if not c.isdecimal())
    if len(letters) == 1 and (text[0] in letters or len(digits) > MOST_DIGITS_BESIDE_A_LETTER):
        return [Token(Kind.WORD, text, UNSEEN)]
    pieces = [number(digits), Token(Kind.WORD, letters, letters)]
    return pieces if text[0].isdecimal() else pieces[::-1]
