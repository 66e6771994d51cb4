"""Which gateways there are, and opening them: rows whose settings are sealed, and what has been made of them.

Decides nothing about messages. A kind of gateway is a `Kind`, listed by the composition root.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from threading import Lock
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from contract.topics import TopicError, checked_identifier
from hub.core.errors import BadInput, Conflict, NotFound
from hub.core.jobs.ticker import Duty
from hub.core.keys import Vault
from hub.core.scope import Scope
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.sms.gateways.port import Gateway, Name
from hub.sms.gateways.tables import SmsGateway

LOOK_EVERY_S = 3.0


class GatewaySettings(BaseModel):
    """The base of what a kind of gateway is told; its errors do not repeat passwords."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class NewGateway:
    """A gateway to be used from now on; `facility` "" serves all. `rank`: the lowest is asked first."""

    id: str
    kind: str
    settings: GatewaySettings
    facility: str = ""
    rank: int = 0
    per_second: float = 1.0
    part_price: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Way:
    """A gateway as it is now."""

    name: Name
    facility: str
    kind: str
    rank: int
    per_second: float
    part_price: Decimal
    busy_until_us: int
    down_until_ms: int
    failures: int
    sealed: bytes

    def serves(self, organisation: str, facility: str) -> bool:
        """Whether messages of that facility may go by it."""
        return self.name.organisation == organisation and self.facility in {"", facility}


def add(work: UnitOfWork, scope: Scope, new: NewGateway) -> None:
    """Have messages go by it; Conflict when there is one of that name, BadInput when it can be no name."""
    try:
        checked_identifier(new.id, "gateway")
    except TopicError as error:
        raise BadInput("gateway", str(error)) from error
    if work.session.get(SmsGateway, (scope.organisation, new.id)) is not None:
        raise Conflict(_("There is a gateway of this name already."))
    work.session.add(
        SmsGateway(
            organisation=scope.organisation,
            id=new.id,
            facility=new.facility,
            kind=new.kind,
            sealed=work.vault.seal(new.settings.model_dump_json().encode()),
            rank=new.rank,
            per_second=new.per_second,
            part_price=str(new.part_price),
        )
    )
    work.session.flush()


def change(work: UnitOfWork, scope: Scope, new: NewGateway) -> None:
    """Have the one of this name and kind be so from now on; it is tried at once, however long it was down."""
    row = _needed(work, scope, new.id)
    row.facility, row.rank, row.per_second = new.facility, new.rank, new.per_second
    row.part_price = str(new.part_price)
    row.sealed = work.vault.seal(new.settings.model_dump_json().encode())
    row.failures = row.down_until_ms = row.busy_until_us = 0
    work.session.add(row)
    work.session.flush()


def remove(work: UnitOfWork, scope: Scope, id: str) -> None:  # noqa: A002
    """Use it no more; messages that wait go by another one, or wait for it."""
    work.session.delete(_needed(work, scope, id))
    work.session.flush()


def _needed(work: UnitOfWork, scope: Scope, id: str) -> SmsGateway:  # noqa: A002
    row = work.session.get(SmsGateway, (scope.organisation, id))
    if row is None:
        raise NotFound(_("There is no gateway of this name."))
    return row


def ways(work: UnitOfWork, scope: Scope | None = None, *, lock: bool = False) -> list[Way]:
    """The gateways of a scope's organisation, or of all; `lock` lets nobody else choose meanwhile."""
    statement = select(SmsGateway).order_by(col(SmsGateway.rank), col(SmsGateway.id))
    if scope is not None:
        statement = statement.where(SmsGateway.organisation == scope.organisation)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return [_way(row) for row in work.session.exec(statement)]


def find(work: UnitOfWork, name: Name) -> Way | None:
    """The gateway, if there is one."""
    row = work.session.get(SmsGateway, (name.organisation, name.id))
    return None if row is None else _way(row)


def settings(vault: Vault, way: Way) -> dict[str, Any]:
    """What it was told, unsealed."""
    opened: dict[str, Any] = json.loads(vault.open(way.sealed))
    return opened


def _way(row: SmsGateway) -> Way:
    return Way(
        Name(row.organisation, row.id),
        row.facility,
        row.kind,
        row.rank,
        row.per_second,
        Decimal(row.part_price),
        row.busy_until_us,
        row.down_until_ms,
        row.failures,
        row.sealed,
    )


Opener = Callable[[Name, Mapping[str, Any]], Gateway]
"""Makes a gateway of its settings; connects to nothing yet."""


class OpenGateways:
    """The gateways of this process, opened when first wanted and anew when their settings change."""

    def __init__(self, vault: Vault, openers: Mapping[str, Opener]) -> None:
        self._vault = vault
        self._openers = openers
        self._open: dict[Name, tuple[bytes, Gateway]] = {}
        self._lock = Lock()

    def gateway(self, way: Way) -> Gateway:
        """The one that speaks for a row."""
        with self._lock:
            known = self._open.get(way.name)
            if known is not None and known[0] == way.sealed:
                return known[1]
            if known is not None:
                known[1].close()
            opened = self._openers[way.kind](way.name, settings(self._vault, way))
            self._open[way.name] = (way.sealed, opened)
            return opened

    def open_now(self, name: Name) -> Gateway | None:
        """The one of this name, if it is open; looked after by `duties`, so it may be gone some seconds ago."""
        with self._lock:
            known = self._open.get(name)
        return None if known is None else known[1]

    def duties(self, workplace: Workplace) -> list[Duty]:
        """For the ticker: open those that listen, and close those that are gone."""

        def step() -> bool:
            with workplace.read() as work:
                known = ways(work)
            self.keep(way.name for way in known)
            for way in known:
                self.gateway(way)
            return False

        return [Duty("sms-gateways", LOOK_EVERY_S, step)]

    def keep(self, names: Iterable[Name]) -> None:
        """Close those that are not among these."""
        kept = set(names)
        with self._lock:
            for name in [one for one in self._open if one not in kept]:
                self._open.pop(name)[1].close()

    def close(self) -> None:
        """Close them all."""
        self.keep(())
