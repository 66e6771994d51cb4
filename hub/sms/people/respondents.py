"""Patients by their telephone: kept encrypted, found by keyed fingerprints.

Decides who is the same patient: whoever has the same number at the clinic, or, without one, the same telephone.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, func, select, update

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.core.upserts import insert
from hub.sms import telephones
from hub.sms.people.tables import SmsRespondent

respondent: Table = SmsRespondent.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a patient. `telephone` is E.164; `patient` the clinic's own number, or empty."""

    telephone: str
    time_zone: str
    patient: str = ""
    name: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Respondent:
    """A stored patient, without what is sealed."""

    id: int
    organisation: str
    facility: str
    patient: str
    recipient: str
    language: str
    time_zone: str


def patient_key(work: UnitOfWork, organisation: str, person: Person) -> str:
    """By which one patient is told from another within the organisation."""
    if person.patient:
        return work.vault.fingerprint(f"{organisation}\npatient\n{person.patient}")
    return telephones.fingerprint(work.vault, organisation, person.telephone)


def keep(work: UnitOfWork, scope: Scope, facility: str, person: Person) -> Respondent:
    """The stored patient; telephone, name and language are the latest given."""
    return keep_all(work, scope, facility, [person])[0]


def keep_all(
    work: UnitOfWork, scope: Scope, facility: str, people: Sequence[Person]
) -> list[Respondent]:
    """The same for several, in their order."""
    rows = [_values(work, scope, facility, person) for person in people]
    new = insert(work.connection, respondent)
    told = {name: new.excluded[name] for name in ("recipient", "sealed", "time_zone")}
    spoken = func.coalesce(func.nullif(new.excluded.language, ""), respondent.c.language)
    key = ["organisation", "facility", "patient"]
    kept = new.on_conflict_do_update(index_elements=key, set_={**told, "language": spoken})
    work.connection.execute(kept, rows)
    c = respondent.c
    wanted = select(respondent).where(
        c.organisation == scope.organisation,
        c.facility == facility,
        c.patient.in_([row["patient"] for row in rows]),
    )
    stored = {row.patient: _respondent(row) for row in work.connection.execute(wanted)}
    return [stored[row["patient"]] for row in rows]


def _values(work: UnitOfWork, scope: Scope, facility: str, person: Person) -> dict[str, Any]:
    sealed = json.dumps({"telephone": person.telephone, "name": person.name}).encode()
    return {
        "organisation": scope.organisation,
        "facility": facility,
        "patient": patient_key(work, scope.organisation, person),
        "recipient": telephones.fingerprint(work.vault, scope.organisation, person.telephone),
        "sealed": work.vault.seal(sealed),
        "language": person.language,
        "time_zone": person.time_zone,
        "created_ms": work.now_ms,
    }


def locked(work: UnitOfWork, organisation: str, recipient: str, patient: str = "") -> None:
    """Have this transaction be the only one that deals with a telephone, and with a patient, until it ends."""
    if work.connection.dialect.name == "sqlite":
        return  # whoever writes is alone
    c = respondent.c
    here = [c.organisation == organisation, (c.recipient == recipient) | (c.patient == patient)]
    work.connection.execute(select(c.id).where(*here).order_by(c.id).with_for_update())


def of_telephone(work: UnitOfWork, organisation: str, recipient: str) -> Respondent | None:
    """The patient last entered with this telephone."""
    c = respondent.c
    wanted = select(respondent).where(c.organisation == organisation, c.recipient == recipient)
    row = work.connection.execute(wanted.order_by(c.id.desc()).limit(1)).first()
    return None if row is None else _respondent(row)


def get(work: UnitOfWork, respondent_id: int) -> Respondent:
    """Who it is."""
    wanted = select(respondent).where(respondent.c.id == respondent_id)
    return _respondent(work.connection.execute(wanted).one())


def telephone_of(work: UnitOfWork, respondent_id: int) -> str:
    """The number itself, for whoever is about to write to it."""
    wanted = select(respondent.c.sealed).where(respondent.c.id == respondent_id)
    opened = json.loads(work.vault.open(work.connection.execute(wanted).scalar_one()))
    return str(opened["telephone"])


def speaks(work: UnitOfWork, respondent_id: int, language: str) -> None:
    """The patient answered in this language."""
    work.connection.execute(
        update(respondent).where(respondent.c.id == respondent_id).values(language=language)
    )


def _respondent(row: Any) -> Respondent:
    return Respondent(**{name: getattr(row, name) for name in Respondent.__slots__})
