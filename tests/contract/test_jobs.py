"""The jobs of a document are judged one by one."""

import pytest
from pydantic import ValidationError

from contract.codec import read_document
from contract.jobs import CommandJob, OpenJobs, UpdateJob, read

RESTART = {"job": "c-1", "until_ms": 10, "kind": "restart"}
UPDATE = {"job": "u-1", "until_ms": 10, "kind": "update", "release": "1.4.0", "channel": "stable"}


def test_each_kind_is_told_apart() -> None:
    assert isinstance(read(RESTART), CommandJob)
    assert isinstance(read(UPDATE), UpdateJob)


@pytest.mark.parametrize(
    "broken",
    [
        7,
        {},
        RESTART | {"kind": "dance"},
        RESTART | {"until_ms": "soon"},
        UPDATE | {"windows": [{"zone": "Europe/Madrid", "starts": 1440, "ends": 0, "days": [0]}]},
        UPDATE | {"windows": [{"zone": "Europe/Madrid", "starts": 0, "ends": 0, "days": []}]},
        UPDATE | {"bytes_per_s": 1},
    ],
    ids=str,
)
def test_a_broken_job_is_refused_and_the_document_still_read(broken: object) -> None:
    with pytest.raises(ValidationError):
        read(broken)
    document = OpenJobs(version=1, jobs=[broken, RESTART])
    assert read_document(OpenJobs, document.model_dump_json().encode()).jobs[1] == RESTART
