"""Routers that are one flat list, and routes that are analysed when first asked for."""

from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, Path, Query
from starlette.testclient import TestClient

from hub.core.http_routes import Route, Router


def _nested() -> Router:
    inner = Router(prefix="/inner", tags=["inner"])

    @inner.get("/{number}", status_code=201)
    def read(number: int, often: Annotated[int, Query(ge=1)] = 1) -> dict[str, int]:
        """What it says."""
        return {"number": number * often}

    @inner.post("/{number}")
    def write(number: int, who: Annotated[str, Depends(lambda: "anybody")]) -> str:
        return f"{who} {number}"

    hidden = Router(prefix="/hidden", include_in_schema=False)

    @hidden.get("")
    def look() -> str:
        return "seen"

    outer = Router(prefix="/outer", tags=["outer"])
    outer.include(inner)
    outer.include(hidden)
    return outer


def _app() -> FastAPI:
    everything = Router()
    everything.include(_nested())
    return FastAPI(routes=everything.routes)


def test_prefixes_and_tags_add_up_and_what_is_hidden_stays_hidden() -> None:
    paths = _app().openapi()["paths"]
    assert set(paths) == {"/outer/inner/{number}"}
    read = paths["/outer/inner/{number}"]["get"]
    assert read["tags"] == ["outer", "inner"]
    assert read["description"] == "What it says."
    assert set(read["responses"]) == {"201", "422"}


def test_a_request_is_checked_and_answered_as_by_any_route() -> None:
    client = TestClient(_app())
    answer = client.get("/outer/inner/7?often=3")
    assert (answer.status_code, answer.json()) == (201, {"number": 21})
    assert client.get("/outer/inner/7?often=0").status_code == 422
    assert client.post("/outer/inner/7").json() == "anybody 7"
    assert client.get("/outer/hidden").json() == "seen"
    assert client.delete("/outer/hidden").status_code == 405
    assert client.get("/inner/7").status_code == 404


def test_an_endpoint_is_analysed_when_it_is_first_asked_for() -> None:
    router = Router()

    @router.get("/{number}")
    def read(number: Annotated[int, Path()] = 1) -> None:
        """A part of the path that has a default, which FastAPI refuses."""

    (route,) = router.routes
    assert isinstance(route, Route)
    assert route.path == "/{number}"
    with pytest.raises(AssertionError, match="default"):
        _ = route.dependant


def test_what_a_route_does_not_have_is_missing() -> None:
    (route, *_) = _nested().routes
    assert not hasattr(route, "nothing_of_this_name")
    assert route.dependant.path == "/outer/inner/{number}"  # type: ignore[attr-defined]
