"""Pure: which status may follow which, and what must have happened before a case may be closed.

A case is closed only once its patient was informed or found unreachable, and every change says how much work it took.
Who may change a status, and what else a change sets off, is decided elsewhere.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from hub.core.errors import BadInput, Conflict
from hub.core.texts import N_
from hub.core.texts import gettext as _

MOST_MINUTES = 24 * 60
"""Of work in one entry: a day."""


class Status(StrEnum):
    """Where a case stands. The first seven are its way; the last three stand beside it."""

    NEW = "new"
    CONTACTING = "contacting"
    QUALIFIED = "qualified"
    INVESTIGATING = "investigating"
    ACTION_TAKEN = "action_taken"
    CLIENT_INFORMED = "client_informed"
    CLOSED = "closed"
    UNREACHABLE = "unreachable"
    NO_CONSENT = "no_consent"
    DUPLICATE = "duplicate"


WAY = (
    Status.NEW,
    Status.CONTACTING,
    Status.QUALIFIED,
    Status.INVESTIGATING,
    Status.ACTION_TAKEN,
    Status.CLIENT_INFORMED,
    Status.CLOSED,
)
ENDED = frozenset({Status.CLOSED, Status.DUPLICATE})
"""Nothing is waited for, and no clock runs."""

_UNDER_WAY = frozenset(
    {Status.CONTACTING, Status.QUALIFIED, Status.INVESTIGATING, Status.ACTION_TAKEN}
)
_NEXT: dict[Status, frozenset[Status]] = {
    Status.NEW: frozenset({Status.CONTACTING, Status.NO_CONSENT}),
    Status.CONTACTING: frozenset({Status.QUALIFIED, Status.UNREACHABLE, Status.NO_CONSENT}),
    Status.QUALIFIED: frozenset(
        {Status.CONTACTING, Status.INVESTIGATING, Status.UNREACHABLE, Status.NO_CONSENT}
    ),
    Status.INVESTIGATING: frozenset(
        {Status.CONTACTING, Status.QUALIFIED, Status.ACTION_TAKEN, Status.UNREACHABLE, Status.NO_CONSENT}
    ),
    Status.ACTION_TAKEN: frozenset(
        {Status.INVESTIGATING, Status.CLIENT_INFORMED, Status.UNREACHABLE, Status.NO_CONSENT, Status.CLOSED}
    ),
    Status.CLIENT_INFORMED: frozenset({Status.INVESTIGATING, Status.CLOSED}),
    Status.CLOSED: frozenset({Status.CONTACTING, Status.INVESTIGATING}),
    Status.UNREACHABLE: _UNDER_WAY | {Status.CLOSED},
    Status.NO_CONSENT: _UNDER_WAY,
    Status.DUPLICATE: frozenset(),
}  # fmt: skip

NOT_INFORMED = N_(
    "A case is closed only after its patient was informed, or could not be reached. Inform them first."
)
LABOUR_WANTED = N_("Please say how many minutes this took; 0 is an answer too.")


@dataclass(frozen=True, slots=True)
class Progress:
    """What of a case's history decides what may come next."""

    status: Status = Status.NEW
    informed: bool = False
    """Since the case was opened, or opened again."""
    unreachable: bool = False
    """Found so, and not reached since."""
    labour_entries: int = 0
    before_merge: Status | None = None
    """What it was before it turned out to be a duplicate."""


def checked_minutes(minutes: int | None) -> int:
    """BadInput (422) where nobody said how much work it was."""
    if minutes is None:
        raise BadInput("minutes", _(LABOUR_WANTED))
    if not 0 <= minutes <= MOST_MINUTES:
        raise BadInput("minutes", _("Please enter the minutes of one day at most."))
    return minutes


def moved(progress: Progress, to: Status, minutes: int | None) -> Progress:
    """After a change of status that took so many minutes; BadInput without them, Conflict where it may not be."""
    checked_minutes(minutes)
    if to is Status.CLOSED and progress.status is not Status.CLOSED:
        _check_closing(progress)
    if to not in _NEXT[progress.status]:
        raise Conflict(_refusal(progress.status, to), field="status")
    opened_again = progress.status is Status.CLOSED
    return replace(
        progress,
        status=to,
        informed=to is Status.CLIENT_INFORMED or (progress.informed and not opened_again),
        unreachable=to is Status.UNREACHABLE
        or (progress.unreachable and to not in {Status.CONTACTING, Status.CLIENT_INFORMED}),
        labour_entries=progress.labour_entries + 1,
    )


def merged(progress: Progress, minutes: int | None) -> Progress:
    """Found to tell what another case tells already."""
    checked_minutes(minutes)
    if progress.status is Status.DUPLICATE:
        raise Conflict(_("This case is a duplicate already."), field="status")
    return replace(
        progress,
        status=Status.DUPLICATE,
        before_merge=progress.status,
        labour_entries=progress.labour_entries + 1,
    )


def parted(progress: Progress, minutes: int | None) -> Progress:
    """A case of its own again, exactly as it was before."""
    checked_minutes(minutes)
    if progress.before_merge is None:
        raise Conflict(_("This case is not a duplicate."), field="status")
    return replace(
        progress,
        status=progress.before_merge,
        before_merge=None,
        labour_entries=progress.labour_entries + 1,
    )


def followers(progress: Progress) -> list[Status]:
    """What may come next: onwards on the way, then what stands beside it, then back."""
    allowed = set(_NEXT[progress.status])
    if not _may_close(progress):
        allowed.discard(Status.CLOSED)
    here = WAY.index(progress.status) if progress.status in WAY else -1
    onwards = [status for status in WAY[here + 1 :] if status in allowed]
    back = [status for status in WAY[: here + 1] if status in allowed]
    beside = [status for status in Status if status in allowed - set(WAY)]
    return [*onwards, *beside, *back]


def _may_close(progress: Progress) -> bool:
    return progress.informed or progress.unreachable


def _check_closing(progress: Progress) -> None:
    if not _may_close(progress):
        raise Conflict(_(NOT_INFORMED), field="status")


def _refusal(now: Status, to: Status) -> str:
    if now is to:
        return _("The case has this status already.")
    if now is Status.DUPLICATE:
        return _("This case is a duplicate. Part it from the other one first.")
    return _("This status cannot follow the present one. Possible now: %(possible)s.") % {
        "possible": ", ".join(status.value for status in Status if status in _NEXT[now])
    }
