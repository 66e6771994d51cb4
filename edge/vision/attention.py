"""Pure: whether a face is turned towards the camera, which stands beside the screen. Told from five landmarks alone.

Decides how far a head may be turned: about 30 degrees to a side, 40 up or down. Where the eyes look is not known.
"""

from edge.vision.faces import Face

MOST_ASIDE = 0.22
"""How far the nose may lie from the middle between the eyes, in their distance."""
NOSE_BETWEEN = (0.30, 0.75)
"""Where the nose may lie between the eyes (0) and the mouth (1)."""


def is_looking(face: Face) -> bool:
    """Towards the screen, as far as the landmarks tell."""
    left_eye, right_eye, nose, left_mouth, right_mouth = face.landmarks
    across = right_eye[0] - left_eye[0], right_eye[1] - left_eye[1]
    eyes = (left_eye[0] + right_eye[0]) / 2, (left_eye[1] + right_eye[1]) / 2
    mouth = (left_mouth[0] + right_mouth[0]) / 2, (left_mouth[1] + right_mouth[1]) / 2
    down = mouth[0] - eyes[0], mouth[1] - eyes[1]
    width_squared, height_squared = _dot(across, across), _dot(down, down)
    if across[0] <= 0 or width_squared == 0 or height_squared == 0:
        return False  # a head upside down, or no head
    to_nose = nose[0] - eyes[0], nose[1] - eyes[1]
    # Measured along the head's own axes, so that a tilted head looks too.
    lowered = _dot(to_nose, down) / height_squared
    aside = abs(_dot((to_nose[0] - lowered * down[0], to_nose[1] - lowered * down[1]), across))
    return aside / width_squared <= MOST_ASIDE and NOSE_BETWEEN[0] <= lowered <= NOSE_BETWEEN[1]


def _dot(one: tuple[float, float], other: tuple[float, float]) -> float:
    return one[0] * other[0] + one[1] * other[1]
