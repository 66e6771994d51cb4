"""Tables of the embedded time series."""

from sqlalchemy import BigInteger, Float, UniqueConstraint
from sqlmodel import Field, SQLModel


class SeriesRow(SQLModel, table=True):
    """What is measured on which device; see `hub.core.timeseries.points.Series`."""

    __tablename__ = "series"
    __table_args__ = (
        UniqueConstraint(
            "organisation", "device", "measurement", "part", "facility", name="uq_series_names"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    measurement: str
    organisation: str
    facility: str
    device: str
    part: str


class PointRow(SQLModel, table=True):
    """The values of one series in one stretch of time. It belongs to whom its series belongs."""

    __tablename__ = "series_point"
    __table_args__ = {"sqlite_with_rowid": False}

    series: int = Field(primary_key=True)
    step_ms: int = Field(primary_key=True, sa_type=BigInteger)
    """Of its level."""
    at_ms: int = Field(primary_key=True, sa_type=BigInteger)
    count: int = Field(sa_type=BigInteger)
    total: float = Field(sa_type=Float(53))
    least: float = Field(sa_type=Float(53))
    most: float = Field(sa_type=Float(53))
