"""A network of one terminal whose only way out loses packets and takes its time.

A network namespace with one link, whose packets this process carries between its two ends. Where the kernel has
`tc netem` that one spoils the link; elsewhere packets are dropped and held back here, by the same figures. Real IP goes
over it, so the kernel's own TCP repeats what is lost.
"""

import fcntl
import heapq
import os
import select
import struct
import subprocess
import threading
import time
from contextlib import suppress
from ipaddress import IPv4Address
from pathlib import Path
from random import Random
from typing import Self

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
LARGEST_PACKET = 65536
CARRIERS = IPv4Address("100.64.0.0")
"""Addresses that no house uses (RFC 6598); each process takes two of them."""


def not_permitted() -> str | None:
    """Why there can be no such network on this machine; None where there can."""
    if os.geteuid() != 0:
        return "only root may make network namespaces and links"
    if not Path("/dev/net/tun").exists():
        return "this kernel has no TUN devices"
    probe = f"wh-probe-{os.getpid()}"
    try:
        for tried in (("netns", "add", probe), ("-n", probe, "link", "set", "lo", "up")):
            done = subprocess.run(["ip", *tried], capture_output=True, text=True, check=False)
            if done.returncode:
                return f"no network namespaces: {done.stderr.strip()}"
    finally:
        subprocess.run(["ip", "netns", "del", probe], capture_output=True, check=False)
    return None


class BadLink:
    """`loss` is the share of packets that are lost each way, `delay_s` what each way takes."""

    def __init__(self, loss: float, delay_s: float, seed: int = 1) -> None:
        self.namespace = f"wh-terminal-{os.getpid()}"
        first = CARRIERS + 2 * (os.getpid() % 2**21)
        self.near, self.far = str(first), str(first + 1)
        """The hub's end and the terminal's."""
        self.loss, self.delay_s = loss, delay_s
        self.carried = self.lost = 0
        self._chance = Random(seed)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._carry, name="bad link")

    def __enter__(self) -> Self:
        near, far = f"whn{os.getpid()}", f"whf{os.getpid()}"
        _ip("netns", "add", self.namespace)
        self._near, self._far = _tun(near), _tun(far)
        _ip("link", "set", far, "netns", self.namespace)
        there = ("-n", self.namespace)
        for where, name, own, other in (
            ((), near, self.near, self.far),
            (there, far, self.far, self.near),
        ):
            _ip(*where, "address", "add", own, "peer", other, "dev", name)
            _ip(*where, "link", "set", name, "up")
        _ip(*there, "link", "set", "lo", "up")
        self.by_the_kernel = _netem((), near, self) and _netem(there, far, self)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()
        for end in (self._near, self._far):
            os.close(end)
        _ip("netns", "del", self.namespace)

    def inside(self, *command: str) -> list[str]:
        """The command, with this network and no other."""
        return ["ip", "netns", "exec", self.namespace, *command]

    def _carry(self) -> None:
        under_way: list[tuple[float, int, int, bytes]] = []
        while not self._ending.is_set():
            due_in = max(0.0, under_way[0][0] - time.monotonic()) if under_way else 0.2
            ready, _, _ = select.select([self._near, self._far], [], [], min(due_in, 0.2))
            for end in ready:
                packet = os.read(end, LARGEST_PACKET)
                self.carried += 1
                if self._is_lost():
                    self.lost += 1
                    continue
                due = time.monotonic() + (0 if self.by_the_kernel else self.delay_s)
                target = self._far if end == self._near else self._near
                heapq.heappush(under_way, (due, self.carried, target, packet))
            while under_way and under_way[0][0] <= time.monotonic():
                _, _, target, packet = heapq.heappop(under_way)
                with suppress(OSError):  # the link is going down
                    os.write(target, packet)

    def _is_lost(self) -> bool:
        return not self.by_the_kernel and self._chance.random() < self.loss


def _netem(where: tuple[str, ...], name: str, link: BadLink) -> bool:
    spoilt = ("netem", "loss", f"{link.loss:.0%}", "delay", f"{link.delay_s * 1000:.0f}ms")
    command = ["tc", *where, "qdisc", "add", "dev", name, "root", *spoilt]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _tun(name: str) -> int:
    end = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return end


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
