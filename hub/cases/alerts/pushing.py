"""Web push to the telephones of those on duty (RFC 8030, 8291 and 8292, by pywebpush).

A subscription belongs to one browser of one account, and is forgotten when its push service says that it is gone. The
push service sees neither where the alert is nor that it is one: what is pushed is encrypted for the browser.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard
from urllib.parse import urlsplit

import structlog
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid, b64urlencode
from sqlmodel import col, delete, select

from hub.cases.alerts.still_here import SHOWN_MS, AlertRaised
from hub.cases.alerts.tables import DutyAlert, DutySubscription
from hub.cases.casework import workers
from hub.core.clock import Clock
from hub.core.errors import BadInput
from hub.core.jobs import queue
from hub.core.jobs.queue import Job
from hub.core.jobs.ticker import Duty
from hub.core.jobs.worker import Manner, Worker
from hub.core.languages import Languages
from hub.core.permissions import Permission
from hub.core.private_files import make_file, write_once
from hub.core.scope import Scope, needs, require
from hub.core.texts import gettext as _
from hub.core.texts import speaking, spoken
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.fleet.events import TerminalsNeedSomebody
from hub.fleet.health.notifying import subject
from hub.identity import service as identity
from hub.identity.colleagues import account_of, language_of

log = structlog.get_logger()

PUSH = "duty-push"
LOOK_EVERY_S = 0.5
TTL_S = 600
WITHIN_S = 4.0
GONE = frozenset({404, 410})
MOST_BROWSERS = 10
KEYS = ("p256dh", "auth")
SECRET_OCTETS = 16

Send = Callable[[dict[str, Any], str], int]
"""(subscription, text) -> the push service's status; raises OSError to be called again."""


@dataclass(frozen=True, slots=True)
class PushKeys:
    """The hub's own keys (VAPID), made at the first start."""

    path: Path
    contact: str

    def __post_init__(self) -> None:
        if not self.path.exists():
            fresh = Vapid()
            fresh.generate_keys()
            write_once(self.path, fresh.private_pem())
        make_file(self.path)

    def public(self) -> str:
        """What a browser subscribes with."""
        point = Vapid.from_file(str(self.path)).public_key.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return str(b64urlencode(point))

    def send(self, subscription: dict[str, Any], text: str) -> int:
        """Hand one message to a push service."""
        # loaded when somebody is pushed to: it brings a client of its own, and most hubs start more often than that
        from pywebpush import WebPushException, webpush  # noqa: PLC0415

        try:
            answer = webpush(
                subscription,
                text,
                vapid_private_key=Vapid.from_file(str(self.path)),
                vapid_claims={"sub": self.contact},
                ttl=TTL_S,
                headers={"Urgency": "high"},
                timeout=WITHIN_S,
            )
        except WebPushException as error:
            if error.response is None:
                raise OSError("no answer from the push service") from error
            return int(error.response.status_code)
        return int(answer.status_code)


@dataclass(frozen=True, slots=True, repr=False)
class _Browser:
    """What wakes it, and what its owner reads: their own choice, else the page's on which they asked for it."""

    subscription: dict[str, Any]
    language: str | None


class Pusher:
    """Pushes the alerts that have been raised, to one browser after the other."""

    def __init__(
        self, workplace: Workplace, clock: Clock, languages: Languages, send: Send
    ) -> None:
        self._workplace = workplace
        self._clock = clock
        self._languages = languages
        self._send = send
        manner = Manner(attempts=4, pause_ms=1_000, longest_pause_ms=10_000)
        self._worker = Worker(workplace, clock, PUSH, self._push, manner)

    def duties(self) -> list[Duty]:
        """For the ticker."""
        return [Duty(PUSH, LOOK_EVERY_S, self._worker.step)]

    def step(self) -> bool:
        """Wake one browser; whether there may be more."""
        return self._worker.step()

    def _push(self, jobs: list[Job]) -> None:
        for job in jobs:
            with self._workplace.read() as work:
                scope = Scope(job.payload["organisation"], frozenset({job.payload["facility"]}))
                own = job.payload.get("at", job.payload["facility"])
                subscribed = Scope(job.payload["organisation"], frozenset({own}))
                browser = _opened(work, subscribed, job.payload["browser"])
                with speaking(self._languages.first_known(browser.language if browser else None)):
                    text = _text(work, scope, job.payload)
            late = self._clock.now_ms() - job.due_ms > SHOWN_MS
            if text is None or browser is None or late:
                continue
            if self._send(browser.subscription, text) in GONE:
                with self._workplace.begin() as work:
                    _forget(work, subscribed, [job.payload["browser"]])


def put_pushes(work: UnitOfWork, event: AlertRaised) -> None:
    """`within` listener: each browser by itself, so that none waits for another's push service."""
    place = {"organisation": event.organisation, "facility": event.facility}
    scope = Scope(event.organisation, frozenset({event.facility}))
    people = workers.workers(work, scope, event.facility)
    present = workers.present(work, scope, event.facility, people)
    on_duty = {present.get(w.account, w).account for w in people if w.on_duty}
    known = select(DutySubscription).where(
        scope.rows(DutySubscription), col(DutySubscription.account).in_(on_duty)
    )
    for browser in work.session.exec(known):
        queue.put(work, PUSH, {**place, "alert": event.alert, "browser": browser.endpoint})


def put_terminal_pushes(work: UnitOfWork, event: TerminalsNeedSomebody) -> None:
    """`within` listener: the browsers of those who want to hear of terminals."""
    place = {"organisation": event.organisation, "facility": event.facility}
    known = select(DutySubscription).where(
        DutySubscription.organisation == event.organisation,
        col(DutySubscription.account).in_(event.accounts),
    )
    for browser in work.session.exec(known):
        told = {**place, "terminals": event.count, "browser": browser.endpoint}
        queue.put(work, PUSH, told | {"at": browser.facility})


@needs(Permission.SEE_PLACES)
def subscribe(work: UnitOfWork, scope: Scope, facility: str, subscription: dict[str, Any]) -> None:
    """Wake this browser from now on; BadInput for what is no subscription of a push service.

    For whoever handles cases or manages terminals: nobody else is woken for anything.
    """
    if not scope.may(Permission.HANDLE_CASES):
        require(scope, Permission.MANAGE_DEVICES)
    account = account_of(scope)
    keys = subscription.get("keys")
    endpoint = str(subscription.get("endpoint", ""))
    address = urlsplit(endpoint)
    right = address.scheme == "https" and scope.covers(scope.organisation, facility)
    if account is None or not right or not address.hostname or not _are_keys(keys):
        raise BadInput("endpoint", _("This is no subscription to a push service."))
    browser = work.vault.fingerprint(endpoint)
    mine = select(DutySubscription).where(
        scope.rows(DutySubscription),
        DutySubscription.account == account,
        DutySubscription.endpoint != browser,
    )
    if len(work.session.exec(mine).all()) >= MOST_BROWSERS:
        raise BadInput("endpoint", _("Ten browsers are woken for you already."))
    kept = {
        "endpoint": endpoint,
        "keys": {n: str(keys.get(n, "")) for n in KEYS},
        "language": spoken().code,
    }
    work.session.merge(
        DutySubscription(
            organisation=scope.organisation,
            endpoint=browser,
            facility=facility,
            account=account,
            sealed=work.vault.seal(json.dumps(kept).encode()),
            at_ms=work.now_ms,
        )
    )
    work.audit.record(scope, "push.subscribed", f"account/{account}", facility=facility)


@needs(Permission.SEE_PLACES)
def unsubscribe(work: UnitOfWork, scope: Scope, endpoint: str) -> None:
    """Wake this browser no more."""
    _forget(work, scope, [work.vault.fingerprint(endpoint)])


def _text(work: UnitOfWork, scope: Scope, payload: dict[str, Any]) -> str | None:
    if "terminals" not in payload:
        return _message(work, scope, payload["alert"])
    where = "".join(place.name for place in identity.facilities(work, scope))
    said = {"title": subject(payload["terminals"]), "body": where}
    return json.dumps(said | {"url": "/fleet/alerts"}, ensure_ascii=False)


def _message(work: UnitOfWork, scope: Scope, number: int) -> str | None:
    row = work.session.exec(
        select(DutyAlert).where(scope.rows(DutyAlert), DutyAlert.id == number)
    ).first()
    if row is None or row.seen_ms is not None:
        return None
    names = {place.id: place.name for place in identity.touchpoints(work, scope)}
    where = names.get(row.touchpoint or "", "")
    title = _("An unhappy patient is still here")
    return json.dumps({"title": title, "body": where, "url": "/cases/alerts"}, ensure_ascii=False)


def _opened(work: UnitOfWork, scope: Scope, browser: str) -> _Browser | None:
    known = select(DutySubscription).where(
        scope.rows(DutySubscription), DutySubscription.endpoint == browser
    )
    row = work.session.exec(known).first()
    if row is None:
        return None
    subscription = json.loads(work.vault.open(row.sealed))
    subscribed_in = subscription.pop("language", None)
    return _Browser(subscription, language_of(work, scope, row.account) or subscribed_in)


def _are_keys(keys: object) -> TypeGuard[dict[str, Any]]:
    """A point of the curve P-256 and sixteen secret octets (RFC 8291): only for these can anything be encrypted."""
    if not isinstance(keys, dict):
        return False
    try:
        point, secret = (_octets(str(keys.get(name, ""))) for name in KEYS)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return len(secret) == SECRET_OCTETS


def _octets(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _forget(work: UnitOfWork, scope: Scope, marks: list[str]) -> None:
    work.session.exec(
        delete(DutySubscription).where(
            scope.rows(DutySubscription), col(DutySubscription.endpoint).in_(marks)
        )
    )
