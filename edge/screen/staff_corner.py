"""The staff's corner of one screen: requests in, a document out. What is allowed is decided in `staff`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, get_args

from edge.screen import staff
from edge.screen.geometry import Glass, keypad
from edge.screen.wording import Wording

Fact = tuple[str, str]
"""A line of the device's state: a key of `staff.*`, and what it is."""
IsRight = Callable[[str], bool]


@dataclass(slots=True)
class StaffCorner:
    """Not thread-safe: the kiosk holds its lock around it."""

    is_right: IsRight
    facts: Callable[[], list[Fact]]
    corner: staff.Corner = field(default_factory=staff.Corner)
    heard: str = ""

    @property
    def is_open(self) -> bool:
        return self.corner.place != "closed"

    @property
    def is_learning(self) -> bool:
        return self.corner.place == "learning"

    def hear(self, panel: str, button: int) -> None:
        """A button was pressed while staff try them out."""
        self.heard = f"{panel} · {button}"

    def tick(self, now_ms: int) -> None:
        self.corner = staff.tick(self.corner, now_ms)

    def touch(self, request: dict[str, Any], now_ms: int) -> None:
        """What the page says was touched."""
        match request:
            case {"do": "staff"}:
                self.corner = staff.hold(self.corner, now_ms)
            case {"do": "pin", "pin": str() as pin} if staff.may_try(self.corner, now_ms):
                self.corner = staff.tried(self.corner, now_ms, right=self.is_right(pin[:32]))
            case {"do": "staff_act", "act": str() as wanted}:
                for act in get_args(staff.Act):
                    if act == wanted:
                        self.heard = ""
                        self.corner = staff.act(self.corner, act, now_ms)
            case {"do": "touch"}:
                self.corner = staff.touched(self.corner, now_ms)

    def draw(self, glass: Glass, words: Wording, now_ms: int) -> dict[str, Any]:
        """What the page shows instead of the survey."""
        place = self.corner.place
        left = staff.seconds_left(self.corner, now_ms)
        document: dict[str, Any] = {
            "place": place,
            "title": words.text(f"staff.{place}"),
            "seconds": left,
            "names": {act: words.text(f"staff.act_{act}") for act in get_args(staff.Act)},
            "facts": [],
            "heard": self.heard,
        }
        if place == "open":
            document["facts"] = [(words.text(f"staff.{key}"), told) for key, told in self.facts()]
        if place == "pin":
            board = keypad(glass, low_reach=False)
            names = {"{back}": words.text("bar.leave"), "{next}": words.text("form.next")}
            document["form"] = {
                "columns": board.columns,
                "rows": board.rows,
                "pages": [[" ".join(row) for row in page] for page in board.pages],
                "spans": board.spans,
                "names": names | {"{bksp}": words.text("form.delete")},
                "labels": names | {"{bksp}": "⌫"},
            }
        return document
