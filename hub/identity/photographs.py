"""Photographs of employees: checked by what they contain, drawn anew without a camera's remarks.

Patients see them, so they are not encrypted where they are kept. Whom one shows is stored with the employee.
"""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from hub.core.errors import BadInput
from hub.core.texts import gettext as _

FIELD = "photograph"
SIDE = 640
"""Pixels of the longer side, enough for the largest terminal."""
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP")


def drawn_anew(content: bytes) -> bytes:
    """A JPEG of at most SIDE pixels, upright, without metadata; raises BadInput for whatever is no photograph."""
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise BadInput(FIELD, _("The picture has too many pixels. Choose a smaller one."))
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ) as error:
        raise BadInput(FIELD, _("This is not a JPEG, PNG or WebP picture.")) from error
    upright.thumbnail((SIDE, SIDE))
    drawn = BytesIO()
    upright.save(drawn, "JPEG", quality=85)
    return drawn.getvalue()
