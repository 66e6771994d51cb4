"""Pure: what a dictionary holds, and several of them as one.

Decides which topics there are; the phrases themselves are data in `hub/sms/dictionaries`, which a clinic extends.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from hub.sms.interpreter.folding import fold
from hub.sms.interpreter.phrases import BadPhrase, Phrases


class Topic(StrEnum):
    """What a phrase of a dictionary is about; the dictionaries' headings."""

    # Answers: a reply that consists of these and nothing else is understood completely.
    YES = "yes"
    NO = "no"
    PLAIN_YES = "plain_yes"  # a yes even when other words follow a mark
    PLAIN_NO = "plain_no"
    WILLING = "willing"  # says yes wherever it stands
    REFUSES = "refuses"  # says no wherever it stands
    SKIPS = "skips"  # will not answer this one question
    NOTHING_TO_ADD = "nothing_to_add"
    NOT_NOW = "not_now"
    LATER = "later"
    UNSURE = "unsure"
    BUT = "but"
    MAYBE_YES = "maybe_yes"  # an idiom that may mean yes or no
    COURTESY = "courtesy"
    THANKS = "thanks"
    ACKNOWLEDGES = "acknowledges"  # after the end: no answer, only "seen"
    FRAME = "frame"  # words around a score that say nothing of their own
    # Rights and safety: heard in every state.
    DANGER = "danger"
    NO_DANGER = "no_danger"  # idioms that would sound like danger
    PAST_DANGER = "past_danger"  # danger that is told of, unless a word of NOW stands beside it
    NOW = "now"
    BEREAVED = "bereaved"
    HOSTILE = "hostile"
    LEGAL = "legal"
    UNSAFE = "unsafe"
    WANTS_PERSON = "wants_person"
    STOP_WORD = "stop_word"  # alone, or beside courtesy, yes, no and numbers
    STOP_WORD_ALONE = "stop_word_alone"
    STOP_REQUEST = "stop_request"  # anywhere in a sentence
    NO_STOP = "no_stop"
    START_WORD = "start_word"
    HELP_WORD = "help_word"
    ASKS_WHO = "asks_who"
    ASKS = "asks"  # begins a question even without a question mark
    AUTOMATIC = "automatic"
    WRONG_PERSON = "wrong_person"
    # Requests
    CALL_ME = "call_me"
    DO_NOT_CALL = "do_not_call"
    CALL_TIMES = "call_times"  # when a call would suit
    OTHER_WAY = "other_way"  # by another channel, or the patient calls
    CLINIC_REQUEST = "clinic_request"
    KEEPS_APPOINTMENT = "keeps_appointment"
    CANCELS_APPOINTMENT = "cancels_appointment"
    # Around a number
    NOT_A_SCORE = "not_a_score"
    SCALE = "scale"
    OUT_OF = "out_of"
    NOT_AN_INTEGER = "not_an_integer"
    WITH_PLUS = "with_plus"
    STARS = "stars"
    COUNTED = "counted"
    AFTER_SCORE = "after_score"
    BEFORE_OTHER = "before_other"  # "operated on the 5": no score unless all before it frames one
    NEGATION = "negation"
    DOUBT = "doubt"
    APPROXIMATELY = "approximately"
    POLITE_CONDITIONAL = "polite_conditional"
    PRAISE = "praise"
    BLAME = "blame"


EVERYWHERE = (
    *(Topic.YES, Topic.NO, Topic.COURTESY, Topic.FRAME, Topic.CALL_ME, Topic.CANCELS_APPOINTMENT),
    *(Topic.DANGER, Topic.NO_DANGER, Topic.PAST_DANGER, Topic.NOW),
    *(Topic.BEREAVED, Topic.HOSTILE, Topic.LEGAL, Topic.UNSAFE),
    *(Topic.WANTS_PERSON, Topic.STOP_WORD, Topic.STOP_REQUEST, Topic.NO_STOP, Topic.START_WORD),
    *(Topic.HELP_WORD, Topic.ASKS_WHO, Topic.AUTOMATIC, Topic.WRONG_PERSON),
    *(Topic.NOT_A_SCORE, Topic.DOUBT),
)
"""Topics that are heard in every language, whichever the conversation is in."""


@dataclass(frozen=True)
class Lexicon:
    """The words of one language. Numbers map a folded word to its value."""

    language: str
    topics: Mapping[Topic, Phrases]
    numbers: Mapping[str, int]
    pronouns: frozenset[str]
    """Number words that are something else too (one, uno, nou): a score only where nothing else is possible."""
    school_marks: Mapping[str, int]
    """Marks of another scale and the score that they are proposed as."""
    shorthand: Mapping[str, str]
    """How chats shorten words: `u` for you."""
    linking: frozenset[str]
    """Between tens and units."""
    plural_endings: tuple[str, ...]
    """How counted nouns end."""
    ordinary: frozenset[str]
    """Words that must not be taken for misspelled ones of the dictionary."""

    def __getitem__(self, topic: Topic) -> Phrases:
        return self.topics[topic]

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word that the dictionary spells out."""
        spelled = (phrases.words for phrases in self.topics.values())
        return frozenset(self.numbers).union(self.school_marks, self.ordinary, *spelled)

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Every beginning of a word with any ending."""
        return tuple({stem for phrases in self.topics.values() for stem in phrases.stems})

    def knows(self, word: str) -> bool:
        """Whether the word is one of this language's dictionary."""
        return word in self.words or word.startswith(self.stems)


_TABLES = {"numbers", "school_marks", "shorthand"}
_LISTS = {"pronouns", "linking", "plural_endings", "ordinary"}


def lexicon(language: str, *sources: Mapping[str, Any]) -> Lexicon:
    """One lexicon from the parsed dictionaries; later ones add to earlier ones. BadPhrase where one is wrong."""
    known = _TABLES | _LISTS | {topic.value for topic in Topic}
    for source in sources:
        if unknown := set(source) - known:
            raise BadPhrase(f"{language}: unknown heading {', '.join(sorted(unknown))}")

    def listed(name: str) -> tuple[str, ...]:
        return tuple(entry for source in sources for entry in source.get(name, ()))

    def table(name: str) -> dict[str, int]:
        entries = [(w, n) for source in sources for w, n in source.get(name, {}).items()]
        return {fold(word): value for word, value in entries}

    shorthand = {
        fold(short): fold(full)
        for source in sources
        for short, full in source.get("shorthand", {}).items()
    }

    def folded(name: str) -> frozenset[str]:
        return frozenset(map(fold, listed(name)))

    return Lexicon(
        language,
        {topic: Phrases(listed(topic.value)) for topic in Topic},
        table("numbers"),
        folded("pronouns"),
        table("school_marks"),
        shorthand,
        folded("linking"),
        tuple(map(fold, listed("plural_endings"))),
        folded("ordinary"),
    )


def united(lexicons: Iterable[Lexicon]) -> dict[Topic, Phrases]:
    """The topics of several languages as one, for what is heard in every language."""
    several = tuple(lexicons)
    return {
        topic: Phrases(phrase for one in several for phrase in one[topic].written)
        for topic in EVERYWHERE
    }
