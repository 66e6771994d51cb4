"""Which broker the `broker` setting means: auto, mosquitto, iotcore, or the URL of one that runs already."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from hub.core.broker.external import ExternalBroker
from hub.core.broker.interface import Broker, BrokerAddress, BrokerSettingError
from hub.core.broker.iotcore import IotcoreBroker
from hub.core.broker.mosquitto import MosquittoBroker

SYSTEM_PROGRAMS = "/usr/local/sbin:/usr/sbin"
"""Where Debian puts mosquitto, and where an ordinary user's PATH does not look."""

NO_MOSQUITTO = (
    "broker is set to 'mosquitto', but no such program was found. "
    "Install it (Debian: apt install mosquitto) or set broker to 'auto'."
)
NO_IOTCORE = (
    "broker is set to 'iotcore', but that package is not installed. "
    "Install it (pip install 'wellheard[hub]') or set broker to 'mosquitto'."
)
NEITHER = (
    "no MQTT broker was found on this machine. Install mosquitto (Debian: apt install mosquitto), "
    "or set broker to the URL of one that runs already (mqtt://user:password@host:port)."
)


NO_TLS = (
    "terminals are to come in by TLS, which iotcore has not. "
    "Install mosquitto (Debian: apt install mosquitto) or unset broker_tls."
)


def open_broker(
    setting: str,
    folder: Path,
    port: int | None,
    *,
    programs: str | None = None,
    tls: BrokerAddress | None = None,
    files: Path | None = None,
) -> Broker:
    """The broker that `setting` names, not yet started.

    `folder` is the broker's own (its files, mode 0700); `port` is where a child of ours listens, None or 0
    for any free one, and `tls` where it lets terminals in; `files` is where a broker of somebody else's finds
    what it knows terminals by; `programs` is where to look for mosquitto, like PATH. Raises BrokerSettingError.
    """
    if "://" in setting:
        return ExternalBroker(setting, files)
    kind = setting.strip().lower()
    if kind not in {"auto", "mosquitto", "iotcore"}:
        raise BrokerSettingError(
            f"broker: {setting!r} is none of auto, mosquitto, iotcore, mqtt://…, mqtts://…"
        )
    program = _find_mosquitto(programs)
    if kind != "iotcore" and program is not None:
        return MosquittoBroker(program, folder, port, tls)
    if kind == "mosquitto":
        raise BrokerSettingError(NO_MOSQUITTO)
    if find_spec("iotcore") is None:
        raise BrokerSettingError(NO_IOTCORE if kind == "iotcore" else NEITHER)
    if tls is not None:
        raise BrokerSettingError(NO_TLS)
    return IotcoreBroker(folder, port)


def _find_mosquitto(programs: str | None) -> Path | None:
    if programs is None:
        programs = os.pathsep.join((os.environ.get("PATH", os.defpath), SYSTEM_PROGRAMS))
    found = shutil.which("mosquitto", path=programs)
    return Path(found) if found else None
