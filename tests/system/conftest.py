"""Real processes on a busy machine: these tests wait for what happens, and are given the time for it."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
LONG_ENOUGH_S = 900


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(LONG_ENOUGH_S))
