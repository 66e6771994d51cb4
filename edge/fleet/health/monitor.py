"""When checks run and what is reported: every change at once, everything every five minutes."""

from collections.abc import Callable, Iterable

import structlog

from contract.messages import HealthReported
from edge.clock import Clock
from edge.fleet.health.finding import Finding
from edge.outbox import Draft
from edge.sayable import sayable

log = structlog.get_logger()

Check = Callable[[], list[Finding]]
LOOK_EVERY_MS = 10_000
REPORT_EVERY_MS = 300_000


class HealthMonitor:
    """Runs the checks when they are due and turns findings into messages."""

    def __init__(self, checks: list[Check], clock: Clock) -> None:
        self._checks = checks
        self._clock = clock
        self._look_at_ms = 0
        self._last: dict[str, tuple[str, str, str]] = {}
        self._reported_ms: dict[str, int] = {}
        self._latest: tuple[Finding, ...] = ()

    def due(self) -> list[Draft]:
        """The messages to send now; empty most of the time, and cheap then."""
        now_ms = self._clock.monotonic_ns() // 1_000_000
        if now_ms < self._look_at_ms:
            return []
        self._look_at_ms = now_ms + LOOK_EVERY_MS
        findings = [finding for check in self._checks for finding in _looked(check)]
        self._latest = tuple(findings)
        return [self._draft(finding) for finding in findings if self._is_news(finding, now_ms)]

    def latest(self) -> tuple[Finding, ...]:
        """What the last look found; may be asked from any thread."""
        return self._latest

    def _is_news(self, finding: Finding, now_ms: int) -> bool:
        said = (finding.status, finding.detail, finding.reason)
        last_ms = self._reported_ms.get(finding.check)
        if (
            self._last.get(finding.check) == said
            and last_ms is not None
            and now_ms - last_ms < REPORT_EVERY_MS
        ):
            return False
        self._last[finding.check] = said
        self._reported_ms[finding.check] = now_ms
        return True

    def _draft(self, finding: Finding) -> Draft:
        fields = {
            "check": finding.check,
            "status": finding.status,
            "value": finding.value,
            "unit": finding.unit,
            "detail": sayable(finding.detail),
            "reason": finding.reason or None,
        }
        return Draft(HealthReported, self._clock.stamp(), fields)


def _looked(check: Check) -> Iterable[Finding]:
    """A check that cannot be made is a finding, and no reason to hear presses no more."""
    try:
        return list(check())
    except Exception as error:
        log.exception("check_failed")
        detail = f"A check of the terminal ended with {type(error).__name__}; the log says where."
        return [Finding("health", "failure", detail=detail, reason="error")]
