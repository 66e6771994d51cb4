"""The section `[camera]` of `terminal.toml`."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from contract.messages.envelope import Code


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SmileSettings(_Section):
    """Counting smiles, which is off without this section."""

    service: Literal["before", "after"]
    """Whether the patients who pass this camera are yet to be served, or have been."""


class CameraSettings(_Section):
    """Which camera, what it looks at, and what looking may cost."""

    source: Annotated[str, Field(min_length=1)]
    """`/dev/video0`, `picamera2`, an address (rtsp, http), or a video file or folder of pictures beside this file."""
    repeat: bool = False
    """Whether a file or a folder begins anew at its end."""
    width_px: Annotated[int, Field(ge=64, le=4096)] = 640
    height_px: Annotated[int, Field(ge=64, le=4096)] = 480
    frames_per_second: Annotated[float, Field(ge=1, le=60)] = 10
    """What the camera is asked for; it may give something else."""
    touchpoint: Code | None = None
    zone: Literal["patients", "staff"] = "patients"
    """Who can be before this camera."""
    near: Annotated[float, Field(ge=0.03, le=1)] = 0.10
    """How high a face must be, as a share of the picture, to be in the zone."""
    detector: Literal["yunet", "centerface"] = "yunet"
    look_at: Annotated[str, Field(pattern=r"^\d{2,4}x\d{2,4}$")] = "480x360"
    """The size at which the detector looks."""
    threads: Annotated[int, Field(ge=1, le=16)] = 1
    cpu_percent: Annotated[float, Field(ge=1, le=400)] = 25
    """Of one core, in the mean; pictures are passed over to keep it."""
    models: str | None = None
    """The folder of models, where it is not the usual one."""
    smiles: SmileSettings | None = None
