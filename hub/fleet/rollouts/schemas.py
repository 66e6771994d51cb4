"""Rollouts as programs ask for them and get them."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contract.messages.envelope import Code, Identifier

WEEK_MINUTES = 7 * 24 * 60
Percent = Annotated[int, Field(ge=0, le=100)]


class GroupTerms(BaseModel):
    """Under which terms a group succeeds or stops everything."""

    model_config = ConfigDict(extra="forbid")

    percent: Annotated[int, Field(ge=1, le=100)] | None = None
    """Of the terminals that are no canaries; None for the canaries' own group."""
    success_percent: Percent = 90
    """Of the group, that must confirm before the next may begin."""
    error_percent: Annotated[int, Field(ge=1, le=100)] = 20
    """Of those that have ended: reached is enough to pause."""
    least: Annotated[int, Field(ge=1, le=10_000)] = 5
    """So many must have ended before `error_percent` counts."""
    soak_minutes: Annotated[int, Field(ge=0, le=WEEK_MINUTES)] = 60
    silence_minutes: Annotated[int, Field(ge=1, le=4 * WEEK_MINUTES)] = 24 * 60
    """Without a word for so long, a terminal has failed."""
    needs_approval: bool = False


class NewRollout(BaseModel):
    """A release for some terminals; canaries are among them and go first."""

    model_config = ConfigDict(extra="forbid")

    release: Code
    channel: Code
    devices: Annotated[list[Identifier], Field(max_length=10_000)] = []
    """By name; or none, and those that `facilities` and `tags` mean when it begins."""
    facilities: Annotated[list[Identifier], Field(max_length=1000)] = []
    """Any of these; empty where tags are named: all."""
    tags: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=100)] = []
    """With any of these; empty where facilities are named: with and without."""
    canaries: Annotated[list[Identifier], Field(max_length=1000)] = []
    groups: Annotated[list[GroupTerms], Field(min_length=1, max_length=20)]
    spread_minutes: Annotated[int, Field(ge=0, le=24 * 60)] = 10
    bytes_per_s: Annotated[int, Field(ge=1024)] | None = None
    note: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if bool(self.devices) == bool(self.facilities or self.tags):
            raise ValueError("devices: either these, or facilities and tags")
        if self.devices and not set(self.canaries) <= set(self.devices):
            raise ValueError("canaries: not all of them are among the devices")
        named, others = [], self.groups
        if self.canaries:
            named, others = self.groups[:1], self.groups[1:]
        if any(group.percent is not None for group in named):
            raise ValueError("groups: the first is the canaries', without a percent")
        if any(group.percent is None for group in others):
            raise ValueError("groups: each but the canaries' has a percent")
        rest = not self.devices or len(set(self.devices)) > len(set(self.canaries))
        if rest and sum(group.percent or 0 for group in others) != 100:
            raise ValueError("groups: their percents must add up to 100")
        return self


class GroupModel(BaseModel):
    """A group; `standings` counts its terminals."""

    number: int
    percent: int | None
    success_percent: int
    error_percent: int
    least: int
    soak_minutes: int
    silence_minutes: int
    needs_approval: bool
    approved_ms: int | None
    approved_by: str | None
    begun_ms: int | None
    reached_ms: int | None
    returned_ms: int | None
    size: int
    standings: dict[str, int]


class RolloutModel(BaseModel):
    """A rollout, without its terminals."""

    id: str
    release: str
    channel: str
    lock_sha256: str
    note: str
    state: str
    reason: str
    reason_group: int
    created_ms: int
    created_by: str
    ended_ms: int | None
    groups: list[GroupModel]


class DevicePartModel(BaseModel):
    """A terminal's part in a rollout."""

    device: str
    facility: str
    group: int
    before: str
    asked_ms: int | None
    standing: str
    reason: str
    detail: str
    confirmed_ms: int | None
    changed_ms: int | None
    back_standing: str
    back_reason: str


class Reference(BaseModel):
    """The name of what was made."""

    id: str


class DayWindow(BaseModel):
    """From minute `starts` of the day until before `ends`, by the facility's clocks; see `contract.jobs.Window`."""

    model_config = ConfigDict(extra="forbid")

    starts: Annotated[int, Field(ge=0, lt=24 * 60)]
    ends: Annotated[int, Field(ge=0, lt=24 * 60)]
    days: Annotated[list[Annotated[int, Field(ge=0, le=6)]], Field(min_length=1, max_length=7)]


MOST_WINDOWS = 14


class MaintenanceModel(BaseModel):
    """When a facility lets its terminals be updated; without windows, at any time."""

    model_config = ConfigDict(extra="forbid")

    windows: Annotated[list[DayWindow], Field(max_length=MOST_WINDOWS)] = []
