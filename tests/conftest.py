"""Settings of the whole test run."""

import gc

from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("ci")


def pytest_collection_finish() -> None:
    """What has been loaded stays for good: else every application that a test makes has it all looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
