"""`/healthz`, `/readyz` and `/metrics`: what supervisors and Prometheus ask.

The first two are open to everybody and say no more than yes or no; who may read metrics is decided by the caller.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from fastapi import Depends
from fastapi.responses import JSONResponse, Response

from hub.core.http_routes import Router
from hub.core.metrics import CONTENT_TYPE, Metrics

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ReadinessCheck:
    """One thing without which the hub cannot do its work; `is_ready` may raise, which means no."""

    name: str
    is_ready: Callable[[], bool]


def probes(
    checks: Sequence[ReadinessCheck], metrics: Metrics, may_read_metrics: Callable[..., None]
) -> Router:
    """The routes."""
    router = Router(include_in_schema=False)

    @router.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    def readyz() -> JSONResponse:
        found = {check.name: _holds(check) for check in checks}
        ready = all(found.values())
        return JSONResponse({"ready": ready, "checks": found}, 200 if ready else 503)

    @router.get("/metrics", dependencies=[Depends(may_read_metrics)])
    def show_metrics() -> Response:
        return Response(metrics.exposition(), media_type=CONTENT_TYPE)

    return router


def _holds(check: ReadinessCheck) -> bool:
    try:
        return check.is_ready()
    except Exception:
        log.warning("readiness_check_failed", check=check.name, exc_info=True)
        return False
