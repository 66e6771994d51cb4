"""The hub's composition root: what it is made of, and how the parts are joined."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import select
from starlette.middleware.gzip import GZipMiddleware

from hub.cases import wiring as cases
from hub.cases.alerts.still_here import AlertRaised
from hub.cases.events import CaseTouched
from hub.cases.privacy import CaseHolder
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
from hub.core.broker import Broker, open_broker
from hub.core.clock import Clock, SystemClock
from hub.core.db import Database
from hub.core.errors import HubError
from hub.core.http_guard import RequestGuard, SecurityHeaders
from hub.core.http_observed import ObservedRequests
from hub.core.http_probes import ReadinessCheck, probes
from hub.core.http_problems import Problems
from hub.core.inbox import Inbox
from hub.core.jobs.ticker import Duty
from hub.core.keys import KeyRing
from hub.core.languages import Languages, SpokenLanguage, read_languages
from hub.core.mail import smtp_address
from hub.core.mail.outgoing import MailSender
from hub.core.mail.smtp import SmtpServer
from hub.core.metrics import Metrics
from hub.core.objects import ObjectFolder
from hub.core.openapi import describe_errors
from hub.core.pages import Pages
from hub.core.passwords import Passwords
from hub.core.privacy.holders import Holders
from hub.core.privacy.retention import RetentionKeeper
from hub.core.resealing import Resealer
from hub.core.scope import Scope
from hub.core.settings import HubSettings
from hub.core.static_files import StaticFiles
from hub.core.texts import gettext as _
from hub.core.timeseries.opening import open_series
from hub.core.timeseries.recording import PointRecorder
from hub.core.timeseries.store import TimeSeries
from hub.core.unit_of_work import Listeners, UnitOfWork, Workplace
from hub.dashboards import answer_pages, dead_letter_routes, tile_routes
from hub.dashboards import routes as live_routes
from hub.dashboards.charts import presence_routes
from hub.dashboards.charts import routes as chart_routes
from hub.dashboards.live import Live
from hub.feedback import routes as feedback_routes
from hub.feedback import served_pages, served_table_pages, survey_pages, surveys
from hub.feedback.contact_privacy import ContactHolder
from hub.feedback.events import (
    PhotographPolicyChanged,
    PresenceRecorded,
    ResponsesFlagged,
    ResponsesRecorded,
    SurveysChanged,
)
from hub.feedback.photographs import pages as photographing
from hub.feedback.photographs.envelopes import Envelopes
from hub.feedback.photographs.policies import for_terminals
from hub.feedback.photographs.privacy import PhotographHolder
from hub.feedback.photographs.receiving import PhotographReceiver
from hub.feedback.photographs.strays import StrayPhotographs
from hub.fleet import device_pages, enrolment_routes, photograph_routes
from hub.fleet import routes as fleet_routes
from hub.fleet.desired import Told
from hub.fleet.documents import Changes
from hub.fleet.enrolment_routes import LetIn
from hub.fleet.events import DeviceEnrolled, DeviceStateChanged
from hub.identity import (
    account_pages,
    entry_pages,
    login_routes,
    openid_routes,
    own_pages,
    password_pages,
    people_pages,
    preference_routes,
    privacy_pages,
    shift_pages,
)
from hub.identity import routes as identity_routes
from hub.identity.access import Access
from hub.identity.accounts import FirstAdministrator, create_first_administrator
from hub.identity.events import PlacesChanged
from hub.identity.links import Addresses
from hub.identity.openid import Provider
from hub.identity.people_pages import Employees
from hub.identity.place_pages import Touchpoints
from hub.identity.tables import Facility, Organisation
from hub.ingest import make_inbox
from hub.migrations import upgrade
from hub.sms import assembly as sms
from hub.sms.api import routes as sms_routes
from hub.sms.clearing import clearance
from hub.sms.dictionaries import lexicons
from hub.sms.gateways import assembly as gateways_assembly
from hub.sms.gateways.modem import gateway as modem
from hub.sms.gateways.registry import OpenGateways
from hub.sms.interpreter.interpreter import Interpreter
from hub.sms.privacy import holders as sms_holders

HERE = Path(__file__).parent

ANSWER_PHOTOGRAPHS = "answer-photographs"
CASE_FILES = "case-files"
"""In the data folder: what cameras saw, sealed. Employees' portraits, which everybody may see, are in another."""

GZIP_LEVEL = 5
"""Of pages; as small as the highest within a few percent, in a third of the time."""


def _nobody(_device: str, _password: str) -> None:
    """A hub without a broker of its own lets nobody in."""


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
    series: TimeSeries
    gateways: OpenGateways
    holders: Holders = ()
    let_in: LetIn = _nobody
    readiness: Sequence[ReadinessCheck] = ()
    languages: Languages = field(default_factory=read_languages)

    def organisations(self) -> list[str]:
        """All there are on this hub."""
        with self.workplace.read() as work:
            return sorted(work.session.exec(select(Organisation.id)).all())

    def with_readiness(self, checks: Sequence[ReadinessCheck]) -> "Parts":
        """The same parts, asked these questions by `/readyz`."""
        return replace(self, readiness=checks)


@dataclass(frozen=True, slots=True)
class Hub:
    """A wired hub, not yet running."""

    parts: Parts
    database: Database
    keys: KeyRing
    listeners: Listeners
    broker: Broker
    changes: Changes
    told: Told
    downlink: modem.Downlink
    duties: Sequence[Duty]
    first_administrator: FirstAdministrator | None


def wire(settings: HubSettings) -> Hub:
    """Open the database, bring its tables up to date, and join the parts; nothing runs yet."""
    database = Database(settings.database_url())
    upgrade(database)
    clock, listeners, metrics, passwords = SystemClock(), Listeners(), Metrics(), Passwords()
    keys = KeyRing(settings.data / "keys" / "personal.keys")
    workplace = Workplace(database, listeners, clock, keys)
    live = Live(clock, metrics)
    listeners.after(ResponsesRecorded, live.responses_recorded)
    listeners.after(ResponsesFlagged, live.responses_flagged)
    listeners.after(PresenceRecorded, live.presence_recorded)
    listeners.after(DeviceStateChanged, live.device_changed)
    listeners.after(CaseTouched, live.case_touched)
    listeners.after(AlertRaised, live.alert_raised)
    changes = Changes()
    listeners.after(PlacesChanged, changes.note)
    listeners.after(SurveysChanged, changes.note)
    listeners.after(PhotographPolicyChanged, changes.note)
    listeners.after(DeviceEnrolled, changes.note)
    broker = open_broker(settings.broker, settings.data / "broker", settings.broker_port)
    first = create_first_administrator(
        workplace,
        Scope(settings.organisation),
        passwords,
        settings.organisation_name,
        settings.time_zone,
    )
    envelopes = Envelopes(settings.data / "keys" / "photographs.keys")
    photographs = ObjectFolder(settings.data / ANSWER_PHOTOGRAPHS)
    series = open_series(settings.influxdb, settings.influxdb_token.get_secret_value(), database)
    downlink = modem.Downlink()
    gateways = gateways_assembly.open_gateways(keys, workplace, downlink)
    holders = personal_holders(photographs)
    parts = Parts(
        settings=settings,
        clock=clock,
        workplace=workplace,
        inbox=make_inbox(workplace, listeners, PhotographReceiver(envelopes, photographs)),
        live=live,
        metrics=metrics,
        passwords=passwords,
        series=series,
        gateways=gateways,
        holders=holders,
        let_in=broker.set_device,
        readiness=[ReadinessCheck("database", lambda: _answers(database))],
    )
    duties = [
        *PointRecorder(workplace, series, clock, metrics).duties(),
        *RetentionKeeper(workplace, holders, _places).duties(),
        *Resealer(workplace, clock).duties(),
        *StrayPhotographs(workplace, photographs, clock).duties(),
        *gateways_assembly.duties(workplace, clock, gateways, clearance),
        *sms.join(
            workplace,
            listeners,
            clock,
            lambda: Interpreter(lexicons(settings.sms_dictionaries)),
            pages_url=settings.pages_url(),
            drop_folder=settings.sms_lists or settings.data / "lists",
        ),
    ]
    post = None
    if settings.smtp:
        server = SmtpServer(
            smtp_address.parsed(settings.smtp), settings.smtp_password.get_secret_value()
        )
        post = server.post
        duties += MailSender(workplace, keys, clock, settings.mail_from, post).duties()
    push_keys = cases.push_keys(settings.data, settings.mail_from)
    address = settings.public_address()
    duties += cases.duties(
        workplace, clock, keys=push_keys, address=address, sender=settings.mail_from, post=post
    )
    told = Told(surveys.surveys_on_screens, for_terminals(envelopes.public_key))
    return Hub(parts, database, keys, listeners, broker, changes, told, downlink, duties, first)


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
    folders = {
        name: HERE / name / "pages"
        for name in ("identity", "fleet", "feedback", "cases", "dashboards")
    }
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
    workplace = parts.workplace
    access = Access(workplace, parts.settings.secure_cookies)
    passwords, settings = parts.passwords, parts.settings
    addresses = Addresses(settings.public_address())
    openid_name = settings.openid_name if settings.openid_issuer else None
    app.include_router(probes(parts.readiness, parts.metrics, access.may_read_metrics))
    app.include_router(login_routes.api(workplace, access, passwords))
    app.include_router(identity_routes.api(workplace, access))
    app.include_router(fleet_routes.api(workplace, access))
    app.include_router(device_pages.api(workplace, access, parts.series))
    app.include_router(enrolment_routes.api(workplace, access, parts.let_in))
    app.include_router(feedback_routes.api(workplace, access))
    app.include_router(sms_routes.api(workplace, access))
    app.include_router(live_routes.api(workplace, access, parts.live))
    app.include_router(dead_letter_routes.api(workplace, access, parts.inbox))
    for carrier in gateways_assembly.webhooks(workplace, parts.gateways):
        app.include_router(carrier)
    photographs = ObjectFolder(parts.settings.data / "photographs")
    app.include_router(login_routes.pages(workplace, access, passwords, shown, openid_name))
    if settings.openid_issuer:
        app.include_router(openid_routes.pages(workplace, access, _provider(settings)))
    app.include_router(password_pages.pages(workplace, access, passwords, addresses, shown))
    app.include_router(own_pages.pages(workplace, access, passwords, shown))
    app.include_router(account_pages.pages(workplace, access, addresses, shown))
    app.include_router(privacy_pages.pages(workplace, access, parts.holders, shown))
    app.include_router(photograph_routes.api(workplace, photographs))
    app.include_router(people_pages.photographs(workplace, access, photographs))
    taken = ObjectFolder(parts.settings.data / ANSWER_PHOTOGRAPHS)
    app.include_router(photographing.pictures(workplace, access, taken))
    app.include_router(photographing.pages(workplace, access, shown))
    app.include_router(answer_pages.pages(workplace, access, shown))
    for kind in (Employees(photographs), Touchpoints(surveys.choices)):
        app.include_router(entry_pages.pages(workplace, access, shown, kind))
    app.include_router(shift_pages.pages(workplace, access, shown))
    app.include_router(survey_pages.pages(workplace, access, shown))
    app.include_router(served_pages.pages(workplace, access, shown))
    app.include_router(served_table_pages.pages(workplace, access, shown))
    app.include_router(device_pages.pages(workplace, access, parts.series, shown))
    app.include_router(preference_routes.pages(workplace, access, parts.languages))
    app.include_router(chart_routes.pages(workplace, access, shown))
    app.include_router(presence_routes.pages(workplace, access, shown))
    app.include_router(live_routes.pages(workplace, access, shown))
    app.include_router(tile_routes.pages(workplace, access, shown))
    app.include_router(dead_letter_routes.pages(workplace, access, parts.inbox, shown))
    _add_case_routes(app, parts, access, shown)


def _add_case_routes(app: FastAPI, parts: Parts, access: Access, shown: Pages) -> None:
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
    app.include_router(public_pages.pages(workplace, shown))


def personal_holders(photographs: ObjectFolder) -> Holders:
    """Whatever is kept of patients by their telephone number; in the order in which it is erased."""
    return (PhotographHolder(photographs), ContactHolder(), *sms_holders(), CaseHolder())


def _places(work: UnitOfWork) -> list[tuple[str, str]]:
    every = select(Facility).order_by(Facility.organisation, Facility.id)
    return [(facility.organisation, facility.id) for facility in work.session.exec(every)]


def _provider(settings: HubSettings) -> Provider:
    return Provider(
        settings.openid_issuer,
        settings.openid_client,
        settings.openid_secret.get_secret_value(),
        settings.public_address() + openid_routes.BACK,
    )


def _answers(database: Database) -> bool:
    with database.reading() as connection:
        return bool(connection.execute(text("SELECT 1")).scalar_one())
