"""Lists of patients: every bad row is told with its reason, and nothing is half taken in."""

import io
import os
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from sqlmodel import func, select

from hub.core.errors import BadInput
from hub.core.row_problems import BadRows
from hub.sms.campaigns.tables import SmsParticipation
from hub.sms.invitations import intake
from hub.sms.invitations.columns import Column, guessed
from hub.sms.invitations.enrolling import Enrolled
from hub.sms.invitations.folder import QUIET_MS
from hub.sms.invitations.sheets import MOST_BYTES
from hub.sms.people.tables import SmsRespondent
from tests.hub.sms.texting import AFTER_VISIT, WHOLE, Texting

GOOD = """NHC;Nombre;Móvil;Idioma;Médico;Fecha visita
17;Ana Pérez;600 11 22 33;ca;anna-north;16/06/2025 10:00
18;Pau;+34 611 223 344;;;2025-06-16
19;Ольга;8 916 123-45-67;ru;;16.06.2025
"""
BAD = """NHC;Nombre;Móvil;Idioma;Médico;Fecha visita
17;Ana Pérez;600 11 22 33;ca;anna-north;16/06/2025 10:00
18;Pau;911 11 22 33;;;
19;Eva;6001;fr;anna-south;ayer
20;Leo;;;;
17;Ana otra vez;600112244;;;
"""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """How rows are read and locked is tried on both databases where patients are invited."""
    return sqlite_url


@pytest.fixture
def campaign(texting: Texting) -> Texting:
    texting.campaign()
    return texting


def count(texting: Texting, table: type[SmsParticipation] | type[SmsRespondent]) -> int:
    with texting.workplace.read() as work:
        return work.session.exec(select(func.count()).select_from(table)).one()


def taken(texting: Texting, content: bytes, mapping: dict[Column, str] | None = None) -> Enrolled:
    with texting.workplace.begin() as work:
        return intake.take_in(work, WHOLE, AFTER_VISIT, content, mapping=mapping, by="t")


def shown(texting: Texting, content: bytes) -> intake.Preview:
    with texting.workplace.read() as work:
        return intake.preview(work, WHOLE, AFTER_VISIT, content)


def test_a_preview_lists_every_bad_row_with_its_reason(campaign: Texting) -> None:
    found = shown(campaign, BAD.encode())
    assert [(p.line, p.field) for p in found.problems] == [
        (3, "telephone"), (4, "employee"), (4, "happened"), (4, "language"), (4, "telephone"), (5, "telephone"),
        (6, "patient"),
    ]  # fmt: skip
    assert found.problems[-1].detail == "This patient is in line 2 already."
    assert found.rows == 5
    with pytest.raises(BadRows):
        taken(campaign, BAD.encode())
    assert count(campaign, SmsParticipation) == count(campaign, SmsRespondent) == 0


def test_a_good_list_is_shown_without_telephones_and_taken_in_once(campaign: Texting) -> None:
    content = GOOD.replace("8 916 123-45-67", "+7 916 123-45-67").encode()
    found = shown(campaign, content)
    assert found.problems == []
    assert found.mapping[Column.TELEPHONE] == "Móvil"
    assert found.first[0].telephone == "+34 ••• ••• 33"
    assert [one.language for one in found.first] == ["ca", "es", "ru"]
    assert taken(campaign, content) == Enrolled(3, 3, 0, 0, 0)
    assert taken(campaign, content) == Enrolled(3, 0, 0, 0, 3)
    assert count(campaign, SmsParticipation) == 3


def test_a_spreadsheet_is_read_as_it_was_meant(campaign: Texting) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Teléfono del paciente", "Cuándo"])
    sheet.append([600112233, datetime.fromisoformat("2025-06-16T10:00")])
    sheet.append([None, None])
    sheet.append([34600112244.0, datetime.fromisoformat("2025-06-15")])
    content = io.BytesIO()
    book.save(content)
    mapping = {Column.TELEPHONE: "Teléfono del paciente", Column.HAPPENED: "Cuándo"}
    assert taken(campaign, content.getvalue(), mapping).chosen == 2


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04nonsense", b"\x81\x8d", b"a,a\n1,2", b"a\n", b"telefono;a\n1;2;3"]
)
def test_what_is_no_table_is_refused_in_one_sentence(campaign: Texting, content: bytes) -> None:
    with pytest.raises(BadInput):
        shown(campaign, content)


def test_a_table_that_unpacks_to_too_much_is_refused(campaign: Texting) -> None:
    content = io.BytesIO()
    with (
        ZipFile(content, "w", ZIP_DEFLATED, compresslevel=1) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w") as sheet,
    ):
        for _ in range(MOST_BYTES // 1_000_000 + 1):
            sheet.write(bytes(1_000_000))
    with pytest.raises(BadInput, match="too large"):
        shown(campaign, content.getvalue())


def test_columns_are_known_by_the_names_that_clinics_use() -> None:
    assert guessed(["TELÉFONO", "Id", "Врач", "x"]) == {
        Column.TELEPHONE: "TELÉFONO",
        Column.PATIENT: "Id",
        Column.EMPLOYEE: "Врач",
    }


def test_nothing_that_is_kept_shows_who_it_is(campaign: Texting) -> None:
    taken(campaign, GOOD.replace("8 916", "+7 916").encode())
    with campaign.workplace.read() as work:
        rows = [str(row.model_dump()) for row in work.session.exec(select(SmsRespondent))]
        rows += [str(row.model_dump()) for row in work.session.exec(select(SmsParticipation))]
    assert not any("600112233" in row or "Pérez" in row or "Pau" in row for row in rows)


def test_a_dropped_list_is_taken_in_when_it_is_whole_and_then_deleted(campaign: Texting) -> None:
    folder = campaign.folder / "clinic" / AFTER_VISIT
    folder.mkdir(parents=True)
    good, bad = folder / "today.csv", folder / "wrong.csv"
    for path, text in ((good, "telefono\n600112233\n"), (bad, "telefono\n600112244\n12\n")):
        path.write_text(text)
        now_s = campaign.clock.now_ms() / 1000
        os.utime(path, (now_s, now_s))
    (folder / "notes.txt").write_text("not a list")
    campaign.run("sms-lists")
    assert good.exists(), "somebody may still be writing it"
    campaign.clock.move(ms=QUIET_MS)
    campaign.run("sms-lists")
    assert sorted(path.name for path in folder.iterdir()) == ["notes.txt", "wrong.csv.problems"]
    told = (folder / "wrong.csv.problems").read_text()
    assert told.splitlines()[1].startswith("3,telephone,")
    assert "600112244" not in told
    assert count(campaign, SmsParticipation) == 1


def test_a_list_for_nobodys_campaign_is_refused(campaign: Texting) -> None:
    folder = campaign.folder / "clinic" / "unknown"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text("telefono\n600112233\n")
    os.utime(folder / "a.csv", (0, 0))
    campaign.run("sms-lists")
    assert [path.name for path in folder.iterdir()] == ["a.csv.problems"]
