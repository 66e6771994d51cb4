"""What a validator said of a value that cannot be used."""

_BEFORE = "Value error, "
"""Put by pydantic before the sentences of our own validators."""


def own_words(message: str) -> str:
    """The message of an error of pydantic's without its prefix, as it is shown to people."""
    return message.removeprefix(_BEFORE)
