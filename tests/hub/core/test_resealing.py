"""After a rotation everything stored is sealed with the newest key, and was readable all the time."""

import json
from base64 import b64decode
from pathlib import Path

from cryptography.fernet import Fernet
from sqlmodel import select

from hub.cases.privacy import attachment
from hub.cases.tables import CaseAttachment
from hub.core.audit.verifying import verify
from hub.core.db import Database
from hub.core.jobs.tables import Job
from hub.core.keys import KeyRing
from hub.core.mail.outgoing import Mail, put_mail, waiting_mails
from hub.core.objects import ObjectFolder
from hub.core.resealing import AT_ONCE, Resealer, sealed_columns, sealed_files
from hub.core.scope import Scope
from hub.core.unit_of_work import Listeners, Workplace
from hub.identity import reading
from hub.identity.tables import Account, Organisation
from tests.fakes.clock import HeldClock

EMAILS = [f"person{number}@clinic.example" for number in range(AT_ONCE + 5)]


def test_every_column_of_bytes_is_among_them() -> None:
    named = {f"{one.table.name}.{one.column.name}" for one in sealed_columns()}
    assert {"contact.sealed", "account.totp_sealed", "audit_head.sealed"} <= named


def test_everything_is_sealed_anew_in_the_background(
    database: Database, clock: HeldClock, tmp_path: Path
) -> None:
    keys = KeyRing(tmp_path / "personal.keys")
    workplace = Workplace(database, Listeners(), clock, keys)
    with workplace.begin() as work:
        work.session.add(Organisation(id="clinic", name="Clinic", time_zone="UTC"))
        work.session.flush()
        for email in EMAILS:
            sealed = keys.seal(email.encode())
            row = Account(
                organisation="clinic",
                name=email,
                password_hash="",
                email_sealed=sealed,
                created_ms=0,
            )
            work.session.add(row)
        damaged = Account(
            organisation="clinic", name="damaged", password_hash="", email_sealed=b"?", created_ms=0
        )
        work.session.add(damaged)
        work.audit.record(Scope("clinic"), "test.made", "test")
    KeyRing(tmp_path / "personal.keys").rotate()
    resealer = Resealer(workplace, clock)
    with workplace.begin() as work:
        resealer.put_jobs(work)
    resealer.finish()
    newest = Fernet((tmp_path / "personal.keys").read_bytes().split()[0])
    with workplace.read() as work:
        found = [reading.by_name(work, email) for email in EMAILS]
        opened = [
            newest.decrypt(row.email_sealed).decode() for row in found if row and row.email_sealed
        ]
        left = reading.by_name(work, "damaged")
        assert verify(work.connection, work.vault).broken is None
    assert opened == EMAILS
    assert left is not None
    assert left.email_sealed == b"?"


def test_files_and_waiting_mails_are_sealed_anew_too(
    database: Database, clock: HeldClock, tmp_path: Path
) -> None:
    keys, folder = KeyRing(tmp_path / "personal.keys"), ObjectFolder(tmp_path / "files")
    workplace = Workplace(database, Listeners(), clock, keys)
    before = folder.keep(keys.seal(b"a letter"))
    with workplace.begin() as work:
        place = {"organisation": "clinic", "facility": "north", "case_id": 1, "event": 1}
        told = {"media_type": "application/pdf", "size": 8, "sealed": keys.seal(b"letter.pdf")}
        work.session.add(CaseAttachment(**place, **told, stored=before))
        work.session.add(CaseAttachment(**place, **told, stored="0" * 64))
        put_mail(work, Mail("ana@clinic.example", "News", "Read them."))
    keys.rotate()
    resealer = Resealer(
        workplace, clock, [sealed_files(attachment, "stored", folder), waiting_mails()]
    )
    with workplace.begin() as work:
        resealer.put_jobs(work)
    resealer.finish()
    newest = Fernet((tmp_path / "personal.keys").read_bytes().split()[0])
    with workplace.read() as work:
        kept, lost = work.session.exec(select(CaseAttachment).order_by(attachment.c.id)).all()
        (mail,) = work.session.exec(select(Job).where(Job.kind == "mail")).all()
    content = folder.find(kept.stored)
    assert content is not None
    assert newest.decrypt(content) == b"a letter"
    assert folder.find(before) is None
    assert lost.stored == "0" * 64
    told = json.loads(newest.decrypt(b64decode(json.loads(mail.payload)["sealed"])))
    assert (told["to"], told["text"]) == ("ana@clinic.example", "Read them.")
