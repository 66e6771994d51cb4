"""Routes that FastAPI analyses when they are first asked for, and routers that are one flat list of them.

An application has hundreds of routes, and to analyse what each endpoint takes and gives is most of what making one
costs; whoever starts a hub asks for a few of them at first. FastAPI also keeps included routers as a tree that is
analysed anew and walked at every request; here what is included becomes routes of the including router.
"""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import compile_path, get_name


class Route(APIRoute):
    """Knows what a request is matched by; everything else once something asks for it, on the event loop alone."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self.path = path
        self.endpoint = endpoint
        self.options = options
        self.name = options.get("name") or get_name(endpoint)
        self.methods = {method.upper() for method in options.get("methods") or ["GET"]}
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        self._analysed = False

    def __getattr__(self, name: str) -> Any:
        """Called for what is not there yet."""
        if self.__dict__.get("_analysed", True):
            raise AttributeError(name)
        self._analysed = True
        super().__init__(self.path, self.endpoint, **self.options)
        return getattr(self, name)

    def within(self, router: APIRouter) -> "Route":
        """The same below the router's prefix, with its tags, and left out of the document where the router is."""
        options = self.options | {
            "tags": [*router.tags, *self.options["tags"]],
            "include_in_schema": router.include_in_schema and self.options["include_in_schema"],
        }
        return Route(router.prefix + self.path, self.endpoint, **options)


class Router(APIRouter):
    """One flat list of routes."""

    def __init__(
        self, prefix: str = "", *, tags: list[str] | None = None, include_in_schema: bool = True
    ) -> None:
        super().__init__(
            prefix=prefix,
            tags=[*(tags or ())],
            include_in_schema=include_in_schema,
            route_class=Route,
        )

    def include(self, router: "Router") -> None:
        """Add the other's routes, as they are now."""
        self.routes.extend(
            route.within(self) for route in router.routes if isinstance(route, Route)
        )
