"""The kernel's clocks, as a message carries them."""

import ctypes
import time
from pathlib import Path

from edge.clock import TIME_ERROR, SystemClock


def test_both_clocks_are_the_kernels() -> None:
    clock = SystemClock()
    before = (time.time_ns() // 1_000_000, time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000)
    stamp = clock.stamp()
    after = (time.time_ns() // 1_000_000, time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000)
    assert before[0] <= stamp.wall_ms <= after[0]
    assert before[1] <= stamp.uptime_ms <= after[1]
    assert stamp.boot_id == Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def test_a_moment_that_has_passed_is_as_long_ago_on_both() -> None:
    clock = SystemClock()
    now, then = clock.stamp(), clock.stamp(clock.monotonic_ns() - 5_000_000_000)
    assert 4_000 < now.wall_ms - then.wall_ms <= 5_001
    assert 4_000 < now.uptime_ms - then.uptime_ms <= 5_001


def test_a_moment_before_the_boot_or_to_come_is_not_made_up() -> None:
    clock = SystemClock()
    assert clock.stamp(-(10**20)).uptime_ms == 0
    assert clock.stamp(clock.monotonic_ns() + 10**12).uptime_ms <= clock.stamp().uptime_ms


def test_the_boot_is_named_by_its_file(tmp_path: Path) -> None:
    boot = "12345678-1234-4234-8234-123456789abc"
    file = tmp_path / "boot_id"
    file.write_text(f"{boot}\n")
    assert SystemClock(file).stamp().boot_id == boot


def test_synchronised_is_what_the_kernel_says() -> None:
    """Asked in another way: `ntp_gettime` tells the same state as `adjtimex`."""
    state = ctypes.CDLL(None).ntp_gettime(ctypes.create_string_buffer(512))
    assert SystemClock().stamp().synchronised == (0 <= state < TIME_ERROR)
