"""The hub's composition root: what it is made of, and how the parts are joined."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import select

from hub.cases import wiring as cases
from hub.cases.alerts.still_here import AlertRaised
from hub.cases.events import CaseTouched
from hub.cases.privacy import CaseHolder, attachment
from hub.core.broker import Broker, BrokerAddress, open_broker
from hub.core.clock import Clock, SystemClock
from hub.core.db import Database
from hub.core.http_probes import ReadinessCheck
from hub.core.jobs.ticker import Duty
from hub.core.keys import KeyRing
from hub.core.mail import smtp_address
from hub.core.mail.outgoing import MailSender, waiting_mails
from hub.core.mail.smtp import SmtpServer
from hub.core.metrics import Metrics
from hub.core.objects import ObjectFolder
from hub.core.passwords import Passwords
from hub.core.privacy.holders import Holders
from hub.core.privacy.letters import LetterHolder
from hub.core.privacy.retention import RetentionKeeper
from hub.core.resealing import Resealer, Sealed, sealed_files
from hub.core.scope import Scope
from hub.core.settings import HubSettings
from hub.core.timeseries.opening import open_series
from hub.core.timeseries.recording import PointRecorder
from hub.core.unit_of_work import Listeners, UnitOfWork, Workplace
from hub.dashboards.live import Live
from hub.feedback import surveys
from hub.feedback.contact_privacy import ContactHolder
from hub.feedback.events import (
    PhotographPolicyChanged,
    PresenceRecorded,
    ResponsesFlagged,
    ResponsesRecorded,
    SurveysChanged,
)
from hub.feedback.photographs.envelopes import Envelopes
from hub.feedback.photographs.policies import for_terminals
from hub.feedback.photographs.privacy import PhotographHolder, photograph
from hub.feedback.photographs.receiving import PhotographReceiver
from hub.feedback.photographs.strays import StrayPhotographs
from hub.fleet.authority.admission import Admission
from hub.fleet.desired import Told
from hub.fleet.documents import Changes
from hub.fleet.events import DeviceEnrolled, DeviceRevoked, DeviceStateChanged, SettingsChanged
from hub.fleet.health.keeping import HealthKeeper
from hub.fleet.health.telling import AlertTeller
from hub.fleet.jobs.events import OpenJobsChanged
from hub.fleet.jobs.files import forgetting_duty
from hub.fleet.jobs.silence import silence_duty
from hub.fleet.jobs.telling import JobsDownlink
from hub.fleet.repository.repository import Repository
from hub.fleet.rollouts.advancing import Advancing
from hub.fleet.rollouts.answers import AnswerWatch
from hub.identity.accounts import FirstAdministrator, create_first_administrator
from hub.identity.events import PlacesChanged
from hub.identity.tables import Facility
from hub.ingest import make_inbox
from hub.migrations import upgrade
from hub.parts import ANSWER_PHOTOGRAPHS, CASE_FILES, RELEASES, Parts
from hub.sms import assembly as sms
from hub.sms.clearing import clearance
from hub.sms.dictionaries import lexicons
from hub.sms.events import ConversationMoved
from hub.sms.gateways import assembly as gateways_assembly
from hub.sms.gateways.modem import gateway as modem
from hub.sms.gateways.simulated import gateway as simulated
from hub.sms.gateways.simulated.network import SimulatedNetwork
from hub.sms.interpreter.interpreter import Interpreter
from hub.sms.loading import LoadedOnce
from hub.sms.privacy import holders as sms_holders


@dataclass(frozen=True, slots=True)
class Hub:
    """A wired hub, not yet running."""

    parts: Parts
    database: Database
    keys: KeyRing
    listeners: Listeners
    broker: Broker
    admission: Admission
    changes: Changes
    told: Told
    downlink: modem.Downlink
    jobs_downlink: JobsDownlink
    resealer: Resealer
    duties: Sequence[Duty]
    first_administrator: FirstAdministrator | None


def wire(settings: HubSettings, clock: Clock | None = None) -> Hub:
    """Open the database, bring its tables up to date, and join the parts; nothing runs yet."""
    database = Database(settings.database_url())
    upgrade(database)
    clock = clock or SystemClock()
    listeners, metrics, passwords = Listeners(), Metrics(), Passwords()
    keys = KeyRing(settings.data / "keys" / "personal.keys")
    workplace = Workplace(database, listeners, clock, keys)
    broker = _open_broker(settings)
    admission = Admission(workplace, broker, settings.terminal_names())
    first = create_first_administrator(
        workplace,
        Scope(settings.organisation),
        passwords,
        settings.organisation_name,
        settings.time_zone,
    )
    envelopes = Envelopes(settings.data / "keys" / "photographs.keys")
    photographs = ObjectFolder(settings.data / ANSWER_PHOTOGRAPHS)
    case_files = ObjectFolder(settings.data / CASE_FILES)
    downlink, jobs_downlink = modem.Downlink(), JobsDownlink(workplace)
    interpreter = LoadedOnce(lambda: Interpreter(lexicons(settings.sms_dictionaries)))
    telephones = SimulatedNetwork() if settings.demonstration else None
    parts = Parts(
        settings=settings,
        clock=clock,
        workplace=workplace,
        inbox=make_inbox(
            workplace, listeners, PhotographReceiver(envelopes, photographs), interpreter
        ),
        live=Live(clock, metrics),
        metrics=metrics,
        passwords=passwords,
        series=open_series(settings.influxdb, settings.influxdb_token.get_secret_value(), database),
        repository=Repository(
            settings.data / RELEASES, settings.data / "keys" / "releases", keys, clock
        ),
        gateways=gateways_assembly.open_gateways(
            keys, workplace, downlink, interpreter, telephones
        ),
        interpreter=interpreter,
        telephones=telephones,
        holders=personal_holders(photographs, case_files),
        let_in=broker.set_device,
        broker_address=lambda: _for_terminals(settings, broker),
        readiness=[ReadinessCheck("database", lambda: _answers(database))],
    )
    changes = Changes()
    _tell(listeners, parts.live, changes, jobs_downlink)
    listeners.after(DeviceEnrolled, admission.enrolled)
    listeners.after(DeviceRevoked, admission.revoked)
    resealer = Resealer(workplace, clock, _sealed_besides(photographs, case_files))
    duties = [
        *admission.duties(),
        *PointRecorder(workplace, parts.series, clock, metrics).duties(),
        *RetentionKeeper(workplace, parts.holders, _places).duties(),
        *resealer.duties(),
        *StrayPhotographs(workplace, photographs, clock).duties(),
        silence_duty(workplace),
        *HealthKeeper(workplace, parts.organisations, clock).duties(),
        *AlertTeller(
            workplace, parts.organisations, parts.languages, settings.pages_url()
        ).duties(),
        forgetting_duty(workplace),
        *parts.repository.duties(),
        *Advancing(workplace, AnswerWatch(parts.series).fewer).duties(),
        *_sms(parts, listeners),
        *_demonstration(parts),
        *_mail_and_cases(parts, keys),
    ]
    told = Told(
        surveys.surveys_on_screens,
        for_terminals(envelopes.public_key),
        f"{settings.public_address()}/receipt" if settings.public_url else None,
    )
    return Hub(
        parts=parts,
        database=database,
        keys=keys,
        listeners=listeners,
        broker=broker,
        admission=admission,
        changes=changes,
        told=told,
        downlink=downlink,
        jobs_downlink=jobs_downlink,
        resealer=resealer,
        duties=duties,
        first_administrator=first,
    )


def _open_broker(settings: HubSettings) -> Broker:
    listener = settings.broker_listener()
    return open_broker(
        settings.broker,
        settings.data / "broker",
        settings.broker_port,
        tls=BrokerAddress(*listener, tls=True) if listener else None,
        files=settings.broker_files,
    )


def _for_terminals(settings: HubSettings, broker: Broker) -> BrokerAddress:
    """Where terminals are told to come in; without TLS that is on this machine."""
    listener, names = settings.broker_listener(), settings.terminal_names()
    return BrokerAddress(names[0], listener[1], tls=True) if listener else broker.address()


def _tell(listeners: Listeners, live: Live, changes: Changes, asked: JobsDownlink) -> None:
    """After what is durable: the open pages, and the documents of the terminals."""
    listeners.after(ResponsesRecorded, live.responses_recorded)
    listeners.after(ResponsesFlagged, live.responses_flagged)
    listeners.after(PresenceRecorded, live.presence_recorded)
    listeners.after(DeviceStateChanged, live.device_changed)
    listeners.after(CaseTouched, live.case_touched)
    listeners.after(AlertRaised, live.alert_raised)
    listeners.after(ConversationMoved, live.conversation_moved)
    listeners.after(PlacesChanged, changes.note)
    listeners.after(SurveysChanged, changes.note)
    listeners.after(PhotographPolicyChanged, changes.note)
    listeners.after(DeviceEnrolled, changes.note)
    listeners.after(SettingsChanged, changes.note)
    listeners.after(DeviceEnrolled, asked.enrolled)
    listeners.after(OpenJobsChanged, asked.changed)


def _sms(parts: Parts, listeners: Listeners) -> list[Duty]:
    """Conversations, campaigns, and the gateways that carry them."""
    workplace, clock, settings = parts.workplace, parts.clock, parts.settings
    return [
        *gateways_assembly.duties(workplace, clock, parts.gateways, clearance),
        *sms.join(
            workplace,
            listeners,
            clock,
            parts.interpreter,
            pages_url=settings.pages_url(),
            drop_folder=settings.sms_lists or settings.data / "lists",
        ),
    ]


def _demonstration(parts: Parts) -> list[Duty]:
    """Telephones on a page, and the gateway to them."""
    if parts.telephones is None:
        return []
    with parts.workplace.begin() as work:
        simulated.ensure(work, Scope(parts.settings.organisation))
    return parts.telephones.duties(parts.workplace)


def _mail_and_cases(parts: Parts, keys: KeyRing) -> list[Duty]:
    """Without a mail server e-mails wait in their jobs, and patients get none."""
    workplace, clock, settings = parts.workplace, parts.clock, parts.settings
    post, duties = None, []
    if settings.smtp:
        password = settings.smtp_password.get_secret_value()
        post = SmtpServer(smtp_address.parsed(settings.smtp), password).post
        duties = MailSender(workplace, keys, clock, settings.mail_from, post).duties()
    return duties + cases.duties(
        workplace,
        clock,
        keys=cases.push_keys(settings.data, settings.mail_from),
        languages=parts.languages,
        address=settings.public_address(),
        sender=settings.mail_from,
        post=post,
    )


def personal_holders(photographs: ObjectFolder, case_files: ObjectFolder) -> Holders:
    """Whatever is kept of patients by their telephone number; in the order in which it is erased."""
    return (
        PhotographHolder(photographs),
        ContactHolder(),
        *sms_holders(),
        CaseHolder(case_files),
        LetterHolder(),
    )


def _sealed_besides(photographs: ObjectFolder, case_files: ObjectFolder) -> list[Sealed]:
    """What is sealed besides columns of bytes."""
    return [
        sealed_files(photograph, "file", photographs),
        sealed_files(attachment, "stored", case_files),
        waiting_mails(),
    ]


def _places(work: UnitOfWork) -> list[tuple[str, str]]:
    every = select(Facility).order_by(Facility.organisation, Facility.id)
    return [(facility.organisation, facility.id) for facility in work.session.exec(every)]


def _answers(database: Database) -> bool:
    with database.reading() as connection:
        return bool(connection.execute(text("SELECT 1")).scalar_one())
