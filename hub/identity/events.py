"""News of places and people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlacesChanged:
    """A touchpoint, employee or shift of this facility is new, changed, out of use or back, or its hours are others."""

    organisation: str
    facility: str
