"""Reads every plugged-in panel of one kind from one thread, and follows plugging and unplugging.

Sleeps in the kernel until a descriptor is readable; wakes by time only while a node that should be
open could not be opened. Decides nothing: which node is which panel comes from the `Resolve` given.
"""

import contextlib
import errno
import os
import selectors
import threading
import time
from dataclasses import dataclass, field

from edge.buttons.binding import Binding, Resolve
from edge.buttons.nodes import Change, Hardware, Node, NodeFinder
from edge.buttons.port import ALL_PANELS, Contact, FactKind, PanelFact, Sink


@dataclass(slots=True, eq=False)
class _Open:
    hardware: Hardware
    binding: Binding
    node: Node
    down: set[int] = field(default_factory=set)
    jammed: set[int] = field(default_factory=set)  # down since before the node was opened


class PanelReader:
    """A `ButtonDriver` over a `NodeFinder`."""

    def __init__(self, finder: NodeFinder, resolve: Resolve, retry_s: float = 5.0) -> None:
        self._finder = finder
        self._resolve = resolve
        self._retry_s = retry_s
        self._open: dict[str, _Open] = {}
        self._said: dict[str, set[PanelFact]] = {}
        self._retry_at: float | None = None
        self._lock = threading.Lock()  # guards _open against set_led from another thread
        self._selector = selectors.DefaultSelector()
        self._thread: threading.Thread | None = None
        self._wake_read, self._wake_write = os.pipe()

    def start(self, sink: Sink) -> None:
        self._sink = sink
        self._thread = threading.Thread(target=self._run, name="panel-reader", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close every node and end the thread. A stopped reader is not started again."""
        if self._thread is None:
            return
        os.write(self._wake_write, b"\0")
        self._thread.join()
        self._thread = None
        os.close(self._wake_read)
        os.close(self._wake_write)

    def set_led(self, panel: str, led: int, on: bool) -> None:
        """Set a lamp built into the panel; one that is unplugged stays dark."""
        with self._lock:
            for entry in self._open.values():
                if entry.binding.panel == panel:
                    with contextlib.suppress(OSError):
                        entry.node.set_led(led, on)

    def _run(self) -> None:
        try:
            self._selector.register(self._wake_read, selectors.EVENT_READ, "stop")
            self._selector.register(self._finder.fileno(), selectors.EVENT_READ, "plug")
            self._reconcile()
            while self._step():
                pass
        except Exception as error:
            # A reader that ends unasked would be deaf in silence.
            self._sink(PanelFact(ALL_PANELS, "ended", f"Reading panels ended: {error!r}."))
            raise
        finally:
            self._close_all()

    def _close_all(self) -> None:
        for entry in list(self._open.values()):
            self._close(entry)
        self._selector.close()
        self._finder.close()

    def _step(self) -> bool:
        changed = False
        for key, _ in self._selector.select(self._patience()):
            if key.data == "stop":
                return False
            if key.data == "plug":
                self._finder.drain()
                changed = True
            elif key.data in self._open.values():
                changed |= not self._read(key.data)
        if changed or (self._retry_at is not None and time.monotonic() >= self._retry_at):
            self._reconcile()
        return True

    def _patience(self) -> float | None:
        return None if self._retry_at is None else max(0.0, self._retry_at - time.monotonic())

    def _reconcile(self) -> None:
        """Make what is open agree with what is plugged in.

        Always the whole list, so a lost notification is repaired by the next one.
        """
        self._retry_at = None
        nodes = self._finder.nodes()
        resolution = self._resolve(nodes)
        present = {node.path: node for node in nodes}
        for path, entry in list(self._open.items()):
            if resolution.bindings.get(path) != entry.binding or present[path] != entry.hardware:
                self._lose(entry)
        for path, binding in resolution.bindings.items():
            if path not in self._open:
                self._open_node(present[path], binding)
        for fact in resolution.facts:
            self._say(fact)

    def _open_node(self, hardware: Hardware, binding: Binding) -> None:
        try:
            node = self._finder.open(hardware, binding.panel)
            held = set(node.held())
        except OSError as error:
            self._retry_at = time.monotonic() + self._retry_s
            if error.errno not in (errno.ENODEV, errno.ENOENT, errno.ENXIO):
                self._say(_refused(hardware, binding.panel, error))
            return
        entry = _Open(hardware, binding, node, held, set(held))
        with self._lock:
            self._open[hardware.path] = entry
        self._selector.register(node.fileno(), selectors.EVENT_READ, entry)
        self._say(PanelFact(binding.panel, "connected", f"{hardware.name} on {hardware.port}."))
        for code in sorted(held):
            if (button := binding.button(code)) is not None:
                sentence = f"Button {button} was down already when the panel was opened."
                self._sink(PanelFact(binding.panel, "stuck", sentence))

    def _read(self, entry: _Open) -> bool:
        """False when the node is gone."""
        try:
            changes = entry.node.changes()
        except OSError:
            self._lose(entry)
            return False
        for change in changes:
            self._pass_on(entry, change)
        if lost := entry.node.lost_events():
            sentence = f"The kernel dropped events {lost} time(s); presses may be missing."
            self._sink(PanelFact(entry.binding.panel, "dropped", sentence))
        return True

    def _pass_on(self, entry: _Open, change: Change) -> None:
        if change.down == (change.code in entry.down):
            return  # the state is known already, after a resynchronisation
        (entry.down.add if change.down else entry.down.discard)(change.code)
        button = entry.binding.button(change.code)
        if button is None:
            return
        panel = entry.binding.panel
        if change.code in entry.jammed:
            entry.jammed.discard(change.code)
            self._sink(PanelFact(panel, "mended", f"Button {button} came up."))
            return
        self._sink(Contact(panel, button, change.down, change.at_ns))

    def _lose(self, entry: _Open) -> None:
        for code in sorted(entry.down):  # a panel that is gone holds nothing down
            self._pass_on(entry, Change(code, down=False, at_ns=time.monotonic_ns()))
        self._close(entry)
        panel = entry.binding.panel
        if not any(other.binding.panel == panel for other in self._open.values()):
            sentence = f"{entry.hardware.name} left {entry.hardware.port}."
            self._say(PanelFact(panel, "unplugged", sentence))

    def _close(self, entry: _Open) -> None:
        self._selector.unregister(entry.node.fileno())
        with self._lock:
            del self._open[entry.hardware.path]
            entry.node.close()

    def _say(self, fact: PanelFact) -> None:
        """Facts are states: each is said when it begins, not while it lasts."""
        said = self._said.setdefault(fact.panel, set())
        if fact in said:
            return
        if any(earlier.kind != fact.kind for earlier in said):
            said.clear()
        said.add(fact)
        self._sink(fact)


def _refused(hardware: Hardware, panel: str, error: OSError) -> PanelFact:
    kind: FactKind = "failed"
    sentence = f"{hardware.path}: {error.strerror}."
    if error.errno in (errno.EACCES, errno.EPERM):
        kind = "denied"
        sentence = (
            f"The agent may not open {hardware.path}: add its user to the group that owns the device "
            "(often 'input' or 'dialout'), or give that user the device by a udev rule."
        )
    elif error.errno == errno.EBUSY:
        kind = "busy"
        sentence = f"{hardware.path} is held by another process: stop it."
    return PanelFact(panel, kind, sentence)
