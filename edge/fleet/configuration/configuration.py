"""The configuration that the hub wants: knowledge is taken at once, settings are tried and revert by themselves.

Settings count as a whole or not at all. They are tried by an agent that starts anew with them, when nobody is at the
terminal; they hold once it runs and, where they touch the connection, once the hub itself has answered over it: by the
broker, by HTTP, or both. If that does not happen in time, or the agent does not stay up, the ones before hold again,
and these are not tried again.
"""

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar

import structlog

from contract.codec import DecodeError, read_document
from contract.documents import DesiredConfiguration, ReportedConfiguration, ReportedSettings
from contract.settings import BadSetting, SettingsDocument, Values, checked
from edge.clock import Clock
from edge.fleet.configuration.kept import Failed, Held, Trial, keep, read
from edge.fleet.quiet import QUIET_S
from edge.rota import Rota

log = structlog.get_logger()

SETTLED_S = 10.0
"""So long the agent must run with settings that do not touch the connection."""
MOST_STARTS = 3
LONGEST_REASON = 200

NOT_STAYED_UP = "the agent did not stay up with these settings"
CUT_OFF = "broker: the hub could not be reached with these settings"
NOT_SERVED = "hub.url: no hub that knows this terminal answered by HTTP with these settings"


S = TypeVar("S")


class Laying(Protocol[S]):
    """Knows the terminal's own settings, and how those of the hub are laid over them."""

    trial_s: float
    """For the hub to answer over a connection that was changed."""

    def laid_over(self, values: Values) -> S:
        """The settings to work by; BadSetting names the field that does not fit, OSError is the disk's."""
        ...

    def is_link_touched(self, before: S, after: S) -> bool:
        """Whether the terminal speaks to the broker otherwise than before."""
        ...

    def is_hub_touched(self, before: S, after: S) -> bool:
        """Whether it asks the hub by HTTP otherwise than before."""
        ...


class Configuration(Generic[S]):
    """`settings` are those to work by in this run of the agent. `desired` may be called from any thread."""

    def __init__(self, folder: Path, laying: Laying[S], rota: Rota, clock: Clock) -> None:
        self._path = folder / "settings.json"
        self._laying = laying
        self._rota = rota
        self._clock = clock
        self._lock = threading.RLock()
        self._unreadable = ""
        self._is_answered = self._is_served = False
        self._is_due_anew = self._is_ending = False
        self._started_ns = clock.monotonic_ns()
        self._standing = read(self._path)
        self._held_settings = self._merged(self._standing.held.values) or laying.laid_over({})
        self.settings = self._begin()

    def desired(self, payload: bytes) -> None:
        """One has arrived, perhaps one that cannot be read: then all goes on as it was."""
        try:
            document = read_document(DesiredConfiguration, payload)
        except DecodeError as error:
            log.warning("configuration_refused", kind=error.kind)
            self._unreadable = str(error)[:LONGEST_REASON]
            return
        self._unreadable = ""
        self._rota.take(document)
        if document.settings is not None:
            with self._lock:
                self._take(document.settings)

    def reported(self) -> ReportedConfiguration:
        """What the terminal works by now."""
        with self._lock:
            standing = self._standing
            tried = ReportedSettings(version=standing.held.version)
            if standing.trial is not None:
                tried = tried.model_copy(
                    update={"tried": standing.trial.version, "outcome": "trial"}
                )
            elif standing.failed is not None:
                tried = tried.model_copy(
                    update={
                        "tried": standing.failed.version,
                        "outcome": standing.failed.outcome,
                        "reason": standing.failed.reason,
                    }
                )
            return ReportedConfiguration(
                version=self._rota.version, refused=self._unreadable, settings=tried
            )

    def hub_answered(self) -> None:
        """The hub itself has answered over the connection of this run."""
        self._is_answered = True

    @property
    def is_hub_on_trial(self) -> bool:
        """Whether it is to be found out if the hub serves this run by HTTP."""
        return self._standing.trial is not None and self._laying.is_hub_touched(
            self._held_settings, self.settings
        )

    def hub_served(self) -> None:
        """The hub knows this run by HTTP, too."""
        self._is_served = True

    def tick(
        self, quiet_s: Callable[[], float], anew: Callable[[], None], *, may_try: bool = True
    ) -> None:
        """Called by the agent's own loop, once a second at least, which proves that it runs.

        `may_try` says that nothing else is being tried that a trial of settings would disturb.
        """
        with self._lock, contextlib.suppress(OSError):  # the disk is full: looked at again
            if self._standing.trial is not None and not self._is_due_anew:
                self._judge_trial(self._standing.trial)
            waits = self._standing.trial is not None and not may_try
            if self._is_due_anew and not (self._is_ending or waits) and quiet_s() >= QUIET_S:
                self._is_ending = True
                anew()

    def _begin(self) -> S:
        """The settings of this run; a trial that was begun too often is over."""
        trial = self._standing.trial
        if trial is None:
            return self._held_settings
        tried = self._merged(trial.values)
        if tried is None or trial.starts >= MOST_STARTS:
            self._fail(trial.version, "reverted", NOT_STAYED_UP)
            return self._held_settings
        try:
            self._keep(trial=trial.model_copy(update={"starts": trial.starts + 1}))
        except OSError:
            return self._held_settings  # what cannot be counted would never end
        return tried

    def _take(self, document: SettingsDocument) -> None:
        standing = self._standing
        known = (standing.held, standing.trial, standing.failed)
        if document.version in {one.version for one in known if one is not None}:
            return
        try:
            values = checked(document.values)
            self._laying.laid_over(values)
            if values == standing.held.values and standing.trial is None:
                self._keep(held=Held(version=document.version, values=values), failed=None)
            else:
                self._keep(trial=Trial(version=document.version, values=values), failed=None)
                self._is_due_anew = True
                log.info("settings_tried", version=document.version)
        except BadSetting as error:
            log.warning("settings_refused", version=document.version, field=error.field)
            self._fail(document.version, "refused", str(error))
        except OSError as error:  # asked again with the next connection
            log.error("settings_not_kept", reason=str(error))

    def _judge_trial(self, trial: Trial) -> None:
        seconds = (self._clock.monotonic_ns() - self._started_ns) / 1e9
        before, after = self._held_settings, self.settings
        link = self._laying.is_link_touched(before, after)
        hub = self._laying.is_hub_touched(before, after)
        lacking = ""
        if link and not self._is_answered:
            lacking = CUT_OFF
        elif hub and not self._is_served:
            lacking = NOT_SERVED
        if not lacking and (link or hub or seconds >= SETTLED_S):
            self._keep(held=Held(version=trial.version, values=trial.values), trial=None)
            self._held_settings = self.settings
            log.info("settings_hold", version=trial.version)
        elif lacking and seconds >= self._laying.trial_s:
            self._fail(trial.version, "reverted", lacking)
            self._is_due_anew = True

    def _fail(self, version: int, outcome: Literal["refused", "reverted"], reason: str) -> None:
        """These are not tried again, in this run even if the disk does not take it."""
        failed = Failed(version=version, outcome=outcome, reason=reason[:LONGEST_REASON])
        self._standing = self._standing.model_copy(update={"trial": None, "failed": failed})
        log.warning("settings_failed", version=version, outcome=outcome)
        with contextlib.suppress(OSError):
            keep(self._path, self._standing)

    def _keep(self, **changes: Held | Trial | Failed | None) -> None:
        standing = self._standing.model_copy(update=changes)
        keep(self._path, standing)
        self._standing = standing

    def _merged(self, values: dict[str, Any]) -> S | None:
        """None when they do not fit, as those of a newer agent may not."""
        try:
            return self._laying.laid_over(checked(values))
        except (BadSetting, OSError) as error:
            log.error("settings_unusable", reason=str(error))
            return None
