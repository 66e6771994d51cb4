"""Touchpoints on the pages of an administrator."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.datastructures import FormData

from hub.core.errors import BadInput
from hub.core.scope import Scope
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity import changes, service
from hub.identity.entry_pages import Values, within
from hub.identity.forms import TouchpointForm, new_id
from hub.identity.place_words import PLACE_KINDS
from hub.identity.schemas import NewTouchpoint
from hub.identity.views import TouchpointView

SurveysOf = Callable[[UnitOfWork, Scope], Mapping[str, str]]
"""What may be asked at the touchpoints of a scope: titles by code."""


class Touchpoints:
    """See `entry_pages.Kind`."""

    path = "/touchpoints"
    templates = ("identity/touchpoints.html", "identity/touchpoint.html")
    fields: tuple[str, ...] = ("name", "facility", "kind", "survey")

    def __init__(self, surveys_of: SurveysOf) -> None:
        self._surveys_of = surveys_of

    def all(self, work: UnitOfWork, scope: Scope) -> list[TouchpointView]:
        return service.touchpoints(work, scope)

    def one(self, work: UnitOfWork, scope: Scope, entry: str) -> TouchpointView:
        return changes.touchpoint(work, scope, entry)

    def choices(self, work: UnitOfWork, scope: Scope) -> dict[str, Any]:
        return {"surveys": self._surveys_of(work, scope), "kinds": PLACE_KINDS}

    def read(self, given: Values, form: FormData) -> Values:  # noqa: ARG002 - it has no file
        return TouchpointForm.model_validate(given).model_dump()

    def create(self, work: UnitOfWork, scope: Scope, values: Values) -> None:
        self._check_survey(work, scope, values)
        made = NewTouchpoint(id=new_id(values["name"]), **values)
        service.create_touchpoint(work, scope, made)

    def change(self, work: UnitOfWork, scope: Scope, entry: str, seen: int, values: Values) -> None:
        self._check_survey(work, scope, values)
        changing = {name: values[name] for name in ("name", "kind", "survey")}
        changes.change_touchpoint(work, scope, entry, seen, changing)

    def set_active(self, work: UnitOfWork, scope: Scope, entry: str, active: bool) -> None:
        changes.set_touchpoint_active(work, scope, entry, active)

    def _check_survey(self, work: UnitOfWork, scope: Scope, values: Values) -> None:
        if values["survey"] not in self._surveys_of(work, within(scope, values["facility"])):
            raise BadInput("survey", _("There is no such survey."))
