"""How worn the memory card is that holds everything, and whether its file system has found errors.

A built-in eMMC estimates its own wear (JEDEC: `life_time`, two numbers of tenths, and `pre_eol_info`). A card in a slot
does not; of it the file system knows how much was written in all, which is held against how much the card holds.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edge.fleet.health.finding import Finding, Limits, Status
from edge.fleet.health.readings import read_number, read_text

SECTOR = 512
WORN = "The memory card is worn out: exchange it at the next visit."
WEARING = "The memory card has most of its life behind it: plan to exchange it."
ERRORS = "The memory card's file system has found errors: exchange the card."
_WORST: tuple[Status, ...] = ("ok", "warning", "failure")


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a card; None is not known."""

    used_tenths: int | None = None
    """Of its life, by its own estimate: 1 is up to a tenth, 11 is more than all of it."""
    spare: int | None = None
    """Of its spare blocks: 1 normal, 2 four fifths are used, 3 nine tenths."""
    overwritten: float | None = None
    """How often as much as it holds was written to this file system."""
    errors: int = 0


def check_card(sys: Path, folder: Path, used_percent: Limits, overwritten: Limits) -> list[Finding]:
    """Of the card on which `folder` is; nothing where nothing is known of it."""
    try:
        device = folder.stat().st_dev
    except OSError:
        return []
    partition = (sys / f"dev/block/{os.major(device)}:{os.minor(device)}").resolve()
    return judged(read_card(sys, partition), used_percent, overwritten)


def read_card(sys: Path, partition: Path) -> Card:
    """`partition` is its folder in `/sys`, within that of its disk."""
    disk = partition.parent if (partition / "partition").exists() else partition
    used = [int(tenths, 16) for tenths in (read_text(disk / "device/life_time") or "").split()]
    sectors = read_number(disk / "size")
    written_kb = read_number(sys / "fs/ext4" / partition.name / "lifetime_write_kbytes")
    return Card(
        used_tenths=max(used, default=0) or None,
        spare=read_number(disk / "device/pre_eol_info", 16) or None,
        overwritten=written_kb * 1024 / (sectors * SECTOR) if written_kb and sectors else None,
        errors=read_number(sys / "fs/ext4" / partition.name / "errors_count") or 0,
    )


def judged(card: Card, used_percent: Limits, overwritten: Limits) -> list[Finding]:
    """One finding on its wear, by the best that is known; errors of the file system are worse than wear."""
    statuses: list[Status] = []
    value: float | None = None
    unit = None
    if card.used_tenths is not None:
        value, unit = card.used_tenths * 10, "%"
        statuses.append(used_percent.status(value))
    elif card.overwritten is not None:
        value, unit = round(card.overwritten, 1), "times"
        statuses.append(overwritten.status(value))
    if card.spare is not None:
        statuses.append(_WORST[min(card.spare - 1, 2)])
    if card.errors:
        return [Finding("card", "failure", value, unit, ERRORS, "errors")]
    if not statuses:
        return []
    return [_worn(statuses, value, unit)]


def _worn(statuses: Sequence[Status], value: float | None, unit: str | None) -> Finding:
    status = max(statuses, key=_WORST.index)
    detail, reason = {"ok": ("", ""), "warning": (WEARING, "wearing"), "failure": (WORN, "worn")}[
        status
    ]
    return Finding("card", status, value, unit, detail, reason)
