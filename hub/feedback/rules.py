"""Pure: how an answer becomes a row, and how flags are kept."""

import json

from contract.messages import Asked, Message, Part


def score_of(value: int | str | None) -> int | None:
    """The number of an answer that is one."""
    return value if isinstance(value, int) else None


def text_of(value: int | str | None) -> str | None:
    """An answer as text, whether code or number."""
    return None if value is None else str(value)


def asked_of(asked: Asked | None) -> tuple[str | None, int | None, str | None]:
    """Survey, its version, question."""
    return (
        (None, None, None)
        if asked is None
        else (asked.survey, asked.survey_version, asked.question)
    )


def joined_flags(flags: list[str]) -> str:
    """Flags as one text: each once, in the order they were given."""
    return " ".join(dict.fromkeys(flags)) if flags else ""


def with_flag(flags: str, flag: str) -> str:
    """The same flags and one more."""
    return joined_flags([*flags.split(), flag])


def extra_of(message: Message) -> str | None:
    """The fields that this version does not know, as JSON; None when there are none."""
    extra = dict(message.model_extra or {})
    for name in ("time", "asked"):
        part: Part | None = getattr(message, name, None)
        if part is not None and part.model_extra:
            extra[name] = part.model_extra
    return json.dumps(extra, ensure_ascii=False) if extra else None


def masked_phone(phone: str) -> str:
    """A number in international form that its owner recognises and nobody can call: `+34 ••• ••• 89`."""
    return f"{phone[:3]} ••• ••• {phone[-2:]}"
