"""The film of the demonstration: what a terminal counts on it, and that nothing is shown where nothing can see."""

from pathlib import Path

import cv2
import pytest

from edge.vision.detector import open_detector
from edge.vision.frames import Frame
from edge.vision.models.store import DEFAULT_FOLDER, ModelStore
from edge.vision.observer import Observer
from edge.vision.settings import CameraSettings
from wellheard.demo.film import DETECTOR, FRAME, NAME, PER_SECOND, NoFilm, camera

COME = 4


def test_a_terminal_counts_those_who_come_and_not_who_passes(tmp_path: Path) -> None:
    """Twice in a row, as the demonstration shows it."""
    settings = CameraSettings.model_validate(camera(tmp_path, "room-12"))
    assert settings.touchpoint == "room-12"
    film = cv2.VideoCapture(str(tmp_path / settings.source))
    observer = Observer(open_detector(ModelStore(DEFAULT_FOLDER), DETECTOR, FRAME), settings.near)
    number = 0
    for _ in range(2):
        film.set(cv2.CAP_PROP_POS_FRAMES, 0)
        while True:
            more, picture = film.read()
            if not more:
                break
            number += 1
            seen = observer.observe(Frame(picture, number * 1_000_000_000 // PER_SECOND))
            assert seen.fault is None
        assert observer.presence.take().approaches == COME
    film.release()


def test_without_a_model_the_camera_stays_off_and_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoFilm, match="models pull"):
        camera(tmp_path / "terminal", "room-12", models=tmp_path / "nothing")
    assert not (tmp_path / "terminal" / NAME).exists()
