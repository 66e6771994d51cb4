"""Every file of one terminal's card, by its path: what cloud-init reads, and below `wellheard/` what the set-up takes.

Decides which files of `firmware_config/` belong on a terminal and where. All else there is the hub's.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

from wellheard.image import cloud
from wellheard.image.bundle import Bundle
from wellheard.image.settings import ImageSettings

SECRET, PLAIN = 0o600, 0o644
_SYSTEM = "etc/systemd/system"
_MODEL = re.compile(r'(ATTRS?)\{idVendor\}=="1209"')

PLACES = {
    "systemd/wellheard-edge.service": f"{_SYSTEM}/wellheard-edge.service",
    "systemd/wellheard-kiosk.service": f"{_SYSTEM}/wellheard-kiosk.service",
    "systemd/wellheard-setup.service": f"{_SYSTEM}/wellheard-setup.service",
    "systemd/data.mount": f"{_SYSTEM}/data.mount",
    "systemd/var-lib-wellheard.mount": f"{_SYSTEM}/var-lib-wellheard.mount",
    "systemd/var-lib-systemd-timesync.mount": f"{_SYSTEM}/var-lib-systemd-timesync.mount",
    "systemd/wellheard-watchdog.conf": "etc/systemd/system.conf.d/80-wellheard.conf",
    "systemd/wellheard-journal.conf": "etc/systemd/journald.conf.d/80-wellheard.conf",
    "systemd/wellheard-sysusers.conf": "etc/sysusers.d/wellheard.conf",
    "systemd/wellheard-sysctl.conf": "etc/sysctl.d/80-wellheard.conf",
    "udev/71-wellheard-devices.rules": "etc/udev/rules.d/71-wellheard-devices.rules",
    "udev/72-wellheard-sticks.rules": "etc/udev/rules.d/72-wellheard-sticks.rules",
    "polkit/50-wellheard-reboot.rules": "etc/polkit-1/rules.d/50-wellheard-reboot.rules",
    "network/wellheard-wifi.conf": "etc/NetworkManager/conf.d/80-wellheard.conf",
    "image/zram.conf": "etc/rpi/swap.conf.d/80-wellheard.conf",
}
"""Where on the terminal the files come to rest that are the same on each."""
PANEL_RULES = "70-wellheard-panels.rules"
DEBIAN_TIME = tuple(f"{number}.debian.pool.ntp.org" for number in range(4))


@dataclass(frozen=True, slots=True)
class CardFile:
    """What is in it, or the file that holds that; and who may read it before it is on the card."""

    content: bytes | Path
    mode: int = PLAIN

    def read(self) -> bytes:
        return self.content.read_bytes() if isinstance(self.content, Path) else self.content


def card_files(
    settings: ImageSettings, firmware: Path, bundle: Bundle | None = None
) -> dict[str, CardFile]:
    """By path, relative to the card's boot partition; `firmware` is the folder `firmware_config`."""
    rules = (firmware / "udev" / PANEL_RULES).read_text("utf-8")
    files = {
        "user-data": _plain(cloud.user_data(settings)),
        "network-config": CardFile(cloud.network_config(settings).encode(), SECRET),
        "meta-data": _plain(cloud.meta_data(settings)),
        "wellheard/identity/enrolment.toml": CardFile(_enrolment(settings, bundle), SECRET),
        f"wellheard/system/etc/udev/rules.d/{PANEL_RULES}": _plain(panel_rules(rules, settings)),
        "wellheard/system/etc/systemd/timesyncd.conf.d/80-wellheard.conf": _plain(_time(settings)),
    }
    if settings.hub_ca is not None:
        files["wellheard/identity/hub-ca.pem"] = _plain(settings.hub_ca)
    if bundle is not None:
        files["wellheard/identity/root.json"] = CardFile(bundle.root)
        for file in bundle.files():
            name = file.relative_to(bundle.folder).as_posix()
            files[f"wellheard/bundle/{name}"] = CardFile(file)
    for script in ("setup.sh", "partition.sh"):
        files[f"wellheard/{script}"] = CardFile(firmware / "image" / script)
    for source, place in PLACES.items():
        files[f"wellheard/system/{place}"] = CardFile(firmware / source)
    return files


def panel_rules(template: str, settings: ImageSettings) -> str:
    """The template's rules, once for each model of panel."""
    comments = [line for line in template.splitlines() if line.startswith("#")]
    rules = [line for line in template.splitlines() if line and not line.startswith("#")]
    return (
        "\n".join(comments + [_for(model, rule) for model in settings.panels for rule in rules])
        + "\n"
    )


def _for(model: str, rule: str) -> str:
    vendor, _, product = model.partition(":")
    asked = rf'\1{{idVendor}}=="{vendor}"'
    if product:
        asked += rf', \1{{idProduct}}=="{product}"'
    return _MODEL.sub(asked, rule)


def _time(settings: ImageSettings) -> str:
    servers = " ".join((*settings.ntp, *DEBIAN_TIME))
    return (
        "# Several, for one that is wrong or away must not cost a terminal its time.\n"
        f"[Time]\nNTP={servers}\nSaveIntervalSec=60\n"
    )


def _enrolment(settings: ImageSettings, bundle: Bundle | None) -> bytes:
    """As `edge.fleet.enrolment.card` reads it; sections become the terminal's own settings."""
    document: dict[str, Any] = {"device": settings.device, "hub_url": settings.hub}
    if settings.hub_ca is not None:
        document["ca_file"] = "hub-ca.pem"
    if settings.enrolment is not None:
        document["token"] = settings.enrolment.get_secret_value()
    if bundle is not None:
        document["updates"] = {}
    if settings.screen is not None:
        width, _, height = settings.screen.partition("x")
        document["screen"] = {"width_px": int(width), "height_px": int(height)}
    return tomli_w.dumps(document).encode()


def _plain(text: str) -> CardFile:
    return CardFile(text.encode())
