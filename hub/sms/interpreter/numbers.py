"""Pure: which numbers of a reading can be the score, and which are something else.

Decides for each number alone: units, clocks, places, scales, fractions, counted nouns, as `docs/sms.md` tells. Whether
the patient means the number (negation, irony) is decided in `scores.py`.
"""

from dataclasses import dataclass, field

from hub.sms.interpreter.lexicon import Lexicon, Topic
from hub.sms.interpreter.phrases import Phrases
from hub.sms.interpreter.reading import RUSSIAN, Reading
from hub.sms.interpreter.tokens import Kind, Token

TOP = 10
OTHER_TOPS = (5, 20, 100)
SCHOOL_TOP = 5
_NOUN_WITHIN = 2


@dataclass
class Numbers:
    """What the numbers of a reading are, by the index of their token."""

    scores: dict[int, int] = field(default_factory=dict)
    proposed: dict[int, int] = field(default_factory=dict)
    """From another scale, or not quite an integer from 0 to 10."""
    doubtful: set[int] = field(default_factory=set)
    """In range, but perhaps counting something."""
    out_of_range: set[int] = field(default_factory=set)
    not_integer: set[int] = field(default_factory=set)
    others: set[int] = field(default_factory=set)
    """Times, places, telephone numbers: words like any other."""
    scale: set[int] = field(default_factory=set)
    """Tokens that only name the scale."""


def sort_numbers(reading: Reading, lexicon: Lexicon, everywhere: dict[Topic, Phrases]) -> Numbers:
    """Sorts every number of the reading; `everywhere` are the phrases of all languages."""
    found = Numbers()
    taken: set[int] = set()
    for place in reading.places(lexicon[Topic.SCALE]):
        found.scale.update(place)
        taken.update(place)
    for place in reading.places(everywhere[Topic.NOT_A_SCORE]):
        if not taken.intersection(place):
            found.others.update(place)
            taken.update(place)
    _scales(reading, lexicon, found, taken)
    for index, token in enumerate(reading.tokens):
        if index not in taken:
            _sort(index, token, reading, lexicon, found)
    if _is_formula(reading.written):
        found.others.update(found.scores)
        found.scores.clear()
    return found


def _is_formula(text: str) -> bool:
    """Whether a spreadsheet would compute the text."""
    bare = text.strip()
    return bare[:1] in {"=", "@"} and not bare[1:].strip().isdecimal()


def _scales(reading: Reading, lexicon: Lexicon, found: Numbers, taken: set[int]) -> None:
    for place in reading.places(lexicon[Topic.NOT_AN_INTEGER]):
        if not taken.intersection(place):
            found.not_integer.update(place)
            taken.update(place)
    for topic in (Topic.OUT_OF, Topic.WITH_PLUS, Topic.STARS):
        for place in reading.places(lexicon[topic]):
            if taken.intersection(place):
                continue
            taken.update(place)
            if any(reading.tokens[i].kind is Kind.DECIMAL for i in place):
                found.not_integer.update(place)
                continue
            found.scale.update(place)
            values = [reading.tokens[i].value for i in place if reading.tokens[i].value >= 0]
            if topic is Topic.OUT_OF and len(values) == 2:
                _out_of(place[0], values[0], values[1], found)
            elif topic is Topic.WITH_PLUS:
                value = values[0] if values else TOP
                _approximate(place[0], value, found, school=lexicon.language == RUSSIAN)
            elif topic is Topic.STARS:
                _stars(place[0], values[0] if values else -1, found)


def _sort(index: int, token: Token, reading: Reading, lexicon: Lexicon, found: Numbers) -> None:
    match token.kind:
        case Kind.NUMBER:
            _bare(index, token, reading, lexicon, found)
        case Kind.FRACTION:
            score, _, top = token.plain.partition("/")
            _out_of(index, int(score), int(top), found)
        case Kind.DECIMAL:
            found.not_integer.add(index)
        case Kind.PERCENT if token.value > 100 or token.value % TOP == 0:
            found.proposed[index] = min(token.value, 100) // TOP
        case Kind.PERCENT:
            found.not_integer.add(index)
        case Kind.PLUS | Kind.APPROXIMATE | Kind.LOOKS_LIKE_TEN:
            school = lexicon.language == RUSSIAN and token.kind is Kind.PLUS
            _approximate(index, token.value, found, school=school)
        case Kind.NEGATIVE:
            found.out_of_range.add(index)
        case Kind.STARS:
            _stars(index, token.value, found)
        case Kind.PHONE | Kind.OTHER_NUMBER | Kind.ORDINAL | Kind.ADDRESS:
            found.others.add(index)
        case _:
            pass


def _out_of(index: int, score: int, top: int, found: Numbers) -> None:
    if top == TOP and score <= TOP:
        found.scores[index] = score
    elif top == TOP and score <= 2 * TOP:
        found.proposed[index] = TOP
    elif top in OTHER_TOPS and score <= top and score * TOP % top == 0:
        found.proposed[index] = score * TOP // top
    else:
        found.not_integer.add(index)


def _stars(index: int, count: int, found: Numbers) -> None:
    if 0 <= count <= SCHOOL_TOP:
        found.proposed[index] = 2 * count
    elif SCHOOL_TOP < count <= TOP:
        found.proposed[index] = count
    else:
        found.out_of_range.add(index)


def _approximate(index: int, value: int, found: Numbers, *, school: bool) -> None:
    if school and value <= SCHOOL_TOP:
        found.proposed[index] = 2 * value
    elif 0 <= value <= TOP:
        found.proposed[index] = value
    else:
        found.out_of_range.add(index)


def _bare(index: int, token: Token, reading: Reading, lexicon: Lexicon, found: Numbers) -> None:
    polite = covers(index, clause_of(index, reading), reading, (lexicon[Topic.COURTESY],))
    if polite:
        found.others.add(index)  # "mil gracias"
    elif token.value > TOP:
        if token.plain.isdecimal() or _stands_alone(index, reading, lexicon):
            found.out_of_range.add(index)
    elif not token.plain.isdecimal() and not _stands_alone(index, reading, lexicon):
        found.others.add(index)  # a pronoun, not a number
    elif (counts := _counts(index, token, reading, lexicon)) is None:
        if _stands_out(index, reading, lexicon):
            found.scores[index] = token.value
        else:
            found.doubtful.add(index)
    elif counts:
        found.others.add(index)
    else:
        found.doubtful.add(index)


def _stands_out(index: int, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether it begins or ends its clause, or words that frame a score stand right before it."""
    clause = clause_of(index, reading)
    frames = (lexicon[Topic.FRAME], lexicon[Topic.COURTESY], lexicon[Topic.YES])
    if index == clause.start or reading.tokens[index - 1].kind is Kind.NUMBER:
        return True
    if _follows(index, reading, lexicon[Topic.BEFORE_OTHER]):
        return all(covers(i, clause, reading, frames) for i in range(clause.start, index))
    return index == clause.stop - 1 or covers(index - 1, clause, reading, frames)


def _follows(index: int, reading: Reading, phrases: Phrases) -> bool:
    """Whether one of the phrases, of one or two words, ends right before the token."""
    return any(
        start >= 0 and start + reading.phrase_at(start, phrases) == index
        for start in (index - 1, index - 2)
    )


def _stands_alone(index: int, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether its clause has nothing but words that frame a score."""
    clause = clause_of(index, reading)
    return all(
        reading.tokens[i].kind is not Kind.WORD
        or covers(
            i, clause, reading, (lexicon[Topic.FRAME], lexicon[Topic.COURTESY], lexicon[Topic.YES])
        )
        for i in clause
    )


def covers(index: int, clause: range, reading: Reading, topics: tuple[Phrases, ...]) -> bool:
    """Whether one of the phrases that begin in the clause covers the token."""
    return any(
        start + reading.phrase_at(start, phrases) > index
        for phrases in topics
        for start in range(clause.start, index + 1)
    )


def clause_of(index: int, reading: Reading) -> range:
    """The tokens between the marks around this one."""
    ends = {Kind.MARK, Kind.QUESTION, Kind.EMOJI}
    start, end = index, index + 1
    while start > 0 and reading.tokens[start - 1].kind not in ends:
        start -= 1
    while end < len(reading.tokens) and reading.tokens[end].kind not in ends:
        end += 1
    return range(start, end)


def _counts(index: int, token: Token, reading: Reading, lexicon: Lexicon) -> bool | None:
    """True: it counts a known noun. False: it may count something. None: no noun follows."""
    after = index + 1
    if after >= len(reading.tokens) or reading.tokens[after].kind is not Kind.WORD:
        return None
    if reading.phrase_at(after, lexicon[Topic.COUNTED]):
        plural = reading.tokens[after].text.endswith(lexicon.plural_endings)
        return plural and token.value > 1
    if any(reading.phrase_at(after, lexicon[topic]) for topic in (Topic.COURTESY, Topic.BLAME)):
        return None
    if reading.phrase_at(after, lexicon[Topic.AFTER_SCORE]) or reading.phrase_at(
        after, lexicon[Topic.FRAME]
    ):
        follower = after + 1
        praised = reading.phrase_at(after, lexicon[Topic.PRAISE])
        counted = follower < len(reading.tokens) and reading.phrase_at(
            follower, lexicon[Topic.COUNTED]
        )
        return False if praised and counted else None
    if token.value <= 1:
        return False
    clause = clause_of(index, reading)
    following = [t.text for t in reading.tokens[after : min(after + _NOUN_WITHIN, clause.stop)]]
    return False if any(w.endswith(lexicon.plural_endings) for w in following) else None
