"""A rendered folder onto the boot partition of a card that was flashed just now.

Decides what is taken for such a card, and which two words of its start-up line go: they would grow the root partition
over the room that the data needs.
"""

import shutil
from pathlib import Path

from wellheard.image.folder import LIST, read_list
from wellheard.image.settings import ImageRefused

GROWING = {"resize", "init=/usr/lib/raspberrypi-sys-mods/firstboot"}
"""What makes trixie and bookworm grow the root partition at the first boot."""
SETUP_BY_HAND = "sudo sh /boot/firmware/wellheard/setup.sh"


def install_on_card(rendered: Path, boot: Path) -> str:
    """Copy, and say what happens next; ImageRefused: this is no freshly flashed card, or another terminal's."""
    listed = read_list(rendered)
    if listed is None:
        raise ImageRefused(f"folder: {rendered} is not what `wellheard image render` wrote")
    present = read_list(boot)
    if present is not None and present.device != listed.device:
        raise ImageRefused(f"card: {boot} holds the files of {present.device}; flash it anew")
    if not all((boot / name).is_file() for name in ("cmdline.txt", "config.txt")):
        raise ImageRefused(f"card: {boot} is not the boot partition of Raspberry Pi OS")
    has_cloud_init = (boot / "user-data").is_file()
    try:
        for name in (*listed.files, LIST):
            (boot / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(rendered / name, boot / name)
        line = (boot / "cmdline.txt").read_text("utf-8")
        (boot / "cmdline.txt").write_text(without_growing(line), "utf-8")
    except OSError as error:
        raise ImageRefused(f"card: {error.filename or boot}: {error.strerror}") from error
    if has_cloud_init:
        return f"{listed.device} is on the card. Put it into the Pi: it sets itself up and starts anew."
    return f"{listed.device} is on the card. It has no cloud-init: log in and run {SETUP_BY_HAND}"


def without_growing(line: str) -> str:
    """The start-up line of the kernel without what grows the root partition."""
    return " ".join(word for word in line.split() if word not in GROWING) + "\n"
