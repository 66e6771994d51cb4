"""Pure: when the next picture is looked at. Decides the frame rates, and that they keep to the processor's budget."""

IDLE_NS = 500_000_000
ACTIVE_NS = 80_000_000
"""Ten a second, with some patience for a picture that comes a little early; else every second one were waited for."""
STAYS_ACTIVE_NS = 2_000_000_000
"""After the last movement: whoever stops to read is not lost from sight."""
BURST_NS = 1_000_000_000
"""How far looking may run ahead of its budget before pictures are shed."""


class Pace:
    """`budget` is the share of one core that looking may take in the mean."""

    def __init__(self, budget: float) -> None:
        self._budget = budget
        self._active_until_ns: int | None = None
        self._paid_until_ns: int | None = None

    def next_due_ns(self, at_ns: int, spent_ns: int, *, active: bool) -> int:
        """When to look again after a look at `at_ns` that took `spent_ns` of processor time."""
        if active:
            self._active_until_ns = at_ns + STAYS_ACTIVE_NS
        awake = self._active_until_ns is not None and at_ns < self._active_until_ns
        paid = at_ns if self._paid_until_ns is None else max(at_ns, self._paid_until_ns)
        self._paid_until_ns = paid + round(spent_ns / self._budget)
        return max(at_ns + (ACTIVE_NS if awake else IDLE_NS), self._paid_until_ns - BURST_NS)
