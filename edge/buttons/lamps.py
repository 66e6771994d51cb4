"""Lamps and the buzzer: what thanks, a refusal and a call for attention look and sound like.

The first step of a signal happens in the caller's thread, before the call returns, because the
patient's thanks may take 50 ms and no more; one thread plays the rest. Each call for thanks begins
with a rising edge of its own, even while the lamp still shines from the one before.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

# Durations in seconds: on, off, on, … A pattern ends dark.
THANKS = (1.0,)
THANKS_SOUND = (0.06,)
REFUSAL = (0.15, 0.15) * 4 + (0.15,)
REFUSAL_SOUND = (0.25, 0.1, 0.25)
ATTENTION_HALF_PERIOD = 0.5


class Light(Protocol):
    """One thing that is on or off: a lamp, or a buzzer that sounds while it is on."""

    def set(self, on: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class Signals:
    """A panel's lamps. Without one for refusals, the thanks lamp blinks instead of shining."""

    thanks: Light | None = None
    refusal: Light | None = None


class PanelLamps:
    """`edge.buttons.port.Lamps` over lights."""

    def __init__(
        self,
        panels: Mapping[str, Signals],
        buzzer: Light | None = None,
        attention: Light | None = None,
    ) -> None:
        self._panels = panels
        self._buzzer = buzzer
        self._attention = attention
        self._player = _Player()

    def start(self) -> None:
        self._player.start()

    def stop(self) -> None:
        """Everything dark."""
        self._player.stop()

    def thank(self, panel: str) -> None:
        signals = self._panels.get(panel, Signals())
        self._player.play(signals.thanks, THANKS)
        self._player.play(self._buzzer, THANKS_SOUND)

    def refuse(self, panel: str) -> None:
        signals = self._panels.get(panel, Signals())
        self._player.play(signals.refusal or signals.thanks, REFUSAL)
        self._player.play(self._buzzer, REFUSAL_SOUND)

    def attention(self, on: bool) -> None:
        if on:
            self._player.play(self._attention, (ATTENTION_HALF_PERIOD,) * 2, forever=True)
        else:
            self._player.play(self._attention, ())


@dataclass(slots=True, eq=False)
class _Playing:
    """A light and the pattern it is in the middle of; `due` is when it changes next."""

    light: Light
    pattern: Sequence[float] = ()
    forever: bool = False
    step: int = 0
    due: float | None = None
    on: bool = False

    def show(self, on: bool) -> None:
        if on != self.on:
            self.on = on
            self.light.set(on)

    def begin(self, pattern: Sequence[float], forever: bool, now: float) -> None:
        self.pattern, self.forever, self.step = pattern, forever, 0
        self.show(False)
        self.due = now + pattern[0] if pattern else None
        self.show(bool(pattern))

    def advance(self, due: float) -> None:
        """The step that was due then is over."""
        self.step += 1
        if self.step == len(self.pattern) and self.forever:
            self.step = 0
        ended = self.step == len(self.pattern)
        self.due = None if ended else due + self.pattern[self.step]
        self.show(not ended and self.step % 2 == 0)


class _Player:
    """Plays patterns; a new one on a light replaces the one before."""

    def __init__(self) -> None:
        self._playing: dict[int, _Playing] = {}
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="lamps", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()
        for playing in self._playing.values():
            playing.show(False)

    def play(self, light: Light | None, pattern: Sequence[float], forever: bool = False) -> None:
        if light is None:
            return
        with self._changed:
            playing = self._playing.setdefault(id(light), _Playing(light))
            playing.begin(pattern, forever, time.monotonic())
            self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while not self._stopping:
                self._changed.wait(self._play_due())

    def _play_due(self) -> float | None:
        """Do what is due and say how long until the next change, in seconds."""
        now = time.monotonic()
        for playing in self._playing.values():
            while playing.due is not None and playing.due <= now:
                playing.advance(playing.due)
        upcoming = [p.due for p in self._playing.values() if p.due is not None]
        return max(0.0, min(upcoming) - now) if upcoming else None
