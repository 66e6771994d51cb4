"""Stores what comes in by HTTP: all that has come while a transaction was being committed makes up the next one.

A request is answered once what it brought is durable. What cannot be stored together is stored one by one, so that only
the one at fault fails.
"""

import asyncio
from collections.abc import Callable

import structlog

from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.sms.gateways import receiving
from hub.sms.gateways.port import DeliveryReport, Inbound

log = structlog.get_logger()

AT_ONCE = 200

News = Inbound | DeliveryReport
Ready = Callable[[], object]
"""Has whatever hears messages made ready; called before each transaction, because it may take long once."""


def always() -> None:
    """For listeners that need no preparation."""


class Intake:
    """One process's way in. `take` is called from one event loop."""

    def __init__(self, workplace: Workplace, ready: Ready = always) -> None:
        self._workplace = workplace
        self._ready = ready
        self._waiting: list[tuple[News, asyncio.Future[bool]]] = []
        self._storing: asyncio.Task[None] | None = None

    async def take(self, news: News) -> bool:
        """Store it; what `receiving` says of it."""
        stored: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((news, stored))
        if self._storing is None:
            self._storing = asyncio.create_task(self._store_all())
        return await stored

    async def _store_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                outcomes = await asyncio.to_thread(self._store, [news for news, _ in batch])
                for (_, stored), outcome in zip(batch, outcomes, strict=True):
                    if stored.cancelled():
                        continue
                    if isinstance(outcome, Exception):
                        stored.set_exception(outcome)
                    else:
                        stored.set_result(outcome)
        finally:
            self._storing = None

    def _store(self, batch: list[News]) -> list[bool | Exception]:
        try:
            self._ready()
            with self._workplace.begin() as work:
                return [_store(work, news) for news in batch]
        except Exception as error:
            if len(batch) == 1:
                log.exception("sms_not_stored")
                return [error]
        return [outcome for news in batch for outcome in self._store([news])]


def store(workplace: Workplace, news: News, ready: Ready = always) -> bool:
    """Store one piece of news, in a transaction of its own."""
    ready()
    with workplace.begin() as work:
        return _store(work, news)


def _store(work: UnitOfWork, news: News) -> bool:
    if isinstance(news, Inbound):
        return receiving.receive(work, news)
    return receiving.report(work, news)
