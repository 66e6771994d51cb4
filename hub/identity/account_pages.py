"""The pages on which accounts are looked after: invited, given roles, taken out of use and brought back."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Form, Path, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from contract.messages.envelope import MAX_INT
from hub.core.errors import BadInput, HubError
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission, Role
from hub.core.scope import Grant, may_give
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import accounts, service
from hub.identity.access import Access
from hub.identity.accounts import is_in_charge
from hub.identity.forms import InvitationForm, sentences
from hub.identity.links import Addresses
from hub.identity.role_words import EXPLAINED, ROLES
from hub.identity.views import AccountView, Visitor

LIST = "/accounts"

Text = Annotated[str, Form(max_length=200)]
Number = Annotated[int, Path(ge=1, le=MAX_INT)]


class Screens:
    """What all these pages show: facilities and roles that the visitor may give."""

    def __init__(self, workplace: Workplace, shown: Pages) -> None:
        self._workplace = workplace
        self._shown = shown

    def show(
        self, request: Request, visitor: Visitor, template: str, status: int = 200, **more: Any
    ) -> Response:
        """One page; `errors` and `link` are none unless they are given."""
        with self._workplace.read() as work:
            facilities = {f.id: f.name for f in service.facilities(work, visitor.scope)}
        seen: dict[str, Any] = {
            "facilities": facilities,
            "everywhere": visitor.scope.facilities is None,
            "roles": ROLES,
            "offered": [role for role in Role if _may_give(visitor, role, facilities)],
            "explained": EXPLAINED,
            "link": None,
            "errors": {},
        }
        return self._shown.show(request, template, status=status, **(seen | more))

    def account(
        self, request: Request, visitor: Visitor, known: AccountView, status: int = 200, **more: Any
    ) -> Response:
        """The page of one account."""
        return self.show(request, visitor, "identity/account.html", status, known=known, **more)


def pages(workplace: Workplace, access: Access, addresses: Addresses, shown: Pages) -> Router:
    """The list, and the form of an invitation."""
    router = Router(prefix=LIST, include_in_schema=False)
    manages = Depends(access.may(Permission.MANAGE_ACCOUNTS))
    screens = Screens(workplace, shown)

    @router.get("")
    def listed(request: Request, undo: int | None = None, visitor: Visitor = manages) -> Response:
        with workplace.read() as work:
            found = accounts.accounts(work, visitor.scope)
        return screens.show(
            request,
            visitor,
            "identity/accounts.html",
            found=found,
            undone=next((one for one in found if one.id == undo and one.inactive_ms), None),
            changeable={one.id for one in found if is_in_charge(visitor.scope, one)},
        )

    @router.get("/new")
    def new(request: Request, visitor: Visitor = manages) -> Response:
        given = {"name": "", "email": "", "role": Role.VIEWER, "facility": ""}
        return screens.show(request, visitor, "identity/invite.html", given=given)

    @router.post("/new")
    def invite(
        request: Request,
        *,
        name: Text = "",
        email: Text = "",
        role: Text = "",
        facility: Text = "",
        visitor: Visitor = manages,
    ) -> Response:
        given = {"name": name, "email": email, "role": role, "facility": facility}
        try:
            form = InvitationForm.model_validate(given)
            with workplace.begin() as work:
                made = _made(work, visitor, form)
                link = accounts.invite_again(work, visitor.scope, addresses, made.id)
        except ValidationError as error:
            problems, status = sentences(error), BadInput.status
        except HubError as error:
            problems, status = {error.field or "": error.detail}, error.status
        else:
            return screens.account(request, visitor, made, link=link)
        return screens.show(
            request, visitor, "identity/invite.html", status, given=given, errors=problems
        )

    router.include(_one(workplace, manages, addresses, screens))
    router.include(_use(workplace, manages))
    return router


def _one(workplace: Workplace, manages: Any, addresses: Addresses, screens: Screens) -> Router:
    router = Router(prefix="/{number}")

    def known_as(visitor: Visitor, number: int) -> AccountView:
        with workplace.read() as work:
            return accounts.account(work, visitor.scope, number)

    def change(
        request: Request, visitor: Visitor, number: int, made: Callable[[UnitOfWork], None]
    ) -> Response:
        try:
            with workplace.begin() as work:
                made(work)
        except BadInput as error:
            errors = {"": error.detail}
            known = known_as(visitor, number)
            return screens.account(request, visitor, known, error.status, errors=errors)
        return RedirectResponse(f"{LIST}/{number}", 303)

    @router.get("")
    def one(request: Request, number: Number, visitor: Visitor = manages) -> Response:
        return screens.account(request, visitor, known_as(visitor, number))

    @router.post("/roles")
    def give(
        request: Request,
        number: Number,
        role: Annotated[Role, Form()],
        facility: Text = "",
        visitor: Visitor = manages,
    ) -> Response:
        grant = Grant(facility or None, role)
        given = lambda work: accounts.give_role(work, visitor.scope, number, grant)  # noqa: E731
        return change(request, visitor, number, given)

    @router.post("/roles/take")
    def take(
        request: Request,
        number: Number,
        role: Annotated[Role, Form()],
        facility: Text = "",
        visitor: Visitor = manages,
    ) -> Response:
        grant = Grant(facility or None, role)
        taken = lambda work: accounts.take_role(work, visitor.scope, number, grant)  # noqa: E731
        return change(request, visitor, number, taken)

    @router.post("/invite")
    def invite_again(request: Request, number: Number, visitor: Visitor = manages) -> Response:
        with workplace.begin() as work:
            link = accounts.invite_again(work, visitor.scope, addresses, number)
        return screens.account(request, visitor, known_as(visitor, number), link=link)

    @router.post("/second-factor/remove")
    def remove_second_factor(
        request: Request, number: Number, visitor: Visitor = manages
    ) -> Response:
        removed = lambda work: accounts.remove_second_factor(work, visitor.scope, number)  # noqa: E731
        return change(request, visitor, number, removed)

    return router


def _use(workplace: Workplace, manages: Any) -> Router:
    """Out of use, and back."""
    router = Router(prefix="/{number}")

    @router.post("/deactivate")
    def deactivate(number: Number, visitor: Visitor = manages) -> Response:
        with workplace.begin() as work:
            accounts.set_active(work, visitor.scope, number, False)
        return RedirectResponse(f"{LIST}?undo={number}", 303)

    @router.post("/restore")
    def restore(number: Number, visitor: Visitor = manages) -> Response:
        with workplace.begin() as work:
            accounts.set_active(work, visitor.scope, number, True)
        return RedirectResponse(LIST, 303)

    return router


def _made(work: UnitOfWork, visitor: Visitor, form: InvitationForm) -> AccountView:
    return accounts.create_account(
        work,
        visitor.scope,
        name=form.name,
        password_hash="",
        role=form.role,
        facility=form.facility or None,
        email=form.email or None,
    )


def _may_give(visitor: Visitor, role: Role, facilities: dict[str, str]) -> bool:
    return any(may_give(visitor.scope, Grant(place, role)) for place in (None, *facilities))
