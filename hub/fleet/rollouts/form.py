"""The form by which a rollout is begun: one line of per cents and one set of terms in, groups out.

Programs may give each group terms of its own; people choose the same for all.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from hub.core.texts import gettext as _
from hub.fleet.rollouts.schemas import GroupTerms, NewRollout

_NUMBERS = ("success_percent", "error_percent", "least", "soak_minutes", "silence_minutes")


class RolloutForm(BaseModel):
    """Everything as it was typed; `release` is channel and version, apart by a slash."""

    model_config = ConfigDict(extra="ignore")

    release: str = ""
    note: str = ""
    facilities: list[str] = []
    tags: list[str] = []
    canaries: list[str] = []
    steps: str = "10, 30, 60"
    success_percent: str = "90"
    error_percent: str = "20"
    least: str = "5"
    soak_minutes: str = "60"
    silence_minutes: str = "1440"
    needs_approval: bool = False
    spread_minutes: str = "10"
    kilobytes_per_s: str = ""


class BadForm(Exception):
    """Some fields cannot be right; `problems` are sentences by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("a form with mistakes")
        self.problems = problems


def read_form(form: RolloutForm, chosen: Sequence[str]) -> NewRollout:
    """What is asked for, for the `chosen` terminals, which were shown; BadForm says what is wrong."""
    problems: dict[str, str] = {}
    if not chosen:
        problems["facilities"] = _("Choose facilities, or tags, that have terminals.")
    channel, _slash, version = form.release.partition("/")
    if not version:
        problems["release"] = _("Choose a release.")
    percents = [int(part) for part in re.findall(r"\d{1,3}", form.steps)]
    if sum(percents) != 100 or 0 in percents:
        problems["steps"] = _("Per cents that add up to 100, such as 10, 30, 60.")
    numbers = {name: _number(getattr(form, name), name, problems) for name in _NUMBERS}
    spread = _number(form.spread_minutes, "spread_minutes", problems)
    cap = _number(form.kilobytes_per_s or "0", "kilobytes_per_s", problems)
    if problems:
        raise BadForm(problems)
    canaries = [device for device in form.canaries if device in chosen]
    try:
        return NewRollout(
            release=version,
            channel=channel,
            devices=list(chosen),
            canaries=canaries,
            groups=_groups(form, numbers, percents, with_canaries=bool(canaries)),
            spread_minutes=spread,
            bytes_per_s=cap * 1000 or None,
            note=form.note,
        )
    except ValidationError as error:
        raise BadForm(
            {str(e["loc"][-1]) if e["loc"] else "": e["msg"] for e in error.errors()}
        ) from error


def _groups(
    form: RolloutForm, numbers: Mapping[str, int], percents: Sequence[int], *, with_canaries: bool
) -> list[GroupTerms]:
    shares: list[int | None] = [None] if with_canaries else []
    return [
        GroupTerms(
            percent=share, needs_approval=form.needs_approval and number > 0, **_terms(numbers)
        )
        for number, share in enumerate([*shares, *percents])
    ]


def _terms(numbers: Mapping[str, int]) -> dict[str, Any]:
    return dict(numbers)


def _number(text: str, name: str, problems: dict[str, str]) -> int:
    if text.strip().isdecimal() and len(text) < 8:
        return int(text)
    problems[name] = _("A whole number.")
    return 0
