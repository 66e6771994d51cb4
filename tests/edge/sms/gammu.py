"""A real gammu-smsd on gammu's `dummy` telephone, whose memory is a folder: messages come in as files."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.system.processes import Process

SHIPPED = Path(__file__).parents[3] / "firmware_config" / "sms" / "gammu-smsdrc"
SCHEMA = Path("/usr/share/doc/gammu-smsd/examples/sqlite.sql")
HEARD = (
    "CREATE TABLE heard (id INTEGER PRIMARY KEY, number TEXT, message INTEGER, text TEXT);"
    "CREATE TRIGGER hear AFTER INSERT ON sentitems BEGIN"
    " INSERT INTO heard (number, message, text)"
    " VALUES (new.DestinationNumber, new.ID, new.TextDecoded); END;"
)


class Gammu:
    """`heard` is what reached the network; the agent may have deleted it from gammu's own tables since."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "smsd.db"
        self._inbox = folder / "telephone" / "sms" / "1"
        self._written = 0
        (folder / "telephone").mkdir(parents=True)
        with self._opened() as database:
            database.executescript(SCHEMA.read_text() + HEARD)
        told = SHIPPED.read_text().replace("/var/lib/wellheard/sms", str(folder))
        told = told.replace("/dev/serial/by-id/usb-modem", str(folder / "telephone"))
        told = told.replace("connection = at115200", "connection = none\nmodel = dummy")
        rc = folder / "gammu-smsdrc"
        rc.write_text(told)
        self.process = Process("gammu-smsd", lambda: ["gammu-smsd", "-c", str(rc)], folder)

    def heard(self, telephone: str) -> list[str]:
        """Whole messages: the parts of one have one number."""
        with self._opened() as database:
            rows = database.execute(
                "SELECT message, text FROM heard WHERE number = ?"
                " AND message NOT IN (SELECT ID FROM outbox) ORDER BY id",
                [telephone],
            ).fetchall()
        whole: dict[int, str] = {}
        for message, text in rows:
            whole[message] = whole.get(message, "") + text
        return list(whole.values())

    def write(self, telephone: str, text: str, header: bytes = b"") -> None:
        """A message comes in."""
        self._written += 1
        told = {
            "PDU": "Deliver",
            "DateTime": f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}",
            "State": "UnRead",
            "Number": f'"{telephone}"',
            "NumberUnicode": telephone.encode("utf-16-be").hex().upper(),
            "Coding": "Unicode_No_Compression",
            "Folder": "1",
            "Length": str(len(text)),
            "Class": "-1",
            "Text00": text.encode("utf-16-be").hex().upper(),
        }
        if header:
            told["UDH"] = header.hex().upper()
        lines = "".join(f"{name} = {value}\n" for name, value in told.items())
        new = self._inbox.parent / f"new-{self._written}"
        new.write_text(f"[SMSBackup000]\n{lines}")
        new.rename(self._inbox / str(self._written))

    def deliver_all(self) -> None:
        """The network reports as delivered whatever has been sent."""
        with self._opened() as database:
            database.execute("UPDATE sentitems SET Status = 'DeliveryOK'")

    def is_up(self) -> bool:
        return self._inbox.is_dir()

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self.database, timeout=10)
        try:
            with database:
                yield database
        finally:
            database.close()
