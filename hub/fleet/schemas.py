"""The fleet as programs get it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from contract.messages.envelope import Identifier


class DeviceModel(BaseModel):
    """A terminal; `pending` messages wait on it, `refused` ones it could not keep."""

    device: str
    facility: str
    name: str
    touchpoint: str | None
    online: bool
    last_seen_ms: int | None
    pending: int
    refused: int
    status: str
    software: str


class LedgerModel(BaseModel):
    """What has arrived of one epoch of a terminal's numbering; `missing` are ranges, both ends included."""

    device: str
    facility: str
    epoch: int
    highest: int
    contiguous: int
    missing: list[tuple[int, int]]
    missing_count: int
    dropped_count: int
    received: int
    duplicates: int
    forks: int
    first_seen_ms: int
    last_seen_ms: int


class PointModel(BaseModel):
    """The values of a stretch of time that began at `at_ms`."""

    at_ms: int
    n: int
    mean: float
    least: float
    most: float


class SeriesModel(BaseModel):
    """One measurement of a terminal over time; `part` says which of its checks, where it is one."""

    measurement: str
    part: str
    step_ms: int
    points: list[PointModel]


class HealthModel(BaseModel):
    """The latest outcome of one check of one terminal."""

    device: str
    facility: str
    check: str
    status: str
    value: float | None
    unit: str | None
    detail: str
    reason: str
    at_ms: int
    since_ms: int | None


class TagsModel(BaseModel):
    """All tags of a terminal; letters are made small."""

    tags: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)]


class TaggingModel(BaseModel):
    """One tag that these terminals are given or, with `given` false, lose; none of them if one is not the asker's."""

    model_config = ConfigDict(extra="forbid")

    devices: Annotated[list[Identifier], Field(min_length=1, max_length=1000)]
    tag: Annotated[str, Field(max_length=40)]
    given: bool = True


class TroubleModel(BaseModel):
    """One thing that is wrong with a terminal, since when, and whether somebody must go there."""

    check: str
    severity: str
    reason: str
    since_ms: int
    visit: bool


class StandingModel(BaseModel):
    """How a terminal is: `level` as filters name it, troubles the worst first."""

    device: str
    facility: str
    level: str
    tags: list[str]
    troubles: list[TroubleModel]
