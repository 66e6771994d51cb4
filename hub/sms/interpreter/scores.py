"""Pure: the answer to "from 0 to 10": a score, a proposal, or the question again.

Decides whether the patient means the one number that is left: negated, conditional, ironic, asked or contradicted
numbers are never stored. Which numbers are left is `numbers.py`'s.
"""

from dataclasses import dataclass

from hub.sms.interpreter.labels import Interpretation, Label, joined
from hub.sms.interpreter.lexicon import Lexicon, Topic
from hub.sms.interpreter.numbers import Numbers, clause_of
from hub.sms.interpreter.phrases import Phrases
from hub.sms.interpreter.reading import Reading
from hub.sms.interpreter.reply import Reply
from hub.sms.interpreter.segments import Segment, leftover, segments

HIGH, LOW = 9, 3
"""From here up blame contradicts a score, from here down praise does."""
LEAST_WORDS_OF_SENTENCE = 3
"""Around a negated number, for its words to be worth keeping."""
PRAISED_MARK = 4
"""The least of the school's five marks that praise goes with."""
_TOPICS = (
    Topic.UNSURE, Topic.SKIPS, Topic.LATER, Topic.NOT_NOW, Topic.REFUSES, Topic.WILLING, Topic.COURTESY,
    Topic.YES, Topic.NO, Topic.FRAME,
)  # fmt: skip


@dataclass(frozen=True)
class _Answer:
    reading: Reading
    lexicon: Lexicon
    everywhere: dict[Topic, Phrases]
    numbers: Numbers
    row: list[Segment]

    def has(self, topic: Topic) -> bool:
        return any(segment.topic is topic for segment in self.row)

    def says(self, topic: Topic) -> bool:
        return self.lexicon[topic].first(self.reading.plain) is not None

    @property
    def text(self) -> str | None:
        numbers = self.numbers
        known = {*numbers.scores, *numbers.proposed, *numbers.scale, *numbers.out_of_range}
        known |= numbers.not_integer | numbers.doubtful
        judged = any(
            (words := self.lexicon[topic].first(self.reading.plain)) and words[0].isalpha()
            for topic in (Topic.PRAISE, Topic.BLAME)
        )
        return Label.TEXT if judged or leftover(self.reading, self.row, known) else None

    @property
    def is_sentence(self) -> bool:
        return len(self.reading.words) >= LEAST_WORDS_OF_SENTENCE


def interpret_score(reply: Reply) -> Interpretation:
    """What a reply to the score question means in one language."""
    row = segments(reply.reading, reply.lexicon.topics, _TOPICS)
    return _with_numbers(
        _Answer(reply.reading, reply.lexicon, reply.everywhere, reply.numbers, row)
    )


def _with_numbers(answer: _Answer) -> Interpretation:
    numbers = answer.numbers
    values = set(numbers.scores.values())
    if len(values) == 1 and not numbers.not_integer:
        return _one_number(answer, values.pop())
    if reason := _no_single_integer(numbers, values):
        return _again(answer, reason)
    if numbers.out_of_range and not numbers.proposed:
        return Interpretation(Label.REASK_RANGE, "outside 0 to 10")
    return _proposal(answer) if numbers.proposed else _no_number(answer)


def _no_single_integer(numbers: Numbers, values: set[int]) -> str | None:
    if numbers.not_integer:
        return "not an integer from 0 to 10"
    if values:
        return f"several numbers: {', '.join(map(str, sorted(values)))}"
    if numbers.doubtful and not (numbers.out_of_range and not numbers.proposed):
        return "the number may count something"
    return None


def _one_number(answer: _Answer, value: int) -> Interpretation:
    if reason := _contradicted(answer, value) or _not_meant(answer, value):
        return _again(answer, reason)
    if mark := _praised_mark(answer, value):
        return Interpretation(
            joined(f"{Label.CONFIRM}:{mark}", answer.text), "praise beside a mark of the school"
        )
    unsure = answer.has(Topic.UNSURE) or answer.says(Topic.APPROXIMATELY)
    if answer.reading.asks or unsure or _said_no(answer):
        return Interpretation(f"{Label.CONFIRM}:{value}", f"{value}, but not said with certainty")
    if answer.has(Topic.SKIPS) or answer.has(Topic.REFUSES):
        return _again(answer, "a number beside a refusal")
    return Interpretation(joined(f"{Label.SCORE}:{value}", answer.text), f"the one number: {value}")


def _praised_mark(answer: _Answer, value: int) -> int | None:
    """The score that a school's mark stands for where it is praised: `отлично, 5`."""
    marks = set(answer.lexicon.school_marks.values())
    praised = (
        answer.says(Topic.PRAISE) and not answer.says(Topic.BLAME) and not answer.says(Topic.BUT)
    )
    return 2 * value if 2 * value in marks and value >= PRAISED_MARK and praised else None


def _contradicted(answer: _Answer, value: int) -> str | None:
    numbers = answer.numbers
    if numbers.doubtful:
        return "another number may count something"
    if any(proposed != value for proposed in numbers.proposed.values()):
        return "another scale contradicts the number"
    if numbers.out_of_range and _same_clause(answer):
        return "another number beside it"
    return None


def _proposal(answer: _Answer) -> Interpretation:
    values = set(answer.numbers.proposed.values())
    if len(values) > 1:
        return _again(answer, "several numbers of another scale")
    (value,) = values
    if reason := _not_meant(answer, value):
        return _again(answer, reason)
    return Interpretation(
        joined(f"{Label.CONFIRM}:{value}", answer.text),
        f"probably {value}, in another spelling or scale",
    )


def _not_meant(answer: _Answer, value: int) -> str | None:
    if answer.everywhere[Topic.DOUBT].first(answer.reading.plain):
        return "a conditional, ironic or corrected number"
    if _negated(answer):
        return "a negated number"
    contrast = answer.says(Topic.BUT)
    if contrast and answer.says(Topic.POLITE_CONDITIONAL):
        return "a condition stands beside the number"
    praise, blame = answer.says(Topic.PRAISE), answer.says(Topic.BLAME)
    if value >= HIGH and blame and not praise and not contrast:
        return "blame beside a high number"
    if value <= LOW and praise and not blame and not contrast and not answer.says(Topic.NEGATION):
        return "praise beside a low number"
    return None


def _negated(answer: _Answer) -> bool:
    """Whether a negation stands before the number in its clause, or right behind it."""
    reading, negation = answer.reading, answer.lexicon[Topic.NEGATION]
    for index in (*answer.numbers.scores, *answer.numbers.proposed):
        clause = clause_of(index, reading)
        if any(reading.phrase_at(i, negation) for i in range(clause.start, index)):
            return True
        after = index + 1
        while after < clause.stop and reading.phrase_at(after, answer.lexicon[Topic.FRAME]):
            after += 1
        if after < clause.stop and reading.phrase_at(after, negation):
            return True
    return False


def _said_no(answer: _Answer) -> bool:
    """Whether a bare no stands in a clause of its own."""
    for segment in answer.row:
        if segment.topic in {Topic.NO, Topic.NOT_NOW}:
            clause = clause_of(segment.tokens[0], answer.reading)
            if all(s.topic is segment.topic for s in answer.row if s.tokens[0] in clause):
                return True
    return False


def _same_clause(answer: _Answer) -> bool:
    clauses = [clause_of(index, answer.reading) for index in answer.numbers.scores]
    return any(index in clause for index in answer.numbers.out_of_range for clause in clauses)


def _no_number(answer: _Answer) -> Interpretation:
    text = answer.text
    refusing = {s.topic for s in answer.row} - {None, Topic.COURTESY, Topic.FRAME}
    refusals = {Topic.SKIPS, Topic.NO, Topic.REFUSES}
    if refusing and refusing <= refusals and not answer.reading.asks:
        if not text:
            return Interpretation(Label.SKIP, "refuses the question")
        if refusing & {Topic.SKIPS, Topic.REFUSES}:
            return Interpretation(joined(Label.SKIP, text), "refuses the question")
    return _again(answer, "no number" if text else "not understood")


def _again(answer: _Answer, why: str) -> Interpretation:
    one = len(set(answer.numbers.scores.values())) == 1
    refused = one and answer.is_sentence and _negated(answer)
    return Interpretation(joined(Label.REASK, Label.TEXT if refused else answer.text), why)
