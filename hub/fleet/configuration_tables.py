"""Tables of what terminals are set to."""

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel


class SettingsVersion(SQLModel, table=True):
    """What was set for one layer from this moment on; never changed, so that all of them are its history.

    `facility` is that of a facility's or a device's layer, and empty for the organisation's and for a tag's.
    """

    __tablename__ = "settings_version"

    organisation: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    """`organisation`, `facility`, `tag` or `device`."""
    subject: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    """Counts 1, 2, 3 … in each layer."""
    facility: str = ""
    settings: str = Field(sa_type=Text)
    """JSON: section and field to value."""
    changed_ms: int = Field(sa_type=BigInteger)
    changed_by: str
    restores: int | None = None
    """The earlier version whose settings these are, where somebody went back to it."""
