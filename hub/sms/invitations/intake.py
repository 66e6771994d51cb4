"""Lists of patients: shown before they are taken in, and taken in whole or not at all.

Decides that one bad row keeps the whole list out, and that the same list given again has no effect.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from hub.core.errors import BadInput
from hub.core.permissions import Permission
from hub.core.row_problems import BadRows, RowProblem
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.rules import masked_phone
from hub.identity import service as identity
from hub.sms.campaigns import definitions
from hub.sms.campaigns.definitions import Campaign, CampaignState
from hub.sms.campaigns.policy import Trigger, due_ms
from hub.sms.dictionaries import LANGUAGES
from hub.sms.invitations.columns import Column, guessed, unknown
from hub.sms.invitations.enrolling import Enrolled, enrol
from hub.sms.invitations.entries import Entry, Known, entry_of, repeated
from hub.sms.invitations.sheets import read_sheet
from hub.sms.invitations.tables import SmsIntake

SHOWN = 20

Rows = Iterable[tuple[int, Mapping[Column, str]]]
Asked = Mapping[Column, str]


class Source(StrEnum):
    """By which way a list came."""

    UPLOAD = "upload"
    REST = "rest"
    FOLDER = "folder"
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class Shown:
    """One patient as a preview shows them: without a telephone that could be called."""

    line: int
    telephone: str
    language: str
    employee: str
    stratum: str
    due_ms: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a list would do. `problems` are all there are; while there is one, nothing can be taken in."""

    columns: list[str]
    mapping: dict[Column, str]
    rows: int
    problems: list[RowProblem]
    first: list[Shown]


@needs(Permission.SEND_CAMPAIGNS)
def preview(
    work: UnitOfWork, scope: Scope, campaign_id: str, content: bytes, mapping: Asked | None = None
) -> Preview:
    """Read a CSV or XLSX table and say what is wrong with every bad row; BadRows where it is no table."""
    campaign = definitions.get(work, scope, campaign_id)
    sheet = read_sheet(content)
    try:
        meant = _meant(sheet.columns, mapping)
    except BadInput as error:
        problem = RowProblem(1, error.field or "", error.detail)
        return Preview(sheet.columns, guessed(sheet.columns), len(sheet.rows), [problem], [])
    entries, problems = _checked(work, campaign, _renamed(sheet.rows, meant))
    first = [_shown(campaign, entry) for entry in entries[:SHOWN]]
    return Preview(sheet.columns, meant, len(sheet.rows), problems, first)


@needs(Permission.SEND_CAMPAIGNS)
def take_in(
    work: UnitOfWork,
    scope: Scope,
    campaign_id: str,
    content: bytes,
    *,
    mapping: Asked | None = None,
    source: Source = Source.UPLOAD,
    by: str,
) -> Enrolled:
    """Enrol everybody of a table; BadRows where a single row is wrong."""
    sheet = read_sheet(content)
    rows = _renamed(sheet.rows, _meant(sheet.columns, mapping))
    return _taken(work, scope, campaign_id, rows, (_mark(work, content), source, by))


@needs(Permission.SEND_CAMPAIGNS)
def take_in_rows(
    work: UnitOfWork,
    scope: Scope,
    campaign_id: str,
    rows: Sequence[Mapping[Column, str]],
    *,
    source: Source = Source.REST,
    by: str,
) -> Enrolled:
    """The same for patients that a program or a person names one by one; the first is line 1."""
    mark = _mark(work, json.dumps(rows, sort_keys=True).encode())
    return _taken(work, scope, campaign_id, enumerate(rows, 1), (mark, source, by))


def _taken(
    work: UnitOfWork, scope: Scope, campaign_id: str, rows: Rows, told: tuple[str, Source, str]
) -> Enrolled:
    campaign = definitions.get(work, scope, campaign_id, locked=True)
    if campaign.state is CampaignState.STOPPED or campaign.trigger is Trigger.DEMONSTRATION:
        raise BadInput("campaign", _("This campaign asks nobody."))
    digest, source, by = told
    before = _before(work, campaign, digest)
    if before is not None:
        return Enrolled(before.rows, 0, 0, 0, before.rows)
    entries, problems = _checked(work, campaign, rows)
    if problems:
        raise BadRows(problems)
    enrolled = enrol(work, scope, campaign_id, entries)
    work.session.add(
        SmsIntake(
            organisation=campaign.organisation,
            facility=campaign.facility,
            campaign=campaign.id,
            digest=digest,
            source=source,
            given_by=by,
            at_ms=work.now_ms,
            rows=enrolled.rows,
            chosen=enrolled.chosen,
            not_sampled=enrolled.not_sampled,
            quota_full=enrolled.quota_full,
            known=enrolled.known,
        )
    )
    work.session.flush()
    return enrolled


def _mark(work: UnitOfWork, content: bytes) -> str:
    """By which the same list is known; nobody can guess from it who is on a short one."""
    return work.vault.fingerprint(hashlib.sha256(content).hexdigest())


def _before(work: UnitOfWork, campaign: Campaign, digest: str) -> SmsIntake | None:
    wanted = select(SmsIntake).where(
        campaign.scope.rows(SmsIntake),
        col(SmsIntake.campaign) == campaign.id,
        col(SmsIntake.digest) == digest,
    )
    return work.session.exec(wanted).first()


def _meant(columns: list[str], mapping: Asked | None) -> dict[Column, str]:
    meant = dict(mapping) if mapping else guessed(columns)
    if gone := unknown(meant, columns):
        raise BadInput("mapping", _("There is no column {name}.").format(name=meant[gone[0]][:64]))
    if Column.TELEPHONE not in meant:
        raise BadInput("mapping", _("Say which column is the telephone."))
    return meant


def _renamed(rows: list[tuple[int, dict[str, str]]], meant: Asked) -> Rows:
    for line, cells in rows:
        yield line, {column: cells[name] for column, name in meant.items() if name in cells}


def _checked(
    work: UnitOfWork, campaign: Campaign, rows: Rows
) -> tuple[list[Entry], list[RowProblem]]:
    known = _known(work, campaign)
    entries: list[Entry] = []
    problems: list[RowProblem] = []
    for line, cells in rows:
        found = entry_of(line, cells, known)
        if isinstance(found, Entry):
            entries.append(found)
        else:
            problems += found
    return entries, sorted([*problems, *repeated(entries)])


def _known(work: UnitOfWork, campaign: Campaign) -> Known:
    (facility,) = identity.facilities(work, campaign.scope)
    return Known(
        region=campaign.policy.region,
        zone=facility.time_zone,
        now_ms=work.now_ms,
        languages=LANGUAGES,
        employees={one.id for one in identity.employees(work, campaign.scope)},
        touchpoints={one.id for one in identity.touchpoints(work, campaign.scope)},
    )


def _shown(campaign: Campaign, entry: Entry) -> Shown:
    zone = ZoneInfo(entry.time_zone)
    return Shown(
        entry.line,
        masked_phone(entry.telephone),
        entry.language or campaign.language,
        entry.employee,
        entry.stratum,
        due_ms(campaign.trigger, campaign.policy, entry.happened_ms, zone),
    )
