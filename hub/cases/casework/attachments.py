"""Files that belong to comments: what they are is decided by their content, and they lie encrypted in a folder."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import puremagic
from PIL import Image, UnidentifiedImageError
from sqlmodel import col, select

from hub.cases.casework import cases
from hub.cases.tables import CaseAttachment, PatientCase
from hub.core.errors import BadInput, NotFound
from hub.core.objects import ObjectFolder
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork

MOST_BYTES = 5 * 1024 * 1024
MOST_FILES = 5
PDF = "application/pdf"
_PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_FIRST_OF_PDF = b"%PDF-"


@dataclass(frozen=True, slots=True, repr=False)
class Upload:
    """As it came."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A stored file; `name` is what it was called."""

    id: int
    event: int
    name: str
    media_type: str
    size: int


def media_type_of(upload: Upload) -> str:
    """By its content; BadInput for anything but pictures and PDF, whatever it calls itself."""
    if not upload.content or len(upload.content) > MOST_BYTES:
        raise BadInput("files", _("A file has at most 5 MiB, and is not empty."))
    try:
        kind = puremagic.from_string(upload.content, mime=True)
    except puremagic.PureError:
        kind = ""
    if kind in _PICTURES and _is_picture(upload.content, _PICTURES[kind]):
        return kind
    if kind == PDF and upload.content.startswith(_FIRST_OF_PDF):
        return kind
    raise BadInput("files", _("Only pictures (JPEG, PNG, WebP) and PDF files can be attached."))


def attach(
    work: UnitOfWork, row: PatientCase, event: int, folder: ObjectFolder, uploads: Sequence[Upload]
) -> None:
    """Store the files of a comment."""
    if len(uploads) > MOST_FILES:
        raise BadInput("files", _("At most five files at once."))
    kinds = [media_type_of(upload) for upload in uploads]
    for upload, kind in zip(uploads, kinds, strict=True):
        work.session.add(
            CaseAttachment(
                organisation=row.organisation,
                facility=row.facility,
                case_id=row.id or 0,
                event=event,
                media_type=kind,
                size=len(upload.content),
                stored=folder.keep(work.vault.seal(upload.content)),
                sealed=work.vault.seal(Path(upload.name).name[:200].encode()),
            )
        )


@needs(Permission.SEE_CASES)
def attachments(work: UnitOfWork, scope: Scope, case_id: int) -> list[AttachmentView]:
    """Of a case, in the order they came."""
    wanted = select(CaseAttachment).where(
        scope.rows(CaseAttachment), col(CaseAttachment.case_id) == case_id
    )
    return [
        AttachmentView(
            row.id or 0, row.event, work.vault.open(row.sealed).decode(), row.media_type, row.size
        )
        for row in work.session.exec(wanted.order_by(col(CaseAttachment.id)))
    ]


@needs(Permission.HANDLE_CASES)
def content(
    work: UnitOfWork, scope: Scope, case_id: int, attachment: int, folder: ObjectFolder
) -> tuple[str, bytes]:
    """Media type and content; that somebody read it is audited."""
    row = cases.found(work, scope, case_id)
    wanted = select(CaseAttachment).where(
        scope.rows(CaseAttachment),
        CaseAttachment.case_id == case_id,
        CaseAttachment.id == attachment,
    )
    file = work.session.exec(wanted).first()
    if file is None:
        raise NotFound(_("There is no such file."))
    subject = f"case/{case_id}/attachment/{attachment}"
    work.audit.record(scope, "attachment.read", subject, facility=row.facility)
    kept = folder.find(file.stored)
    if kept is None:
        raise NotFound(_("This file is no longer here."))
    return file.media_type, work.vault.open(kept)


def _is_picture(content: bytes, kind: str) -> bool:
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            picture.verify()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True
