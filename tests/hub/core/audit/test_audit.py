"""The log is one chain whoever writes at once, and any change, loss or exchange of its entries is found."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from hub.core.audit.chain import START
from hub.core.audit.tables import AuditEntry
from hub.core.audit.verifying import Outcome, verify
from hub.core.db import Database
from hub.core.scope import Scope
from hub.core.unit_of_work import Workplace

ANNA = Scope("clinic", actor="account/7")
COLUMNS = [column.name for column in AuditEntry.__table__.columns]  # type: ignore[attr-defined]


def read_contacts(workplace: Workplace, *contacts: object) -> None:
    with workplace.begin() as work:
        for contact in contacts:
            work.audit.record(
                ANNA, "contact.read", f"contact/{contact}", facility="north", reason="call"
            )


def verified(workplace: Workplace, noted: tuple[int, str] | None = None) -> Outcome:
    with workplace.read() as work:
        return verify(work.connection, work.vault, noted)


def tamper(database: Database, statement: str, **values: object) -> None:
    with database.writing() as connection:
        connection.execute(text(statement), values)


def test_an_empty_log_is_whole(workplace: Workplace) -> None:
    assert verified(workplace) == Outcome(0, START)


def test_what_is_recorded_is_there_after_the_transaction_and_not_without_it(
    workplace: Workplace, database: Database
) -> None:
    with pytest.raises(ValueError, match="only codes"):
        read_contacts(workplace, "1", "no code")
    assert verified(workplace).count == 0
    with workplace.begin() as work:
        work.audit.record(ANNA, "contact.read", "contact/1", facility="north", reason="call")
        work.audit.record(ANNA, "case.opened", "case/5")
    assert verified(workplace).count == 2
    with database.reading() as connection:
        rows = connection.execute(text("SELECT * FROM audit_entry ORDER BY number")).mappings()
        first, second = rows.all()
    assert first["actor"] == "account/7"
    assert (first["action"], first["subject"], first["facility"], first["detail"]) == (
        "contact.read", "contact/1", "north", '{"reason":"call"}',
    )  # fmt: skip
    assert (second["number"], second["facility"]) == (2, None)


def test_what_only_looks_cannot_be_audited_unnoticed(workplace: Workplace) -> None:
    with workplace.read() as work, pytest.raises(RuntimeError):
        work.audit.record(ANNA, "contact.read", "contact/1")


@pytest.mark.parametrize(
    "personal", ["+34600111222", "María García", "600 111 222", "maria@example.org", "«да»"]
)
def test_nobodys_number_or_name_gets_in(workplace: Workplace, personal: str) -> None:
    with workplace.begin() as work:
        with pytest.raises(ValueError, match="only codes"):
            work.audit.record(ANNA, "contact.read", personal)
        with pytest.raises(ValueError, match="only codes"):
            work.audit.record(ANNA, "contact.read", "contact/1", of=personal)
        with pytest.raises(ValueError, match="not the name"):
            work.audit.record(ANNA, personal, "contact/1")


def test_writers_at_the_same_time_make_one_chain(workplace: Workplace) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: read_contacts(workplace, number, number), range(16)))
    assert verified(workplace) == Outcome(32, verified(workplace).digest)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_change_of_any_column_is_found(
    workplace: Workplace, database: Database, column: str
) -> None:
    read_contacts(workplace, 1, 2, 3)
    changed = f"{column} + 10" if column in {"number", "at_ms"} else f"{column} || 'x'"
    tamper(database, f"UPDATE audit_entry SET {column} = {changed} WHERE number = 2")
    outcome = verified(workplace)
    assert outcome.count == 1
    assert outcome.broken


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_single_byte_and_a_lost_value_are_found(
    workplace: Workplace, database: Database, number: int
) -> None:
    read_contacts(workplace, 1, 2, 3)
    tamper(
        database,
        "UPDATE audit_entry SET subject = replace(subject, 'contact', 'contbct') WHERE number = :n",
        n=number,
    )
    assert verified(workplace).count == number - 1
    tamper(database, "UPDATE audit_entry SET facility = NULL")
    assert verified(workplace).count == 0


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_removed_entry_is_found(workplace: Workplace, database: Database, number: int) -> None:
    read_contacts(workplace, 1, 2, 3)
    tamper(database, "DELETE FROM audit_entry WHERE number = :n", n=number)
    assert verified(workplace).broken


def test_exchanged_entries_are_found(workplace: Workplace, database: Database) -> None:
    read_contacts(workplace, 1, 2, 3)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        tamper(
            database, "UPDATE audit_entry SET number = :new WHERE number = :old", old=old, new=new
        )
    assert verified(workplace).broken


@pytest.mark.parametrize("what", ["emptied", "gone", "changed"])
def test_an_end_that_was_written_by_others_is_found(
    workplace: Workplace, database: Database, what: str
) -> None:
    read_contacts(workplace, 1, 2, 3)
    noted = (3, verified(workplace).digest)
    if what == "gone":
        tamper(database, "DELETE FROM audit_head")
    else:
        sealed = b"" if what == "emptied" else b"[3, not]"
        tamper(database, "UPDATE audit_head SET sealed = :sealed", sealed=sealed)
    assert verified(workplace).broken
    tamper(database, "DELETE FROM audit_entry")
    assert verified(workplace, noted).broken


def test_a_noted_end_must_stay_part_of_the_log(workplace: Workplace) -> None:
    read_contacts(workplace, 1, 2)
    end = verified(workplace)
    read_contacts(workplace, 3)
    assert verified(workplace, (end.count, end.digest)).broken is None
    assert verified(workplace, (end.count, START)).broken
    assert verified(workplace, (9, end.digest)).broken
