"""What many pages ask for at once is made once, for a few seconds."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from hub.dashboards.shared import KEPT_S, Shared

PAGES = 8


class Kitchen:
    """Counts how often it had to make something."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> str:
        self.made += 1
        return f"dish {self.made}"


def test_all_who_ask_at_once_share_one() -> None:
    shared, kitchen, together = Shared(), Kitchen(), Barrier(PAGES)

    def ask(_page: int) -> str:
        together.wait()
        return shared.get("tile", kitchen)

    with ThreadPoolExecutor(PAGES) as pages:
        assert set(pages.map(ask, range(PAGES))) == {"dish 1"}
    assert kitchen.made == 1


def test_it_is_made_anew_when_it_is_too_old_and_for_whoever_sees_something_else() -> None:
    now = [0.0]
    shared, kitchen = Shared(lambda: now[0]), Kitchen()
    assert shared.get("north", kitchen) == shared.get("north", kitchen) == "dish 1"
    assert shared.get("south", kitchen) == "dish 2"
    now[0] = KEPT_S
    assert shared.get("north", kitchen) == "dish 3"


def test_what_failed_is_tried_again() -> None:
    shared = Shared()

    def burnt() -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        shared.get("tile", burnt)
    assert shared.get("tile", lambda: "dish") == "dish"
