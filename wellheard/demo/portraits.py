"""Portraits of people who do not exist: a head, hair and a coat, drawn from the name alone."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

SIDE = 480
FINER = 2
"""Drawn larger and made smaller, so that edges are smooth."""

BACKDROPS = ("#dfe9f3", "#e6efe3", "#f3e8df", "#e9e4f1", "#e0eeee")
SKINS = ("#f3d3b8", "#e5b894", "#d29c74", "#b97f56", "#8f5d3d")
HAIRS = ("#2c2320", "#4a3225", "#7a5233", "#a97e4a", "#8d8d8d", "#c9c4bb")
COATS = ("#ffffff", "#f4f8fb", "#cfe3ee", "#d5e8dc")
SHIRTS = ("#2f6f9f", "#4f8a6b", "#8a4f5f", "#5b5f97", "#3a3f4b")
INK = "#3a2a25"

Box = tuple[float, float, float, float]


def portrait(name: str, *, long_hair: bool) -> bytes:
    """A PNG; the same name gives the same face."""
    chance = Random(f"portrait/{name}")  # noqa: S311 - a face, no secret
    image = Image.new("RGB", (SIDE * FINER, SIDE * FINER), chance.choice(BACKDROPS))
    pen = ImageDraw.Draw(image)
    skin, hair = chance.choice(SKINS), chance.choice(HAIRS)
    if long_hair:
        pen.rounded_rectangle(_box(0.29, 0.2, 0.71, 0.72), _length(0.2), fill=hair)
    _coat(pen, chance.choice(COATS), chance.choice(SHIRTS), skin)
    pen.ellipse(_box(0.33, 0.2, 0.67, 0.64), fill=skin)
    _hair(pen, hair, long_hair, chance)
    _face(pen, hair, chance)
    drawn = BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(drawn, "PNG")
    return drawn.getvalue()


def _coat(pen: ImageDraw.ImageDraw, coat: str, shirt: str, skin: str) -> None:
    pen.ellipse(_box(0.12, 0.68, 0.88, 1.45), fill=coat)
    pen.polygon(_points((0.4, 0.7), (0.6, 0.7), (0.5, 0.95)), fill=shirt)
    pen.rounded_rectangle(_box(0.43, 0.55, 0.57, 0.74), _length(0.06), fill=skin)
    for edge in (0.4, 0.6):
        pen.line(_points((edge, 0.69), (0.5, 0.97)), fill="#b9c4cc", width=round(_length(0.008)))


def _hair(pen: ImageDraw.ImageDraw, hair: str, long_hair: bool, chance: Random) -> None:
    parting = chance.uniform(0.42, 0.58)
    pen.chord(_box(0.31, 0.16, 0.69, 0.56), 180, 360, fill=hair)
    pen.polygon(
        _points((0.31, 0.35), (parting, 0.29), (0.69, 0.35), (0.69, 0.37), (0.31, 0.37)), hair
    )
    if long_hair:
        for side in (0.31, 0.65):
            pen.rounded_rectangle(_box(side, 0.34, side + 0.05, 0.62), _length(0.025), fill=hair)


def _face(pen: ImageDraw.ImageDraw, hair: str, chance: Random) -> None:
    for eye in (0.43, 0.57):
        pen.ellipse(_box(eye - 0.012, 0.425, eye + 0.012, 0.455), fill=INK)
        pen.line(
            _points((eye - 0.03, 0.4), (eye + 0.03, 0.397)), fill=hair, width=round(_length(0.01))
        )
    if chance.random() < 0.35:
        for eye in (0.43, 0.57):
            pen.ellipse(_box(eye - 0.045, 0.4, eye + 0.045, 0.485), outline=INK, width=5)
        pen.line(_points((0.475, 0.44), (0.525, 0.44)), fill=INK, width=5)
    pen.arc(_box(0.44, 0.48, 0.56, 0.575), 25, 155, fill=INK, width=round(_length(0.009)))


def _length(share: float) -> float:
    return share * SIDE * FINER


def _box(left: float, top: float, right: float, bottom: float) -> Box:
    return (_length(left), _length(top), _length(right), _length(bottom))


def _points(*shares: tuple[float, float]) -> list[tuple[float, float]]:
    return [(_length(x), _length(y)) for x, y in shares]
