"""The section `[updates]` of `terminal.toml`; without it a terminal is not updated from here."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from contract.messages.envelope import Code

WebAddress = Annotated[str, Field(pattern=r"^https?://[^\s]+$")]


class UpdatesSettings(BaseModel):
    """Where belief begins, who is asked beside the hub, and how patient a trial is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    root: Path = Path("root.json")
    """The root that is believed from the beginning; below the terminal's folder unless it is absolute."""
    hardware: tuple[Code, ...] = ()
    """What this terminal is for releases, where the machine does not say it itself."""
    peers: Annotated[tuple[WebAddress, ...], Field(max_length=16)] = ()
    """Terminals of the site that are asked for wheels before the hub, such as `http://192.0.2.7:8470`."""
    share_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    """Where other terminals of the site may fetch our wheels; none: nowhere."""
    sticks: tuple[Path, ...] = (Path("/media"), Path("/run/media"))
    """Below these, sticks with a folder `wellheard` are looked for."""
    look_every_s: Annotated[float, Field(gt=0)] = 6 * 3600
    """How often the signed metadata are read without being asked to."""
    pause_s: Annotated[float, Field(ge=0.1, le=3600)] = 5
    """Between two looks: for sticks while nothing is to be done, for room where an end could not be written."""
    quiet_s: Annotated[float, Field(ge=1)] = 30
    """How long nobody must have touched or pressed anything before it is installed, and before it is started."""
    settle_s: Annotated[float, Field(gt=0)] = 60
    limit_s: Annotated[float, Field(gt=0)] = 600
    """A new version stays after `settle_s` at the earliest, and is decided on after `limit_s` at the latest."""
    farewell_s: Annotated[float, Field(ge=0, le=3600)] = 60
    """How long a version that has failed waits for whoever is there before it goes."""
    again_s: Annotated[float, Field(ge=1, le=3600)] = 60
    """A switch that did not come about, for want of room to count it, is tried again no sooner."""
    reserve_mb: Annotated[int, Field(ge=0)] = 64
    """Room that an update must leave for answers."""
