"""The REST resource of lists of patients: shown before they are taken in; whole, or not at all."""

import json
from typing import Annotated

from fastapi import Body, Depends, Query
from pydantic import TypeAdapter, ValidationError

from hub.core.errors import BadInput
from hub.core.http_routes import Router
from hub.core.permissions import Permission
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.identity.access import Access
from hub.identity.views import Visitor
from hub.sms.api.models import CampaignId, ListPreview, Patient
from hub.sms.invitations import intake
from hub.sms.invitations.columns import Column
from hub.sms.invitations.enrolling import Enrolled

Table = Annotated[bytes, Body(media_type="application/octet-stream", min_length=1)]
Mapping = Annotated[
    str | None,
    Query(description='JSON such as {"telephone": "Móvil"}; without it, the names tell'),
]
Patients = Annotated[list[Patient], Body(min_length=1, max_length=5000)]
_MAPPING = TypeAdapter(dict[Column, str])


def api(workplace: Workplace, access: Access) -> Router:
    """For whoever may send campaigns, and their programs."""
    router = Router(prefix="/api/sms/campaigns/{campaign}", tags=["campaigns by SMS"])
    sends = Depends(access.may(Permission.SEND_CAMPAIGNS))

    @router.post("/lists/preview")
    def preview(
        campaign: CampaignId, content: Table, visitor: Visitor = sends, mapping: Mapping = None
    ) -> ListPreview:
        """A CSV or XLSX table; every bad row with its reason. Nothing is stored."""
        with workplace.read() as work:
            meant = _meant(mapping)
            return ListPreview.of(intake.preview(work, visitor.scope, campaign, content, meant))

    @router.post("/lists", status_code=201)
    def take_in(
        campaign: CampaignId, content: Table, visitor: Visitor = sends, mapping: Mapping = None
    ) -> Enrolled:
        """The same table, taken in. One bad row keeps all of it out."""
        with workplace.begin() as work:
            by, meant = visitor.account.name, _meant(mapping)
            return intake.take_in(work, visitor.scope, campaign, content, mapping=meant, by=by)

    @router.post("/patients", status_code=201)
    def patients(campaign: CampaignId, given: Patients, visitor: Visitor = sends) -> Enrolled:
        """All of them, or none."""
        rows = [patient.cells() for patient in given]
        with workplace.begin() as work:
            return intake.take_in_rows(work, visitor.scope, campaign, rows, by=visitor.account.name)

    return router


def _meant(mapping: str | None) -> dict[Column, str] | None:
    if mapping is None:
        return None
    try:
        return _MAPPING.validate_python(json.loads(mapping))
    except (ValueError, ValidationError) as error:
        detail = _("This does not say which column means what.")
        raise BadInput("mapping", detail) from error
