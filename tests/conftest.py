"""Settings of the whole test run."""

import gc
from itertools import chain, groupby, islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

LONG = tuple(str(Path(__file__).parent / folder) for folder in ("system", "browser"))
"""Folders whose modules start hubs or browsers."""

settings.register_profile(
    "ci", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("ci")


def pytest_collection_finish() -> None:
    """What has been loaded stays for good: else every application that a test makes has it all looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Every worker begins with its share of the long modules, so that a run does not end waiting for them alone.

    xdist gives each an equal run of the list at first, and later what another one has not come to.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    modules = [list(tests) for _, tests in groupby(items, key=lambda item: item.path)]
    long = [tests for tests in modules if str(tests[0].path).startswith(LONG)]
    short = chain.from_iterable(t for t in modules if not str(t[0].path).startswith(LONG))
    size = len(items) // workers
    ordered: list[pytest.Item] = []
    for worker in range(workers):
        ordered += chain.from_iterable(long[worker::workers])
        ordered += islice(short, max(0, size * (worker + 1) - len(ordered)))
    items[:] = [*ordered, *short]
