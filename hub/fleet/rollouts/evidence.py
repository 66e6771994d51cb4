"""The evidence of a rollout as a table: which terminal was given what, by whose approval, and what came of it."""

from collections.abc import Sequence

from hub.core.clock import as_datetime
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.spreadsheet import Cell, as_csv
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.rollouts import service

HEADER = (
    "rollout", "release", "channel", "lock_sha256", "begun_by", "begun_at", "step", "approved_by", "approved_at",
    "facility", "device", "version_before", "asked_at", "standing", "reason", "detail", "confirmed_at",
    "standing_since", "return", "return_reason",
)  # fmt: skip


@needs(Permission.SEE_DEVICES)
def evidence(work: UnitOfWork, scope: Scope, name: str) -> bytes:
    """CSV, a line for each terminal in the scope; times are UTC."""
    row = service.rollout(work, scope, name)
    groups = {group.number: group for group in row.groups}
    rows: list[Sequence[Cell]] = []
    for part in service.parts(work, scope, name):
        group = groups[part.group]
        rows.append(
            (
                row.id,
                row.release,
                row.channel,
                row.lock_sha256,
                row.created_by,
                _moment(row.created_ms),
                part.group + 1,
                group.approved_by,
                _moment(group.approved_ms),
                part.facility,
                part.device,
                part.before,
                _moment(part.asked_ms),
                part.standing,
                part.reason,
                part.detail,
                _moment(part.confirmed_ms),
                _moment(part.changed_ms),
                part.back_standing,
                part.back_reason,
            )
        )
    return as_csv(HEADER, rows)


def _moment(at_ms: int | None) -> str:
    return "" if at_ms is None else as_datetime(at_ms).strftime("%Y-%m-%dT%H:%M:%SZ")
