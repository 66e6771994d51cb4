"""What terminals say of their configuration: by which versions they work, and what they refused or took back."""

import json

from sqlalchemy import select
from sqlmodel import col

from contract.documents import ReportedConfiguration
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.tables import Desired


@needs(Permission.SEE_DEVICES)
def reported(work: UnitOfWork, scope: Scope, device: str) -> ReportedConfiguration | None:
    """What a device of the scope last said of its configuration."""
    mine = select(Desired).where(scope.rows(Desired), col(Desired.device) == device)
    row = work.session.scalars(mine).first()
    if row is None or row.reported_version is None:
        return None
    told = json.loads(row.reported or "{}")
    return ReportedConfiguration.model_validate({**told, "version": row.reported_version})
