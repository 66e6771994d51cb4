"""For how long what is kept of patients is kept."""

from sqlmodel import Field, SQLModel


class Retention(SQLModel, table=True):
    """What a facility has said of one kind; where it has not, the kind's own number of days holds."""

    __tablename__ = "retention"

    organisation: str = Field(primary_key=True)
    facility: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    days: int
