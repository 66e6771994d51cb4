"""The hub's pages and its REST API as one application: which routes there are, and what every request passes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
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
from hub.core.http_routes import Router
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
from hub.fleet.rollouts import maintenance_pages
from hub.fleet.rollouts import pages as rollout_pages
from hub.fleet.rollouts import routes as rollout_routes
from hub.fleet.several import asked_pages
from hub.fleet.several import pages as several_pages
from hub.identity import (
    account_pages,
    audit_pages,
    entry_pages,
    hours_pages,
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

    static = StaticFiles()
    slices = ("identity", "fleet", "feedback", "sms", "cases", "dashboards")
    folders = {name: HERE / name / "pages" for name in slices}
    shown = Pages(folders, parts.languages, static, parts.clock)
    app = FastAPI(
        title="Wellheard",
        version=version("wellheard"),
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        routes=_routes(parts, shown).routes,
    )
    problems = Problems(shown)
    problems.install(app)
    describe_errors(app)
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


def _routes(parts: Parts, shown: Pages) -> Router:
    routes = Router()
    access = Access(parts.workplace, parts.settings.secure_cookies)
    routes.include(probes(parts.readiness, parts.metrics, access.may_read_metrics))
    _add_accounts(routes, parts, access, shown)
    _add_places_and_terminals(routes, parts, access, shown)
    _add_feedback(routes, parts, access, shown)
    _add_sms(routes, parts, access, shown)
    _add_dashboards(routes, parts, access, shown)
    _add_cases(routes, parts, access, shown)
    return routes


def _add_accounts(routes: Router, parts: Parts, access: Access, shown: Pages) -> None:
    workplace, passwords, settings = parts.workplace, parts.passwords, parts.settings
    addresses = Addresses(settings.public_address())
    openid_name = settings.openid_name if settings.openid_issuer else None
    routes.include(login_routes.api(workplace, access, passwords))
    routes.include(login_routes.pages(workplace, access, passwords, shown, openid_name))
    if settings.openid_issuer:
        routes.include(_openid(parts, access))
    routes.include(password_pages.pages(workplace, access, passwords, addresses, shown))
    routes.include(own_pages.pages(workplace, access, passwords, shown))
    routes.include(account_pages.pages(workplace, access, addresses, shown))
    routes.include(audit_pages.pages(workplace, access, shown))
    routes.include(privacy_pages.pages(workplace, access, parts.holders, shown))
    routes.include(preference_routes.pages(workplace, access, parts.languages))


def _openid(parts: Parts, access: Access) -> Router:
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


def _add_places_and_terminals(routes: Router, parts: Parts, access: Access, shown: Pages) -> None:
    workplace = parts.workplace
    portraits = ObjectFolder(parts.settings.data / PORTRAITS)
    routes.include(identity_routes.api(workplace, access))
    routes.include(fleet_routes.api(workplace, access))
    routes.include(settings_routes.api(workplace, access))
    routes.include(job_routes.api(workplace, access))
    routes.include(job_routes.for_terminals(workplace))
    routes.include(device_pages.api(workplace, access, parts.series))
    routes.include(enrolment_routes.api(workplace, access, parts.let_in))
    routes.include(_for_new_terminals(parts, access))
    routes.include(enrolling_routes.api(workplace, access))
    routes.include(photograph_routes.api(workplace, portraits))
    routes.include(release_routes.for_terminals(workplace, parts.repository))
    routes.include(release_routes.for_operators(workplace, access, parts.repository))
    routes.include(release_routes.uploads(access, parts.repository))
    routes.include(rollout_routes.api(workplace, access, parts.repository))
    routes.include(rollout_routes.maintenance_api(workplace, access))
    routes.include(rollout_pages.pages(workplace, access, parts.repository, shown))
    routes.include(maintenance_pages.pages(workplace, access, shown))
    routes.include(people_pages.photographs(workplace, access, portraits))
    for kind in (Employees(portraits), Touchpoints(surveys.choices)):
        routes.include(entry_pages.pages(workplace, access, shown, kind))
    routes.include(shift_pages.pages(workplace, access, shown))
    routes.include(hours_pages.api(workplace, access))
    routes.include(hours_pages.pages(workplace, access, shown))
    routes.include(health_routes.api(workplace, access))
    routes.include(health_routes.pages(workplace, access, shown))
    routes.include(fleet_pages.api(workplace, access))
    routes.include(settings_pages.pages(workplace, access, shown))
    routes.include(job_pages.pages(workplace, access, shown))
    routes.include(several_pages.pages(workplace, access, shown))
    routes.include(asked_pages.pages(workplace, access, shown))
    routes.include(fleet_pages.pages(workplace, access, shown))
    routes.include(enrolling_pages.pages(workplace, access, shown))
    routes.include(enrolling_pages.many(workplace, access, shown))
    routes.include(device_pages.pages(workplace, access, parts.series, shown))


def _for_new_terminals(parts: Parts, access: Access) -> Router:
    address = parts.settings.public_address()
    return terminal_routes.api(parts.workplace, access, address, parts.broker_address, parts.let_in)


def _add_feedback(routes: Router, parts: Parts, access: Access, shown: Pages) -> None:
    workplace = parts.workplace
    taken = ObjectFolder(parts.settings.data / ANSWER_PHOTOGRAPHS)
    routes.include(feedback_routes.api(workplace, access))
    routes.include(photographing.pictures(workplace, access, taken))
    routes.include(photographing.pages(workplace, access, shown))
    routes.include(answer_pages.pages(workplace, access, shown))
    routes.include(survey_pages.pages(workplace, access, shown))
    routes.include(served_pages.pages(workplace, access, shown))
    routes.include(served_table_pages.pages(workplace, access, shown))


def _add_sms(routes: Router, parts: Parts, access: Access, shown: Pages) -> None:
    workplace = parts.workplace
    routes.include(sms_routes.api(workplace, access))
    for carrier in gateways_assembly.webhooks(workplace, parts.gateways, parts.interpreter):
        routes.include(carrier)
    routes.include(sms_scores.pages(workplace, access, shown))
    routes.include(sms_pages.pages(workplace, access, shown))
    if parts.telephones is not None:
        scope = Scope(parts.settings.organisation)
        routes.include(phone_pages.pages(workplace, scope, parts.telephones, shown))


def _add_dashboards(routes: Router, parts: Parts, access: Access, shown: Pages) -> None:
    workplace = parts.workplace
    routes.include(live_routes.api(workplace, access, parts.live))
    routes.include(dead_letter_routes.api(workplace, access, parts.inbox))
    routes.include(chart_routes.pages(workplace, access, shown))
    routes.include(presence_routes.pages(workplace, access, shown))
    routes.include(live_routes.pages(workplace, access, shown))
    routes.include(tile_routes.pages(workplace, access, shown))
    routes.include(dead_letter_routes.pages(workplace, access, parts.inbox, shown))


def _add_cases(routes: Router, parts: Parts, access: Access, shown: Pages) -> None:
    workplace, settings = parts.workplace, parts.settings
    files = ObjectFolder(settings.data / CASE_FILES)
    address = settings.public_address()
    push_keys = cases.push_keys(settings.data, settings.mail_from)
    routes.include(case_resources.api(workplace, access))
    routes.include(case_deeds.api(workplace, access, files, address))
    routes.include(problem_resources.api(workplace, access))
    routes.include(alert_resources.api(workplace, access, push_keys))
    routes.include(list_pages.pages(workplace, access, shown))
    routes.include(statistics_pages.pages(workplace, access, shown))
    routes.include(case_pages.pages(workplace, access, shown, files, address))
    routes.include(problem_pages.pages(workplace, access, shown))
    frame = Frame(workplace, shown)
    for part in (hours, people, labels):
        routes.include(part.pages(frame, access))
    routes.include(settings_mails.pages(frame, access, address))
    routes.include(sheets.pages(frame, access, address))
    routes.include(public_pages.pages(workplace, shown))
