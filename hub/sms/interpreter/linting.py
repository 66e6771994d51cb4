"""Pure: what is wrong with a dictionary, and which known replies a change of it would break or mend.

Decides which topics contradict each other: one phrase cannot say both.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hub.sms.interpreter.cases import Case, Mistake, evaluate
from hub.sms.interpreter.folding import fold
from hub.sms.interpreter.interpreter import Interpreter
from hub.sms.interpreter.lexicon import Lexicon, Topic

CONTRADICTIONS = (
    {Topic.YES, Topic.NO},
    {Topic.YES, Topic.UNSURE},
    {Topic.YES, Topic.STOP_WORD},
    {Topic.WILLING, Topic.REFUSES},
    {Topic.STOP_WORD, Topic.START_WORD},
    {Topic.DANGER, Topic.NO_DANGER},
    {Topic.STOP_REQUEST, Topic.NO_STOP},
    {Topic.CALL_ME, Topic.DO_NOT_CALL},
)


@dataclass(frozen=True)
class Finding:
    """One thing to look at; `breaks` says that a reply understood before would no longer be."""

    sentence: str
    breaks: bool = True


def contradictions(lexicons: Mapping[str, Lexicon]) -> Iterator[Finding]:
    """Phrases that a language lists under two headings of which only one can be meant."""
    for language, lexicon in lexicons.items():
        for first, second in map(sorted, CONTRADICTIONS):
            written = {fold(phrase): phrase for phrase in lexicon[Topic(first)].written}
            for phrase in lexicon[Topic(second)].written:
                if fold(phrase) in written:
                    yield Finding(f"{language}: “{phrase}” is both {first} and {second}")


def changes(
    cases: Iterable[Case], before: Mapping[str, Lexicon], after: Mapping[str, Lexicon]
) -> Iterator[Finding]:
    """Cases whose outcome a change of the dictionaries turns, either way."""
    known = tuple(cases)
    was, would_be = (_wrong(known, lexicons) for lexicons in (before, after))
    for reply, mistake in would_be.items():
        if reply not in was:
            says = f"expected {mistake.expected}, would get {mistake.got}"
            yield Finding(f"{' '.join(reply)}: {says}")
    for reply in was:
        if reply not in would_be:
            yield Finding(f"{' '.join(reply)}: would be right", breaks=False)


def _wrong(
    cases: tuple[Case, ...], lexicons: Mapping[str, Lexicon]
) -> dict[tuple[str, str, str], Mistake]:
    mistakes = evaluate(cases, Interpreter(lexicons)).wrong
    return {(one.lang, one.state, one.text): one for one in mistakes}
