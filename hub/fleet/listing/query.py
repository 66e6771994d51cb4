"""Pure: the language in which the list of terminals is filtered, read into a tree.

`facility:north AND (tag:lobby OR version<1.4) NOT check:camera` — a condition is a field, a sign and a value, or a bare
word that is looked for in names. AND binds closer than OR and may be left out; parentheses say otherwise. Values with
spaces stand in double quotes. Which fields there are is said here, what they mean in `matching`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hub.core.errors import BadInput
from hub.core.texts import gettext as _

FIELDS: dict[str, tuple[str, ...]] = {
    "name": (":",),
    "facility": (":",),
    "touchpoint": (":",),
    "tag": (":",),
    "state": (":",),
    "check": (":",),
    "version": (":", "<", "<=", ">", ">="),
}
"""Each field with the signs that it understands."""
MOST_LETTERS = 500
DEEPEST = 20

_TOKEN = re.compile(
    r"""\s*(?P<it>
        (?P<open>\() | (?P<close>\)) |
        (?P<field>[A-Za-z]+)(?P<sign><=|>=|[:<>])\s*
            (?: "(?P<quoted>[^"]*)" | (?P<plain>(?!(?:and|or|not)(?![^\s()]))[^\s()"]+) )? |
        "(?P<phrase>[^"]*)" |
        (?P<word>[^\s()"]+) |
        (?P<rest>\S)
    )""",
    re.VERBOSE | re.IGNORECASE,
)


_PLAIN_VALUE = re.compile(r'[^\s()"]+')
_PLAIN_WORD = re.compile(r'(?![A-Za-z]+[:<>])[^\s()"]+')
_WORDS = {"AND": "and", "OR": "or", "NOT": "not"}


@dataclass(frozen=True, slots=True)
class Condition:
    """`field` empty: the value is looked for wherever a terminal is named."""

    field: str
    sign: str
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    part: "Query"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part; none means everything."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Query", ...]


Query = Condition | Not | AllOf | AnyOf
EVERYTHING = AllOf(())


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    at: int
    """Counted from 1, for the reader."""
    condition: Condition | None = None


def parsed(text: str) -> Query:
    """The tree of a filter; BadInput says where it cannot be understood, and why."""
    if len(text) > MOST_LETTERS:
        raise BadInput("q", _("A filter may have up to 500 letters."))
    tokens = _tokens(text)
    if not tokens:
        return EVERYTHING
    reader = _Reader(tokens, len(text) + 1)
    found = reader.any_of(0)
    reader.expect_end()
    return found


def written(query: Query) -> str:
    """The filter as a text that is read into the same tree."""
    match query:
        case Condition(field, sign, value):
            plain = _PLAIN_VALUE if field else _PLAIN_WORD
            told = value if plain.fullmatch(value) and value.upper() not in _WORDS else f'"{value}"'
            return f"{field}{sign}{told}"
        case Not(part):
            return f"NOT {_grouped(part)}"
        case AllOf(parts):
            return " AND ".join(_grouped(part) for part in parts)
        case AnyOf(parts):
            return " OR ".join(_grouped(part) for part in parts)


def _grouped(part: Query) -> str:
    text = written(part)
    return f"({text})" if isinstance(part, AllOf | AnyOf) else text


def _tokens(text: str) -> list[_Token]:
    return [_token(match, match.start("it") + 1) for match in _TOKEN.finditer(text.rstrip())]


def _token(match: re.Match[str], at: int) -> _Token:
    if match["open"] or match["close"]:
        return _Token("(" if match["open"] else ")", at)
    if match["field"]:
        return _Token("condition", at, _condition(match, at))
    if match["phrase"] is not None:
        return _Token("condition", at, Condition("", "", match["phrase"]))
    if match["rest"]:
        raise _problem(at, _("a quotation mark is not closed"))
    word = match["word"]
    if word.upper() in _WORDS:
        return _Token(_WORDS[word.upper()], at)
    return _Token("condition", at, Condition("", "", word))


def _condition(match: re.Match[str], at: int) -> Condition:
    field, sign = match["field"].lower(), match["sign"]
    if field not in FIELDS:
        known = ", ".join(FIELDS)
        raise _problem(
            at,
            _("there is no field “%(field)s”; there are %(known)s")
            % {"field": field, "known": known},
        )
    if sign not in FIELDS[field]:
        signs = " ".join(FIELDS[field])
        raise _problem(
            at, _("“%(field)s” is followed by %(signs)s") % {"field": field, "signs": signs}
        )
    value = match["quoted"] if match["quoted"] is not None else match["plain"]
    if not value:
        raise _problem(at, _("a value is missing after “%(field)s”") % {"field": f"{field}{sign}"})
    return Condition(field, sign, value)


class _Reader:
    """Recursive descent: any_of > all_of > one."""

    def __init__(self, tokens: Sequence[_Token], end: int) -> None:
        self._tokens = tokens
        self._end = end
        self._place = 0

    def any_of(self, depth: int) -> Query:
        parts = [self._all_of(depth)]
        while self._take("or"):
            parts.append(self._all_of(depth))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def expect_end(self) -> None:
        if self._place < len(self._tokens):
            raise _problem(
                self._tokens[self._place].at, _("a parenthesis is closed that was not opened")
            )

    def _all_of(self, depth: int) -> Query:
        parts = [self._one(depth)]
        while True:
            if self._take("and") or self._kind() in {"condition", "not", "("}:
                parts.append(self._one(depth))
            else:
                return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _one(self, depth: int) -> Query:
        if depth > DEEPEST:
            raise _problem(self._at(), _("there are too many parentheses within each other"))
        if self._take("not"):
            return Not(self._one(depth + 1))
        if self._take("("):
            inside = self.any_of(depth + 1)
            if not self._take(")"):
                raise _problem(self._at(), _("a parenthesis is not closed"))
            return inside
        token = self._tokens[self._place] if self._place < len(self._tokens) else None
        if token is not None and token.condition is not None:
            self._place += 1
            return token.condition
        raise _problem(self._at(), _("a condition is missing"))

    def _kind(self) -> str:
        return self._tokens[self._place].kind if self._place < len(self._tokens) else "end"

    def _at(self) -> int:
        return self._tokens[self._place].at if self._place < len(self._tokens) else self._end

    def _take(self, kind: str) -> bool:
        taken = self._kind() == kind
        self._place += taken
        return taken


def _problem(at: int, what: str) -> BadInput:
    return BadInput("q", _("At letter %(at)s: %(what)s.") % {"at": at, "what": what})
