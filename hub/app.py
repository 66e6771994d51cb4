"""The hub's composition root: what it is made of, and how the parts are joined."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI

from hub.core.clock import Clock
from hub.core.errors import HubError
from hub.core.http_guard import RequestGuard, SecurityHeaders
from hub.core.http_observed import ObservedRequests
from hub.core.http_probes import ReadinessCheck, probes
from hub.core.http_problems import Problems
from hub.core.inbox import Inbox
from hub.core.metrics import Metrics
from hub.core.openapi import describe_errors
from hub.core.pages import Pages, static_files
from hub.core.passwords import Passwords
from hub.core.settings import HubSettings
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.dashboards import dead_letter_routes
from hub.dashboards import routes as live_routes
from hub.dashboards.live import Live
from hub.feedback import routes as feedback_routes
from hub.fleet import routes as fleet_routes
from hub.identity import login_routes
from hub.identity import routes as identity_routes
from hub.identity.access import Access

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Parts:
    """What the pages and the API stand on."""

    settings: HubSettings
    clock: Clock
    workplace: Workplace
    inbox: Inbox
    live: Live
    metrics: Metrics
    passwords: Passwords
    readiness: Sequence[ReadinessCheck] = ()


def create_app(parts: Parts) -> FastAPI:
    """The pages and the API. Open to strangers: signing in, the probes, the OpenAPI document, style and scripts."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        parts.live.start(asyncio.get_running_loop())
        yield
        parts.live.stop()

    app = FastAPI(
        title="Wellheard",
        version=version("wellheard"),
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    shown = Pages({name: HERE / name / "pages" for name in ("identity", "dashboards")})
    problems = Problems(shown)
    problems.install(app)
    describe_errors(app)
    _add_routes(app, parts, shown)
    unexpected = HubError(
        _("The hub met something it did not expect. What was stored before is safe.")
    )
    app.add_middleware(RequestGuard)
    app.add_middleware(
        ObservedRequests,
        metrics=parts.metrics,
        on_crash=lambda request: problems.answer(request, unexpected),
    )
    app.add_middleware(SecurityHeaders, https=parts.settings.secure_cookies)
    return app


def _add_routes(app: FastAPI, parts: Parts, shown: Pages) -> None:
    workplace = parts.workplace
    access = Access(workplace, parts.settings.secure_cookies)
    sign_in = login_routes.SignIn(workplace, parts.passwords, access)
    app.include_router(probes(parts.readiness, parts.metrics, access.may_read_metrics))
    app.include_router(login_routes.api(workplace, access, sign_in))
    app.include_router(identity_routes.api(workplace, access))
    app.include_router(fleet_routes.api(workplace, access))
    app.include_router(feedback_routes.api(workplace, access))
    app.include_router(live_routes.api(workplace, access, parts.live))
    app.include_router(dead_letter_routes.api(workplace, access, parts.inbox))
    app.include_router(login_routes.pages(workplace, access, sign_in, shown))
    app.include_router(live_routes.pages(workplace, access, shown))
    app.include_router(dead_letter_routes.pages(workplace, access, parts.inbox, shown))
    app.mount("/static", static_files(), name="static")
