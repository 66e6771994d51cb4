"""Payloads that nobody could store: kept whole, counted when they come again, replayed when a person says so.

Decides how much of a payload is kept. What a letter means and whether it can be stored now is the inbox's affair.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import ColumnElement, RowMapping, Table, and_, func, select, true, update

from contract.topics import DeviceTopic, TopicError, parse
from hub.core.arrivals import Delivery
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.tables import DeadLetter
from hub.core.unit_of_work import UnitOfWork
from hub.core.upserts import insert

KEPT_BYTES = 16 * 1024 * 1024
"""Of one payload; larger than any that the broker lets through."""
KEPT_BYTES_PER_DEVICE = 256 * 1024 * 1024
"""One broken or hostile terminal must not fill the disk; beyond this only the start of a payload is kept."""
START_BYTES = 1024
MOST_WORDS = 64 * 1024
"""Longer than any message without a picture."""
TOPIC_CHARACTERS = 400
"""A device may choose parts of its topic; PostgreSQL cannot index more than 2,704 bytes of it."""

_PUNCTUATION = re.compile(r"[\s().\-/]")

letters: Table = DeadLetter.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class DeadLetterView:
    """A letter as an administrator sees it."""

    id: int
    organisation: str | None
    facility: str | None
    device: str | None
    topic: str
    kind: str
    detail: str
    size: int
    payload: bytes
    truncated: bool
    received_ms: int
    times: int
    state: str


def bury(
    work: UnitOfWork, delivery: Delivery, kind: str, detail: str, *, accounted: bool = False
) -> None:
    """Keep a payload with the reason why it could not be stored.

    An `accounted` one is kept whole whatever its size: its terminal will be told that it may forget it.
    """
    address = _address(delivery.topic)
    kept = delivery.payload if accounted or _has_room(work, address, delivery) else None
    row = {
        "organisation": address.address.organisation if address else None,
        "facility": address.address.facility if address else None,
        "device": address.address.device if address else None,
        "topic": delivery.topic.replace("\x00", "\ufffd")[:TOPIC_CHARACTERS],
        "digest": sha256(delivery.payload).hexdigest(),
        "kind": kind,
        "detail": detail.replace("\x00", "\ufffd")[:1000],
        "size": len(delivery.payload),
        # Sealed, whatever it is: what could not be read may hold a telephone number.
        "payload": work.vault.seal(delivery.payload[:START_BYTES] if kept is None else kept),
        "truncated": kept is None,
        "received_ms": delivery.received_ms,
        "last_ms": delivery.received_ms,
        "times": 1,
        "state": "waiting",
        "accounted": accounted,
    }
    statement = insert(work.connection, letters).values(row)
    again = {"times": letters.c.times + 1, "last_ms": delivery.received_ms}
    if accounted:
        # Refused before for another reason, and the terminal's own copy until now: this is the only one from here on.
        again |= {n: statement.excluded[n] for n in ("kind", "detail", "payload", "truncated")}
        again["accounted"] = true()
    work.connection.execute(
        statement.on_conflict_do_update(index_elements=["topic", "digest"], set_=again)
    )


@needs(Permission.SEE_DEAD_LETTERS)
def dead_letters(
    work: UnitOfWork, scope: Scope, limit: int = 50, before: int | None = None
) -> list[DeadLetterView]:
    """The newest letters of the scope; those on topics of nobody are shown to whoever sees a whole organisation."""
    rows = select(letters).where(_visible(scope)).order_by(letters.c.id.desc()).limit(limit)
    if before is not None:
        rows = rows.where(letters.c.id < before)
    return [_view(work, row) for row in work.connection.execute(rows).mappings()]


@needs(Permission.SEE_DEAD_LETTERS)
def dead_letter(work: UnitOfWork, scope: Scope, letter: int) -> DeadLetterView | None:
    """One letter, if it is there and in the scope."""
    row = (
        work.connection.execute(select(letters).where(_visible(scope), letters.c.id == letter))
        .mappings()
        .first()
    )
    return _view(work, row) if row else None


@needs(Permission.SEE_DEAD_LETTERS)
def waiting_ids(work: UnitOfWork, scope: Scope) -> list[int]:
    """The letters that nobody has dealt with, oldest first."""
    waiting = select(letters.c.id).where(_visible(scope), letters.c.state == "waiting")
    return list(work.connection.execute(waiting.order_by(letters.c.id)).scalars())


@needs(Permission.SEE_DEVICES)
def count_waiting(work: UnitOfWork, scope: Scope) -> int:
    """How many letters nobody has dealt with."""
    waiting = (
        select(func.count())
        .select_from(letters)
        .where(_visible(scope), letters.c.state == "waiting")
    )
    return work.connection.execute(waiting).scalar_one()


@needs(Permission.SEE_DEAD_LETTERS)
def is_accounted(work: UnitOfWork, scope: Scope, letter: int) -> bool:
    """Whether the letter's number already counts as arrived."""
    found = select(letters.c.accounted).where(_visible(scope), letters.c.id == letter)
    return bool(work.connection.execute(found).scalar_one_or_none())


@needs(Permission.SEE_DEAD_LETTERS)
def close(work: UnitOfWork, scope: Scope, letter: int) -> bool:
    """Mark a letter as stored after all; False when it was already. Whoever else tries has to wait for the outcome."""
    closed = (
        update(letters)
        .where(_visible(scope), letters.c.id == letter, letters.c.state == "waiting")
        .values(state="replayed")
    )
    return work.connection.execute(closed).rowcount > 0


def empty_letters(work: UnitOfWork, scope: Scope, message_type: str, before_ms: int) -> None:
    """Forget what messages of one type brought that were buried before that moment; the reasons stay."""
    old = and_(
        scope.rows(DeadLetter),
        letters.c.topic.endswith(f"/up/{message_type}", autoescape=True),
        letters.c.received_ms < before_ms,
        letters.c.truncated.is_(False),
    )
    emptied = {"payload": work.vault.seal(b""), "truncated": True}
    work.connection.execute(update(letters).where(old).values(emptied))


def naming(work: UnitOfWork, scope: Scope, digits: str) -> list[DeadLetterView]:
    """The letters in which a telephone number stands, however it is punctuated; payloads with pictures aside."""
    rows = select(letters).where(_visible(scope), letters.c.size <= MOST_WORDS)
    found = [_view(work, row) for row in work.connection.execute(rows).mappings()]
    return [
        letter
        for letter in found
        if digits in _PUNCTUATION.sub("", letter.payload.decode("utf-8", "replace"))
    ]


def empty(work: UnitOfWork, which: ColumnElement[bool]) -> int:
    """Forget what these letters brought, and what is said of it; of which kind the reason was stays."""
    emptied = {"payload": work.vault.seal(b""), "size": 0, "truncated": True, "detail": ""}
    return work.connection.execute(update(letters).where(which).values(emptied)).rowcount


def _visible(scope: Scope) -> ColumnElement[bool]:
    inside = scope.rows(DeadLetter)
    if scope.facilities is None:
        return inside | letters.c.organisation.is_(None)
    return inside


def _has_room(work: UnitOfWork, address: DeviceTopic | None, delivery: Delivery) -> bool:
    size = len(delivery.payload)
    if size <= START_BYTES:
        return True
    if size > KEPT_BYTES:
        return False
    device = None if address is None else address.address.device
    kept = select(func.coalesce(func.sum(letters.c.size), 0)).where(
        letters.c.device == device, letters.c.truncated.is_(False)
    )
    return int(work.connection.execute(kept).scalar_one()) + size <= KEPT_BYTES_PER_DEVICE


def _address(topic: str) -> DeviceTopic | None:
    try:
        parsed = parse(topic)
    except TopicError:
        return None
    return parsed if isinstance(parsed, DeviceTopic) else None


def _view(work: UnitOfWork, row: RowMapping) -> DeadLetterView:
    fields = {name: row[name] for name in DeadLetterView.__dataclass_fields__}
    return DeadLetterView(**fields | {"payload": work.vault.open(row["payload"])})
