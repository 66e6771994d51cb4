"""What the hub asks of a terminal: one retained document on `job` that names everything that is open.

Decides the shapes alone. A job is asked for until the terminal has reported its end or the hub takes it back; whoever
reads the document judges its jobs one by one, so that one that nobody understands does not stop the others.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from contract.messages.envelope import Code, Label, Natural, Part

MOST_JOBS = 50
DAY_MINUTES = 24 * 60


class Window(Part):
    """When something may be done, by the clocks of `zone`: from minute `starts` of the day until before `ends`.

    `ends` not after `starts` means the next day's. `days` are weekdays, 0 is Monday; a window belongs to the day on
    which it starts.
    """

    zone: Annotated[Label, Field(min_length=1, max_length=64)]
    starts: Annotated[int, Field(ge=0, lt=DAY_MINUTES)]
    ends: Annotated[int, Field(ge=0, lt=DAY_MINUTES)]
    days: Annotated[list[Annotated[int, Field(ge=0, le=6)]], Field(min_length=1, max_length=7)]


class _Job(Part):
    job: Code
    """Its name in the whole fleet; reports carry it back."""
    until_ms: Natural
    """Not begun after this moment (milliseconds since 1970, UTC)."""


class UpdateJob(_Job):
    """Install a release. The document says which; only its signed metadata says what it is and whom it is for."""

    kind: Literal["update"]
    release: Code
    """Its version."""
    channel: Code
    """The delegated role that signed it."""
    windows: Annotated[list[Window], Field(max_length=14)] = []
    """When it may be installed; none means at any time. Fetching is not bound by them."""
    spread_s: Annotated[int, Field(ge=0, le=86_400)] = 0
    """A terminal waits a random part of this before it fetches."""
    bytes_per_s: Annotated[int, Field(ge=1024)] | None = None
    """The most that one terminal may fetch."""


Command = Literal["restart", "reboot", "logs", "diagnostics", "screenshot"]


class CommandJob(_Job):
    """Something done at once, or never."""

    kind: Command


Job = UpdateJob | CommandJob


class OpenJobs(Part):
    """Retained on `job`. `version` counts up; `jobs` are read one by one with `read`."""

    version: Natural
    jobs: Annotated[list[Any], Field(max_length=MOST_JOBS)] = []


_job: TypeAdapter[Job] = TypeAdapter(Annotated[Job, Field(discriminator="kind")])


def read(given: Any) -> Job:
    """One of `OpenJobs.jobs`; raises pydantic's ValidationError, which names the field."""
    return _job.validate_python(given)
