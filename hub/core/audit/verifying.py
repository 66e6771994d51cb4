"""Whether the audit log is whole: every entry there, in its order, as it was written."""

from dataclasses import dataclass, replace
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from hub.core.audit.chain import START, Entry
from hub.core.audit.log import HEAD, entries, head, opened
from hub.core.keys import Vault


@dataclass(frozen=True, slots=True)
class Outcome:
    """`count` entries fit together, of which the last has this `digest`; `broken` says what comes then, if anything."""

    count: int
    digest: str
    broken: str | None = None


def verify(connection: Connection, vault: Vault, noted: tuple[int, str] | None = None) -> Outcome:
    """The whole chain, of every organisation. `noted` is an end of it that somebody has kept elsewhere."""
    whole = Outcome(0, START)
    # One by one, so that it is known which is unreadable.
    one_by_one = select(entries).order_by(entries.c.number).execution_options(yield_per=1)
    try:
        for row in connection.execute(one_by_one).mappings():
            whole = _next(whole, dict(row), noted)
            if whole.broken:
                return whole
    except DBAPIError:  # its bytes are no text any more
        return replace(whole, broken="The next entry cannot be read.")
    return replace(whole, broken=_end(connection, vault, whole, noted))


def _next(whole: Outcome, row: dict[str, Any], noted: tuple[int, str] | None) -> Outcome:
    kept = row.pop("digest")
    if row["number"] != whole.count + 1:
        return replace(whole, broken="An entry is missing here, or stands twice.")
    expected = Entry(**row).digest(whole.digest)
    if kept != expected:
        return replace(whole, broken="The next entry was changed, or is not in its place.")
    if noted is not None and noted[0] == row["number"] and noted[1] != expected:
        return replace(whole, broken="The next entry is not the one that was noted.")
    return Outcome(row["number"], expected)


def _end(
    connection: Connection, vault: Vault, whole: Outcome, noted: tuple[int, str] | None
) -> str | None:
    sealed = connection.execute(select(head.c.sealed).where(head.c.id == HEAD)).scalar()
    if sealed is None:
        return "The end of the log is missing."
    try:
        last = opened(vault, sealed)
    except (InvalidToken, ValueError):
        return "The end of the log was changed."
    if last != (whole.count, whole.digest) or (noted is not None and noted[0] > whole.count):
        return "Entries after this one are missing, or were added from outside."
    return None
