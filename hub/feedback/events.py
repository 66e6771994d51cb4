"""News of answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self


class AnswerView(NamedTuple):
    """One response as it may be shown; no telephone, no name of a patient.

    A tuple, because one is made for every answer that arrives and a frozen dataclass costs five times as much.
    """

    id: int
    organisation: str
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
    flags: tuple[str, ...]
    occurred_ms: int
    wall_ms: int
    time_source: str
    received_ms: int

    @classmethod
    def of_row(cls, row: Mapping[Any, Any]) -> Self:
        """As it is stored."""
        fields = {name: row[name] for name in cls._fields if name != "flags"}
        return cls(flags=tuple(row["flags"].split()), **fields)


@dataclass(frozen=True, slots=True)
class ResponsesRecorded:
    """These answers were stored, in one transaction, in this order."""

    responses: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True)
class PresenceRecorded:
    """Terminals of this facility counted people: so many came near them."""

    organisation: str
    facility: str
    approaches: int


@dataclass(frozen=True, slots=True)
class LeftContact:
    """A wish to be called; `sealed` is the telephone with the comment, encrypted."""

    organisation: str
    facility: str
    visit: str
    sealed: bytes
    language: str | None
    occurred_ms: int


@dataclass(frozen=True, slots=True)
class ContactsRecorded:
    """These wishes were stored, in one transaction."""

    contacts: tuple[LeftContact, ...]


@dataclass(frozen=True, slots=True)
class SurveysChanged:
    """A survey of this facility has a new version."""

    organisation: str
    facility: str


@dataclass(frozen=True, slots=True)
class PhotographPolicyChanged:
    """This facility decided otherwise about photographs with answers."""

    organisation: str
    facility: str


@dataclass(frozen=True, slots=True)
class ResponsesFlagged:
    """These answers turned out to be left out of the figures."""

    organisation: str
    facility: str
    device: str
    flag: str
    responses: tuple[tuple[int, int], ...]
    """(epoch, sequence) of each."""
    plain_until_now: tuple[tuple[int, int], ...] = ()
    """Those of them that had no flag before this one."""
