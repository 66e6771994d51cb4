"""Answers as programs get them."""

from pydantic import BaseModel


class AnswerModel(BaseModel):
    """One answer; `flags` say why it is left out of the figures, and are empty for a plain one.

    `occurred_ms` is the corrected time, `wall_ms` what the terminal's own clock said.
    """

    id: int
    facility: str
    touchpoint: str | None
    device: str
    epoch: int
    sequence: int
    kind: str
    panel: str | None
    button: int | None
    survey: str | None
    question: str | None
    value: str | None
    score: int | None
    employee: str | None
    shift: str | None
    flags: list[str]
    occurred_ms: int
    wall_ms: int
    time_source: str
    received_ms: int
