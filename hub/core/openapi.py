"""The OpenAPI document: says of every route how errors look and how to sign in."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from hub.core.http_problems import PROBLEM, Problem

_SECURITY = {
    "session": {"type": "apiKey", "in": "cookie", "name": "wellheard"},
    "token": {"type": "http", "scheme": "bearer"},
}
_PROBLEM = {
    "description": "Refused; the problem says why and, where one is to blame, names the field",
    "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def describe_errors(app: FastAPI) -> None:
    """Have the application's document tell of problem+json instead of FastAPI's own error models."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    described = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    components = described.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    components["securitySchemes"] = _SECURITY
    described["security"] = [{name: []} for name in _SECURITY]
    for operations in described["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            operation["responses"] |= {"4XX": _PROBLEM, "5XX": _PROBLEM}
    return described
