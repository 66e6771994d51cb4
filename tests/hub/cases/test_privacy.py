"""A patient who goes takes the files of their case along; the case itself stays."""

from pathlib import Path

from hub.cases.casework import cases, comments
from hub.cases.casework.attachments import Upload, attachments
from hub.cases.casework.comments import Audience
from hub.cases.privacy import CaseHolder
from hub.core.objects import ObjectFolder
from hub.core.unit_of_work import Workplace
from tests.hub.cases.complaints import AGENT, PHONE, WORDS, opened
from tests.hub.clinic import WHOLE

LETTER = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


def test_attachments_are_handed_over_and_erased(staffed: Workplace, tmp_path: Path) -> None:
    case, folder = opened(staffed), ObjectFolder(tmp_path / "files")
    other = opened(staffed, 2, "south")
    holder = CaseHolder(folder)
    with staffed.begin() as work:
        told = {"folder": folder, "uploads": [Upload("letter.pdf", LETTER)]}
        comments.comment(work, AGENT, case, "See their letter", Audience.INTERNAL, **told)
    with staffed.begin() as work:
        north = WHOLE.within("north")
        (found,) = holder.find(work, north, PHONE)
        assert (found["words"], found["files"][0]["name"]) == (WORDS, "letter.pdf")
        assert holder.erase(work, north, PHONE) == 1
    assert list((tmp_path / "files").iterdir()) == []
    with staffed.read() as work:
        assert attachments(work, AGENT, case) == []
        assert cases.case(work, AGENT, case).employee == "anna-north"
        (left,) = holder.find(work, WHOLE, PHONE)
        assert left["words"] == WORDS, f"case {other} of another facility is another's to erase"
