"""What can go wrong, named by whose fault it is. Messages are shown to people: no internals, no personal data.

How an error looks to a browser or a program is decided in `http_problems`.
"""

from hub.core.texts import N_


class HubError(Exception):
    """`detail` is one sentence for the person who meets it; `field` names what they gave."""

    status = 500
    title = N_("Something went wrong here")

    def __init__(self, detail: str, *, field: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field


class BadInput(HubError):
    """The caller's: what they gave cannot be right."""

    status = 422
    title = N_("Please check what was entered")

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail, field=field)


class NotSignedIn(HubError):
    """The caller's: nobody known is asking."""

    status = 401
    title = N_("Please sign in")


class Forbidden(HubError):
    """The caller's: known, but this is not theirs to see or do."""

    status = 403
    title = N_("This is not open to you")


class NotFound(HubError):
    """The caller's: it is not there, or not in their scope (which must look the same)."""

    status = 404
    title = N_("There is nothing here")


class Conflict(HubError):
    """Nobody's: what is stored stands against it."""

    status = 409
    title = N_("This contradicts what is stored")


class TooManyAttempts(HubError):
    """The caller's, or somebody's who pretends to be them."""

    status = 429
    title = N_("Too many attempts")

    def __init__(self, detail: str, retry_after_s: int) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class Unavailable(HubError):
    """Ours, and passing: try again later."""

    status = 503
    title = N_("Not possible at this moment")
