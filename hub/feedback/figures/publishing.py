"""Pure: when the figure of one doctor or unit may be shown, and to whom. How it looks is the page's affair."""

from enum import StrEnum

from hub.feedback.figures.figure import Figure

FEWEST_INSIDE = 5
FEWEST_WITH_A_VALUE = 10
FEWEST_IN_PUBLIC = 30
WIDEST_IN_PUBLIC = 15.0  # half the interval, in points


class Standing(StrEnum):
    """How much of a figure may be shown, and where."""

    WITHHELD = "withheld"  # an alarm: nothing of it, until its cause is mended
    TOO_FEW = "too_few"  # these words, and nothing else
    INSIDE = "inside"  # to the staff: counts and interval
    PRELIMINARY = "preliminary"  # to the staff: the value too, called preliminary
    PUBLISHABLE = "publishable"  # to everybody

    @property
    def shows_interval(self) -> bool:
        """Counts and interval may be shown to the staff."""
        return self not in {Standing.WITHHELD, Standing.TOO_FEW}

    @property
    def shows_value(self) -> bool:
        """The value may be shown to the staff."""
        return self in {Standing.PRELIMINARY, Standing.PUBLISHABLE}


def standing(figure: Figure) -> Standing:
    """By the number of valid answers, and from 30 on by the interval; a wide one keeps it preliminary."""
    if figure.alarm is not None:
        return Standing.WITHHELD
    if figure.n < FEWEST_INSIDE:
        return Standing.TOO_FEW
    if figure.n < FEWEST_WITH_A_VALUE:
        return Standing.INSIDE
    if figure.n < FEWEST_IN_PUBLIC or figure.half_width > WIDEST_IN_PUBLIC:
        return Standing.PRELIMINARY
    return Standing.PUBLISHABLE


def may_show_free_text(n: int) -> bool:
    """Whether comments may be read beside a figure of so many answers without telling who wrote them."""
    return n >= FEWEST_INSIDE
