"""News of places and people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlacesChanged:
    """A touchpoint, an employee or a shift of this facility is new, changed, out of use or back."""

    organisation: str
    facility: str
