"""The application's wheel as terminals get it: without the hub, of which they have no use."""

import csv
import io
import zipfile
from pathlib import Path

LEFT_OUT = "hub/"


def for_terminals(wheel: Path) -> None:
    """Take the hub out of a wheel, and out of the list of its files, in place."""
    slim = wheel.with_name(f"{wheel.name}.new")
    with (
        zipfile.ZipFile(wheel) as whole,
        zipfile.ZipFile(slim, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as kept,
    ):
        for entry in whole.infolist():
            if entry.filename.startswith(LEFT_OUT):
                continue
            content = whole.read(entry)
            if entry.filename.endswith(".dist-info/RECORD"):
                content = _without_hub(content)
            kept.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
    slim.replace(wheel)


def _without_hub(record: bytes) -> bytes:
    rows = [row for row in csv.reader(io.StringIO(record.decode())) if row]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(row for row in rows if not row[0].startswith(LEFT_OUT))
    return text.getvalue().encode()
