"""Which kind of camera a text names: `/dev/video0`, `picamera2`, an address, a file or a folder."""

from pathlib import Path

from edge.vision.camera.capture import open_device, open_stream
from edge.vision.camera.pi import PiCamera
from edge.vision.camera.port import Feed
from edge.vision.camera.recorded import PictureFolder, VideoFile
from edge.vision.pictures import Size

_STREAMS = ("rtsp://", "rtsps://", "http://", "https://")
_DEVICES = Path("/dev")


def is_live(source: str) -> bool:
    """Whether it is a camera that may come back when it is opened anew, rather than a file."""
    return source == "picamera2" or source.startswith(_STREAMS) or _is_device(source)


def open_feed(
    source: str, folder: Path, size: Size, frames_per_second: float, *, repeat: bool
) -> Feed:
    """The camera; CameraLost says why not. Files are looked for in `folder`, and may be repeated for ever."""
    if source == "picamera2":
        return PiCamera(size, frames_per_second)
    if source.startswith(_STREAMS):
        return open_stream(source)
    if _is_device(source):
        return open_device(Path(source), size, frames_per_second)
    path = folder / source
    if path.is_dir():
        return PictureFolder(path, frames_per_second, repeat=repeat)
    return VideoFile(path, repeat=repeat)


def _is_device(source: str) -> bool:
    return _DEVICES in Path(source).parents
