"""A batch of deliveries becomes one transaction; a poisonous one is found and buried alone.

Decides what is stored together and what is told afterwards. Which device may speak and what is new is the
registrar's decision; what a message means is its handler's. The inbox never acknowledges anything itself: when it
returns, everything is durable; when it raises `DatabaseUnavailable`, nothing is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import structlog

from contract.codec import DecodeError
from contract.documents import Confirmation, DeviceState, ReportedConfiguration
from contract.messages import Message
from contract.topics import DeviceAddress
from hub.core.arrivals import Arrival, Delivery, Refusal, Registrar
from hub.core.db import is_unavailable
from hub.core.dead_letters import DeadLetterView, bury, close, dead_letter, is_accounted
from hub.core.reading import Nameless, Read, nameless, read, topic_of
from hub.core.scope import Scope
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace

log = structlog.get_logger()

Handler = Callable[[UnitOfWork, list[Arrival[Any]]], Iterable[Refusal] | None]
"""Takes new messages in, all of one type; those that it refuses are buried with its reasons."""


NOTHING_TO_PREPARE: Mapping[type[Message], Callable[[], object]] = MappingProxyType({})


class DatabaseUnavailable(Exception):
    """Nothing of this batch has been stored; it can be tried again as it is."""


class NotReplayable(Exception):
    """A dead letter still cannot be stored; the text says why."""


@dataclass(slots=True)
class Outcome:
    """What became of a batch, once it is durable."""

    stored: int = 0
    duplicates: int = 0
    buried: int = 0
    confirmations: list[tuple[DeviceAddress, Confirmation]] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        self.stored += other.stored
        self.duplicates += other.duplicates
        self.buried += other.buried
        self.confirmations += other.confirmations


class Inbox:
    """Stores batches. `handlers` maps a message type to what takes the new messages of that type in, in this order.

    `ready` maps one to what is called before a transaction that takes such messages in, because it may take long once.
    """

    def __init__(
        self,
        workplace: Workplace,
        registrar: Registrar,
        handlers: Mapping[type[Message], Handler],
        ready: Mapping[type[Message], Callable[[], object]] = NOTHING_TO_PREPARE,
    ) -> None:
        self._workplace = workplace
        self._registrar = registrar
        self._handlers = handlers
        self._ready = ready

    def store(self, deliveries: Iterable[Delivery]) -> Outcome:
        """Read and store a batch."""
        return self.store_read([read(delivery) for delivery in deliveries])

    def store_read(self, batch: list[Read]) -> Outcome:
        """Store a batch, as one transaction if at all possible, else message by message."""
        try:
            self._make_ready(batch)
            return self._store_together(batch)
        except Exception as error:
            if is_unavailable(error):
                raise DatabaseUnavailable(type(error).__name__) from error
            log.warning("batch_failed", count=len(batch), error_type=type(error).__name__)
        outcome = Outcome()
        for one in batch:
            outcome.add(self._store_alone(one))
        return outcome

    def _make_ready(self, batch: list[Read]) -> None:
        kinds = {type(one.said.message) for one in batch if isinstance(one.said, Arrival)}
        for kind in kinds & self._ready.keys():
            self._ready[kind]()

    def replay(self, scope: Scope, letter_id: int) -> None:
        """Store a dead letter after all; NotReplayable says why it cannot be."""
        try:
            self._replay(scope, letter_id)
        except NotReplayable:
            raise
        except Exception as error:
            if is_unavailable(error):
                raise DatabaseUnavailable(type(error).__name__) from error
            log.exception("letter_not_storable")
            raise NotReplayable(_("The database or a rule still refuses it.")) from error

    def _replay(self, scope: Scope, letter_id: int) -> None:
        with self._workplace.begin() as work:
            letter = dead_letter(work, scope, letter_id)
            if letter is None:
                raise NotReplayable(_("There is no such letter."))
            if not close(work, scope, letter_id):
                raise NotReplayable(_("This letter has been stored already."))
            if letter.truncated:
                raise NotReplayable(
                    _("Only the start of this payload was kept, so it cannot be stored.")
                )
            delivery = Delivery(letter.topic, letter.payload, letter.received_ms, retained=True)
            again = read(delivery)
            if again.error is not None:
                raise NotReplayable(_("It still cannot be understood.")) from again.error
            if isinstance(again.said, Arrival):
                self._replay_arrival(work, scope, letter, again.said)

    def _replay_arrival(
        self, work: UnitOfWork, scope: Scope, letter: DeadLetterView, arrival: Arrival[Any]
    ) -> None:
        if type(arrival.message) not in self._handlers:
            raise NotReplayable(_("This version has no place for messages of this kind."))
        accounted = is_accounted(work, scope, letter.id)
        registered = self._registrar.readmit(work, arrival, kind=letter.kind, accounted=accounted)
        for refusal in [*registered.refused, *self._handle(work, registered.fresh)]:
            raise NotReplayable(_(refusal.detail))

    def _store_together(self, batch: list[Read]) -> Outcome:
        outcome = Outcome()
        addresses: dict[DeviceAddress, None] = {}
        arrivals: list[Arrival[Any]] = []
        with self._workplace.begin() as work:
            for one in batch:
                said, delivery = one.said, one.delivery
                if isinstance(said, Arrival):
                    arrivals.append(said)
                elif one.error is not None:
                    _bury(work, delivery, one.error, outcome)
                elif isinstance(said, DeviceState):
                    address = topic_of(delivery).address
                    self._registrar.note_state(work, address, said, delivery)
                    addresses[address] = None
                elif isinstance(said, ReportedConfiguration):
                    self._registrar.note_reported(work, topic_of(delivery).address, said)
            self._store_arrivals(work, arrivals, outcome)
            addresses.update(dict.fromkeys(arrival.address for arrival in arrivals))
            outcome.confirmations = self._registrar.confirmations(work, list(addresses))
        return outcome

    def _store_arrivals(
        self, work: UnitOfWork, arrivals: list[Arrival[Any]], outcome: Outcome
    ) -> None:
        registered = self._registrar.register(work, arrivals)
        outcome.duplicates += registered.duplicates
        understood = []
        for arrival in registered.fresh:
            if type(arrival.message) in self._handlers:
                understood.append(arrival)
            else:
                registered.refused.append(_not_understood(arrival))
        refused = self._handle(work, understood)
        outcome.stored += len(understood) - len(refused)
        for refusal in [*registered.refused, *refused]:
            arrival = refusal.arrival
            bury(work, arrival.delivery, refusal.kind, refusal.detail, accounted=refusal.accounted)
            outcome.buried += 1

    def _handle(self, work: UnitOfWork, arrivals: list[Arrival[Any]]) -> list[Refusal]:
        """Hand the new messages over, type by type; what was refused all the same."""
        by_type: dict[type[Message], list[Arrival[Any]]] = defaultdict(list)
        for arrival in arrivals:
            by_type[type(arrival.message)].append(arrival)
        refused: list[Refusal] = []
        for kind, handler in self._handlers.items():
            if kind in by_type:
                refused += handler(work, by_type[kind]) or ()
        return refused

    def _store_alone(self, one: Read) -> Outcome:
        delivery = one.delivery
        try:
            return self._store_together([one])
        except Exception as error:
            if is_unavailable(error):
                raise DatabaseUnavailable(type(error).__name__) from error
            reason = DecodeError(
                "not_storable", f"refused by the database or a rule: {type(error).__name__}"
            )
            log.exception(
                "message_not_storable", message_type=delivery.topic.rsplit("/", 1)[-1][:64]
            )
        return self._bury_alone(delivery, reason)

    def _bury_alone(self, delivery: Delivery, reason: DecodeError) -> Outcome:
        """The message's number still counts as arrived: it is safe here, and the device may forget it."""
        outcome = Outcome()
        try:
            with self._workplace.begin() as work:
                sender = nameless(delivery, reason)
                if sender is None:
                    _bury(work, delivery, reason, outcome)
                else:
                    self._store_arrivals(work, [sender], outcome)
                    outcome.confirmations = self._registrar.confirmations(work, [sender.address])
        except Exception as error:
            if is_unavailable(error):
                raise DatabaseUnavailable(type(error).__name__) from error
            with self._workplace.begin() as work:
                _bury(work, delivery, reason, outcome)
        return outcome


def _not_understood(arrival: Arrival[Any]) -> Refusal:
    reason = arrival.reason if isinstance(arrival, Nameless) else None
    if reason is None:
        reason = DecodeError(
            "unhandled_type", f"type: {arrival.message.type} is not handled by this version"
        )
    return Refusal(arrival, reason.kind, str(reason), accounted=True)


def _bury(work: UnitOfWork, delivery: Delivery, reason: DecodeError, outcome: Outcome) -> None:
    bury(work, delivery, reason.kind, str(reason))
    outcome.buried += 1
