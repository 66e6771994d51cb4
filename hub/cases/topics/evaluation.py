"""Pure: how often the suggested topics are those that people gave.

Decides what counts as right: the first suggestion is one of the text's topics (`top1`), or one of the first
two is (`top2`). Reading the file is the command's.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from hub.cases.topics.example import Example
from hub.cases.topics.suggesting import Suggester
from hub.cases.topics.taxonomy import Topic

SEPARATOR = "/"


class BadCase(ValueError):
    """A row cannot be read; the sentence names the field."""


def example_of(row: Mapping[str, str | None], languages: Iterable[str]) -> Example:
    """A row with the columns lang, text and topics. BadCase where one is missing or unknown."""
    language, text, codes = (row.get(column) or "" for column in ("lang", "text", "topics"))
    if language not in tuple(languages):
        raise BadCase(f"lang: “{language}” is not one of {', '.join(languages)}.")
    try:
        topics = tuple(Topic(code.strip()) for code in codes.split(SEPARATOR))
    except ValueError:
        raise BadCase(f"topics: “{codes}” is not made of known codes.") from None
    return Example(language, text, topics)


def evaluate(cases: Iterable[Example], suggester: Suggester) -> dict[str, Any]:
    """`total`; `top1` and `top2` as shares of it; `wrong`: those whose first suggestion is none of theirs."""
    total = first = either = 0
    wrong = []
    for case in cases:
        best = [one.topic for one in suggester.suggest(case.language, case.text)[:2]]
        total += 1
        either += any(topic in case.topics for topic in best)
        if best[0] in case.topics:
            first += 1
        else:
            expected = SEPARATOR.join(case.topics)
            wrong.append(
                {
                    "lang": case.language,
                    "text": case.text,
                    "topics": expected,
                    "got": SEPARATOR.join(best),
                }
            )
    share = max(total, 1)
    return {
        "total": total,
        "top1": round(first / share, 4),
        "top2": round(either / share, 4),
        "wrong": wrong,
    }
