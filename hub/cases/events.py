"""News of cases; nothing personal in any of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A new complaint; `reachable` says that there is a telephone number to call."""

    organisation: str
    facility: str
    case_id: int
    urgent: bool
    reachable: bool
    worded: bool
    """Whether the patient left words."""


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """A case stands elsewhere now."""

    organisation: str
    facility: str
    case_id: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class WaitingChanged:
    """It is the patient's turn (`waiting`), or ours again."""

    organisation: str
    facility: str
    case_id: int
    waiting: bool


@dataclass(frozen=True, slots=True)
class TopicSet:
    """What a case is about is known, or known better."""

    organisation: str
    facility: str
    case_id: int
    topic: str
    unit: str
    """The touchpoint, or empty."""
    urgent: bool


@dataclass(frozen=True, slots=True)
class ColleaguesConcerned:
    """These accounts are to look at a case, because of a `mention` or because it was `assigned` to them."""

    organisation: str
    facility: str
    case_id: int
    accounts: frozenset[int]
    why: str


@dataclass(frozen=True, slots=True)
class CaseTouched:
    """Something about a case is new; what, is to be read."""

    organisation: str
    facility: str
    case_id: int
