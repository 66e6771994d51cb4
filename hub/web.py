"""The hub's pages and its REST API as one application: which routes there are, and what every request passes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from hub.cases import wiring as cases
from hub.cases.routes import (
    alert_resources,
    case_deeds,
    case_pages,
    case_resources,
    list_pages,
    problem_pages,
    problem_resources,
    public_pages,
    statistics_pages,
)
from hub.cases.routes.settings import hours, labels, people, sheets
from hub.cases.routes.settings import mails as settings_mails
from hub.cases.routes.settings.frame import Frame
from hub.core.errors import HubError
from hub.core.http_guard import RequestGuard, SecurityHeaders
from hub.core.http_observed import ObservedRequests
from hub.core.http_probes import probes
from hub.core.http_problems import Problems
from hub.core.languages import SpokenLanguage
from hub.core.objects import ObjectFolder
from hub.core.openapi import describe_errors
from hub.core.pages import Pages
from hub.core.scope import Scope
from hub.core.static_files import StaticFiles
from hub.core.texts import gettext as _
from hub.dashboards import answer_pages, dead_letter_routes, sms_scores, tile_routes
from hub.dashboards import routes as live_routes
from hub.dashboards.charts import presence_routes
from hub.dashboards.charts import routes as chart_routes
from hub.feedback import routes as feedback_routes
from hub.feedback import served_pages, served_table_pages, survey_pages, surveys
from hub.feedback.photographs import pages as photographing
from hub.fleet import device_pages, enrolment_routes, fleet_pages, photograph_routes
from hub.fleet import routes as fleet_routes
from hub.fleet.configuration import pages as settings_pages
from hub.fleet.configuration import routes as settings_routes
from hub.fleet.enrolment import pages as enrolling_pages
from hub.fleet.enrolment import routes as enrolling_routes
from hub.fleet.enrolment import terminal_routes
from hub.fleet.health import routes as health_routes
from hub.fleet.jobs import pages as job_pages
from hub.fleet.jobs import routes as job_routes
from hub.fleet.repository import routes as release_routes
from hub.fleet.rollouts import pages as rollout_pages
from hub.fleet.rollouts import routes as rollout_routes
from hub.identity import (
    account_pages,
    audit_pages,
    entry_pages,
    login_routes,
    own_pages,
    password_pages,
    people_pages,
    preference_routes,
    privacy_pages,
    shift_pages,
)
from hub.identity import routes as identity_routes
from hub.identity.access import Access
from hub.identity.links import Addresses
from hub.identity.people_pages import Employees
from hub.identity.place_pages import Touchpoints
from hub.parts import ANSWER_PHOTOGRAPHS, CASE_FILES, PORTRAITS, Parts
from hub.sms.api import routes as sms_routes
from hub.sms.gateways import assembly as gateways_assembly
from hub.sms.web import phone_pages
from hub.sms.web import routes as sms_pages

HERE = Path(__file__).parent

GZIP_LEVEL = 5
"""Of pages; as small as the highest within a few percent, in a third of the time."""


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
    static = StaticFiles()
    slices = ("identity", "fleet", "feedback", "sms", "cases", "dashboards")
    folders = {name: HERE / name / "pages" for name in slices}
    shown = Pages(folders, parts.languages, static)
    problems = Problems(shown)
    problems.install(app)
    describe_errors(app)
    _add_routes(app, parts, shown)
    app.mount("/static", static, name="static")
    unexpected = HubError(
        _("The hub met something it did not expect. What was stored before is safe.")
    )
    app.add_middleware(RequestGuard)
    app.add_middleware(GZipMiddleware, compresslevel=GZIP_LEVEL)  # event streams pass as they are
    app.add_middleware(
        ObservedRequests,
        metrics=parts.metrics,
        on_crash=lambda request: problems.answer(request, unexpected),
    )
    app.add_middleware(SpokenLanguage, languages=parts.languages)
    app.add_middleware(SecurityHeaders, https=parts.settings.secure_cookies)
    return app


def _add_routes(app: FastAPI, parts: Parts, shown: Pages) -> None:
    access = Access(parts.workplace, parts.settings.secure_cookies)
    app.include_router(probes(parts.readiness, parts.metrics, access.may_read_metrics))
    _add_accounts(app, parts, access, shown)
    _add_places_and_terminals(app, parts, access, shown)
    _add_feedback(app, parts, access, shown)
    _add_sms(app, parts, access, shown)
    _add_dashboards(app, parts, access, shown)
    _add_cases(app, parts, access, shown)


def _add_accounts(app: FastAPI, parts: Parts, access: Access, shown: Pages) -> None:
    workplace, passwords, settings = parts.workplace, parts.passwords, parts.settings
    addresses = Addresses(settings.public_address())
    openid_name = settings.openid_name if settings.openid_issuer else None
    app.include_router(login_routes.api(workplace, access, passwords))
    app.include_router(login_routes.pages(workplace, access, passwords, shown, openid_name))
    if settings.openid_issuer:
        app.include_router(_openid(parts, access))
    app.include_router(password_pages.pages(workplace, access, passwords, addresses, shown))
    app.include_router(own_pages.pages(workplace, access, passwords, shown))
    app.include_router(account_pages.pages(workplace, access, addresses, shown))
    app.include_router(audit_pages.pages(workplace, access, shown))
    app.include_router(privacy_pages.pages(workplace, access, parts.holders, shown))
    app.include_router(preference_routes.pages(workplace, access, parts.languages))


def _openid(parts: Parts, access: Access) -> APIRouter:
    # authlib takes its time to load, and most clinics sign in here
    from hub.identity import openid_routes  # noqa: PLC0415
    from hub.identity.openid import Provider  # noqa: PLC0415

    settings = parts.settings
    provider = Provider(
        settings.openid_issuer,
        settings.openid_client,
        settings.openid_secret.get_secret_value(),
        settings.public_address() + openid_routes.BACK,
    )
    return openid_routes.pages(parts.workplace, access, provider)


def _add_places_and_terminals(app: FastAPI, parts: Parts, access: Access, shown: Pages) -> None:
    workplace = parts.workplace
    portraits = ObjectFolder(parts.settings.data / PORTRAITS)
    app.include_router(identity_routes.api(workplace, access))
    app.include_router(fleet_routes.api(workplace, access))
    app.include_router(settings_routes.api(workplace, access))
    app.include_router(job_routes.api(workplace, access))
    app.include_router(job_routes.for_terminals(workplace))
    app.include_router(device_pages.api(workplace, access, parts.series))
    app.include_router(enrolment_routes.api(workplace, access, parts.let_in))
    app.include_router(_for_new_terminals(parts, access))
    app.include_router(enrolling_routes.api(workplace, access))
    app.include_router(photograph_routes.api(workplace, portraits))
    app.include_router(release_routes.for_terminals(workplace, parts.repository))
    app.include_router(release_routes.for_operators(workplace, access, parts.repository))
    app.include_router(release_routes.uploads(access, parts.repository))
    app.include_router(rollout_routes.api(workplace, access, parts.repository))
    app.include_router(rollout_routes.maintenance_api(workplace, access))
    app.include_router(rollout_pages.pages(workplace, access, parts.repository, shown))
    app.include_router(people_pages.photographs(workplace, access, portraits))
    for kind in (Employees(portraits), Touchpoints(surveys.choices)):
        app.include_router(entry_pages.pages(workplace, access, shown, kind))
    app.include_router(shift_pages.pages(workplace, access, shown))
    app.include_router(health_routes.api(workplace, access))
    app.include_router(health_routes.pages(workplace, access, shown))
    app.include_router(fleet_pages.api(workplace, access))
    app.include_router(settings_pages.pages(workplace, access, shown))
    app.include_router(job_pages.pages(workplace, access, shown))
    app.include_router(fleet_pages.pages(workplace, access, shown))
    app.include_router(enrolling_pages.pages(workplace, access, shown))
    app.include_router(enrolling_pages.many(workplace, access, shown))
    app.include_router(device_pages.pages(workplace, access, parts.series, shown))


def _for_new_terminals(parts: Parts, access: Access) -> APIRouter:
    address = parts.settings.public_address()
    return terminal_routes.api(parts.workplace, access, address, parts.broker_address, parts.let_in)


def _add_feedback(app: FastAPI, parts: Parts, access: Access, shown: Pages) -> None:
    workplace = parts.workplace
    taken = ObjectFolder(parts.settings.data / ANSWER_PHOTOGRAPHS)
    app.include_router(feedback_routes.api(workplace, access))
    app.include_router(photographing.pictures(workplace, access, taken))
    app.include_router(photographing.pages(workplace, access, shown))
    app.include_router(answer_pages.pages(workplace, access, shown))
    app.include_router(survey_pages.pages(workplace, access, shown))
    app.include_router(served_pages.pages(workplace, access, shown))
    app.include_router(served_table_pages.pages(workplace, access, shown))


def _add_sms(app: FastAPI, parts: Parts, access: Access, shown: Pages) -> None:
    workplace = parts.workplace
    app.include_router(sms_routes.api(workplace, access))
    for carrier in gateways_assembly.webhooks(workplace, parts.gateways, parts.interpreter):
        app.include_router(carrier)
    app.include_router(sms_scores.pages(workplace, access, shown))
    app.include_router(sms_pages.pages(workplace, access, shown))
    if parts.telephones is not None:
        scope = Scope(parts.settings.organisation)
        app.include_router(phone_pages.pages(workplace, scope, parts.telephones, shown))


def _add_dashboards(app: FastAPI, parts: Parts, access: Access, shown: Pages) -> None:
    workplace = parts.workplace
    app.include_router(live_routes.api(workplace, access, parts.live))
    app.include_router(dead_letter_routes.api(workplace, access, parts.inbox))
    app.include_router(chart_routes.pages(workplace, access, shown))
    app.include_router(presence_routes.pages(workplace, access, shown))
    app.include_router(live_routes.pages(workplace, access, shown))
    app.include_router(tile_routes.pages(workplace, access, shown))
    app.include_router(dead_letter_routes.pages(workplace, access, parts.inbox, shown))


def _add_cases(app: FastAPI, parts: Parts, access: Access, shown: Pages) -> None:
    workplace, settings = parts.workplace, parts.settings
    files = ObjectFolder(settings.data / CASE_FILES)
    address = settings.public_address()
    push_keys = cases.push_keys(settings.data, settings.mail_from)
    app.include_router(case_resources.api(workplace, access))
    app.include_router(case_deeds.api(workplace, access, files, address))
    app.include_router(problem_resources.api(workplace, access))
    app.include_router(alert_resources.api(workplace, access, push_keys))
    app.include_router(list_pages.pages(workplace, access, shown))
    app.include_router(statistics_pages.pages(workplace, access, shown))
    app.include_router(case_pages.pages(workplace, access, shown, files, address))
    app.include_router(problem_pages.pages(workplace, access, shown))
    frame = Frame(workplace, shown)
    for part in (hours, people, labels):
        app.include_router(part.pages(frame, access))
    app.include_router(settings_mails.pages(frame, access, address))
    app.include_router(sheets.pages(frame, access, address))
    app.include_router(public_pages.pages(workplace, shown))
