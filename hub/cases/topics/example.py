"""Pure: a text of which is known what it is about; apart from what learns from it, which takes long to load."""

from dataclasses import dataclass

from hub.cases.topics.taxonomy import Topic


@dataclass(frozen=True)
class Example:
    """A text and what it is about, the main topic first; a correction is one that a person made."""

    language: str
    text: str
    topics: tuple[Topic, ...]
