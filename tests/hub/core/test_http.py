"""Errors, headers and probes as programs and people meet them."""

import json
import sqlite3
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from hub.core.http_guard import MAX_BODY_BYTES
from hub.core.http_probes import ReadinessCheck, probes
from hub.core.metrics import Metrics
from hub.core.static_files import StaticFiles
from tests.hub.clinic import Clinic, SignedIn

HTML = {"accept": "text/html,application/xhtml+xml"}
LIVE_JS = StaticFiles().address("live.js")
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SECRET = "+34600000000"


@pytest.fixture
def administrator(client: TestClient) -> SignedIn:
    return SignedIn(client, "administrator")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"id": "Not One", "name": "x"}, "id"),
        ({"id": "one"}, "name"),
        ({"id": "one", "name": ""}, "name"),
        ({"id": "one", "name": "a\x00b"}, "name"),
        ({"id": "one", "name": "x", "time_zone": "Mars"}, "time_zone"),
        ({"id": "one", "name": "x", "colour": "red"}, "colour"),
        ({"id": ["one"], "name": "x"}, "id"),
    ],
)
def test_bad_input_names_the_field_and_stores_nothing(
    administrator: SignedIn, given: dict[str, object], field: str
) -> None:
    client = administrator.client
    before = client.get("/api/facilities").json()
    answer = client.post("/api/facilities", json=given, headers=administrator.headers)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["field"], problem["type"]) == (422, field, "about:blank")
    assert problem["detail"]
    assert client.get("/api/facilities").json() == before


@ON_SQLITE
def test_what_was_sent_is_not_quoted(administrator: SignedIn) -> None:
    given = {"id": SECRET, "name": [SECRET]}
    answer = administrator.client.post("/api/facilities", json=given, headers=administrator.headers)
    assert answer.status_code == 422
    assert SECRET not in answer.text


@ON_SQLITE
@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=x", "after=-1", "after=99999999999999999999"]
)
def test_bad_questions_name_the_parameter(administrator: SignedIn, query: str) -> None:
    answer = administrator.client.get(f"/api/answers?{query}")
    assert answer.status_code == 422
    assert answer.json()["field"] == query.partition("=")[0]


@ON_SQLITE
def test_broken_json_is_told_apart(administrator: SignedIn) -> None:
    headers = administrator.headers | {"content-type": "application/json"}
    answer = administrator.client.post("/api/facilities", content=b"{", headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "body")


@ON_SQLITE
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/none", 404),
        ("PUT", "/api/facilities", 405),
        ("GET", "/api/dead-letters/7", 404),
    ],
)
def test_what_is_not_there(administrator: SignedIn, method: str, path: str, status: int) -> None:
    answer = administrator.client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


@ON_SQLITE
def test_people_get_a_page_that_says_what_to_do(administrator: SignedIn) -> None:
    answer = administrator.client.get("/none", headers=HTML)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "What is safe" in answer.text
    assert "What to do" in answer.text


@ON_SQLITE
@pytest.mark.parametrize("chunked", [False, True])
def test_a_flood_is_refused(administrator: SignedIn, chunked: bool) -> None:
    flood = b'{"id": "' + b"x" * MAX_BODY_BYTES + b'"}'
    content = iter([flood[:1000], flood[1000:]]) if chunked else flood
    answer = administrator.client.post(
        "/api/facilities",
        content=content,
        headers=administrator.headers | {"content-type": "application/json"},
    )
    assert answer.status_code == 413


@ON_SQLITE
@pytest.mark.parametrize(
    "path", ["/login", "/api/answers", "/none", LIVE_JS, "/static/none.js", "/healthz"]
)
def test_every_answer_carries_the_strict_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= set(
        policy.split("; ")
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert ("immutable" in headers["cache-control"]) == (path == LIVE_JS)


@pytest.fixture
def failing(clinic: Clinic) -> Iterator[TestClient]:
    """The application with two routes that fail."""
    app: FastAPI = clinic.app()

    @app.get("/api/broken")
    def broken() -> PlainTextResponse:
        raise RuntimeError(SECRET)

    @app.get("/api/away")
    def away() -> PlainTextResponse:
        raise OperationalError(SECRET, {}, sqlite3.OperationalError("unable to open"))

    with TestClient(app) as opened:
        yield opened


@ON_SQLITE
def test_an_unexpected_error_tells_nothing_of_the_inside(
    failing: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = failing.get("/api/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert SECRET not in answer.text
    assert "RuntimeError" not in answer.text
    assert answer.headers["x-frame-options"] == "DENY"


@ON_SQLITE
def test_a_database_that_is_away_is_said_to_be_passing(failing: TestClient) -> None:
    answer = failing.get("/api/away")
    assert answer.status_code == 503
    assert SECRET not in answer.text


def test_readiness_is_all_of_its_checks() -> None:
    broken = {"ready": True}

    def raises() -> bool:
        raise OSError(SECRET)

    checks = [ReadinessCheck("database", lambda: broken["ready"])]
    app = FastAPI()
    app.include_router(probes(checks, Metrics(), lambda: None))
    client = TestClient(app)
    assert client.get("/readyz").json() == {"ready": True, "checks": {"database": True}}
    broken["ready"] = False
    assert client.get("/readyz").status_code == 503
    checks.append(ReadinessCheck("broker", raises))
    answer = client.get("/readyz")
    assert answer.json()["checks"] == {"database": False, "broker": False}
    assert SECRET not in answer.text
    assert client.get("/healthz").status_code == 200


@ON_SQLITE
def test_requests_are_counted_by_route_not_by_address(
    clinic: Clinic, administrator: SignedIn
) -> None:
    administrator.client.get("/api/dead-letters/7")
    administrator.client.get(f"/{SECRET}")
    exposed = clinic.metrics.exposition().decode()
    assert 'route="/api/dead-letters/{letter}",status="404"} 1.0' in exposed
    assert SECRET not in exposed
    for name in ("messages_received", "batches", "batch_seconds", "queue_depth", "sse_clients"):
        assert f"wellheard_{name}" in exposed


@ON_SQLITE
def test_the_openapi_document_tells_of_problems(client: TestClient) -> None:
    document = client.get("/api/openapi.json").json()
    assert all(path.startswith("/api/") for path in document["paths"])
    assert "Problem" in document["components"]["schemas"]
    assert "HTTPValidationError" not in json.dumps(document)
    for operations in document["paths"].values():
        for operation in operations.values():
            assert "application/problem+json" in operation["responses"]["4XX"]["content"]
    assert client.get("/docs").status_code == 404
