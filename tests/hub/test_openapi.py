"""Whatever the OpenAPI document lets a program ask is answered as the document says, and never by a failure of ours."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.generation.case import Case
from schemathesis.openapi import from_asgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hub.core.db import Database
from hub.core.unit_of_work import Listeners, Workplace
from hub.migrations import upgrade
from tests.fakes.clock import HeldClock
from tests.fakes.vault import ReversingVault
from tests.hub.app_routes import STREAMS
from tests.hub.clinic import Clinic

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 3
QUICKLY = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('openapi') / 'hub.db'}")
    upgrade(database)
    listeners, clock = Listeners(), HeldClock()
    yield Clinic(Workplace(database, listeners, clock, ReversingVault()), listeners, clock)
    database.close()


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_operation_answers_as_the_document_says(
    clinic: Clinic, tmp_path: Path, mode: GenerationMode
) -> None:
    clinic.press(1, 2, 3)
    app = clinic.app(data=str(tmp_path))
    headers = {"Authorization": f"Bearer {clinic.token('administrator')}"}
    asked = set()
    for found in from_asgi("/api/openapi.json", app).get_all_operations():
        operation = found.ok()
        if operation.path in STREAMS:
            continue

        @QUICKLY
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Case) -> None:
            case.call_and_validate(checks=CHECKS, headers=headers)

        with suppress(Unsatisfiable):  # nothing of it can be asked wrongly
            ask()
            asked.add(operation.path)
    assert len(asked) > 10
