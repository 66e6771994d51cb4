"""After a rotation everything stored is sealed with the newest key, and was readable all the time."""

from pathlib import Path

from cryptography.fernet import Fernet

from hub.core.audit.verifying import verify
from hub.core.db import Database
from hub.core.keys import KeyRing
from hub.core.resealing import AT_ONCE, Resealer, put_jobs, sealed_columns
from hub.core.scope import Scope
from hub.core.unit_of_work import Listeners, Workplace
from hub.identity import reading
from hub.identity.tables import Account, Organisation
from tests.fakes.clock import HeldClock

EMAILS = [f"person{number}@clinic.example" for number in range(AT_ONCE + 5)]


def test_every_column_of_bytes_is_among_them() -> None:
    named = {f"{table.name}.{column.name}" for table, column in sealed_columns()}
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
    with workplace.begin() as work:
        put_jobs(work)
    Resealer(workplace, clock).finish()
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
