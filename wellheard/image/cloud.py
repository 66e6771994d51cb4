"""The three files that cloud-init reads at the first boot: who the machine is, its network, and what starts the set-up.

Decides their content only. They are JSON, which is YAML, too: nothing that is typed in can be taken for syntax. Only
keys that Debian 12's cloud-init knows are used.
"""

import json
from typing import Any

from wellheard.image.settings import ImageSettings, WifiSettings

TECHNICIAN = "technician"
SETUP_UNIT = "wellheard-setup.service"
_SYSTEM = "/etc/systemd/system"


def user_data(settings: ImageSettings) -> str:
    """`user-data`; its first line is what cloud-init knows it by."""
    document: dict[str, Any] = {
        "hostname": settings.hostname,
        "manage_etc_hosts": True,
        "locale": settings.locale,
        "timezone": settings.timezone,
        "keyboard": {"layout": settings.keyboard},
        "ssh_pwauth": False,
        "disable_root": True,
        # Without an account of its own the system asks for one on the screen. It has no password.
        "users": [_technician(settings)],
        # The set-up divides the card; grown over all of it, the root would leave no room for data.
        "growpart": {"mode": "off"},
        "resize_rootfs": False,
        "runcmd": [
            ["cp", f"/boot/firmware/wellheard/system{_SYSTEM}/{SETUP_UNIT}", f"{_SYSTEM}/"],
            ["systemctl", "daemon-reload"],
            ["systemctl", "enable", SETUP_UNIT],
            *([["systemctl", "enable", "--now", "ssh"]] if settings.ssh_keys else []),
            ["sync"],
            ["systemctl", "start", "--no-block", SETUP_UNIT],
        ],
    }
    return "#cloud-config\n" + _json(document)


def network_config(settings: ImageSettings) -> str:
    """`network-config`, as netplan reads it: the cable, and Wi-Fi where there is one. Neither holds a boot up."""
    network: dict[str, Any] = {
        "version": 2,
        "renderer": "NetworkManager",
        "ethernets": {"eth0": {"dhcp4": True, "optional": True}},
    }
    if settings.wifi is not None:
        network["wifis"] = {"wlan0": _wifi(settings.wifi)}
    return _json({"network": network})


def meta_data(settings: ImageSettings) -> str:
    """`meta-data`: for cloud-init another device is another machine."""
    return _json(
        {"instance-id": f"wellheard-{settings.device}", "local-hostname": settings.hostname}
    )


def _technician(settings: ImageSettings) -> dict[str, Any]:
    keys = {"ssh_authorized_keys": list(settings.ssh_keys)} if settings.ssh_keys else {}
    return {
        "name": TECHNICIAN,
        "gecos": "Wellheard technician",
        "shell": "/bin/bash",
        "groups": ["adm", "sudo"],
        "lock_passwd": True,
        "sudo": "ALL=(ALL) NOPASSWD:ALL",
        **keys,
    }


def _wifi(wifi: WifiSettings) -> dict[str, Any]:
    return {
        "dhcp4": True,
        "optional": True,
        "regulatory-domain": wifi.country,
        "access-points": {
            wifi.ssid: {"password": wifi.key, **({"hidden": True} if wifi.hidden else {})}
        },
    }


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
