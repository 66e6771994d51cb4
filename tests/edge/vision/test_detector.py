"""Faces are found where they are, and where OpenCV's own detector finds them."""

import cv2
import numpy as np
import pytest

from edge.vision.detector import NETWORKS, open_detector
from edge.vision.evaluation.matching import overlap
from edge.vision.letterbox import letterbox
from edge.vision.models.store import ModelStore, ModelUnusable
from edge.vision.pictures import Size
from tests.edge.vision.conftest import FACE, Crowd, nearest

SIZES = [Size(320, 240), Size(480, 360), Size(640, 480)]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_yunet_agrees_with_opencv_within_a_pixel(store, crowd, size):
    ours = open_detector(store, "yunet", size, threshold=0.6).detect(crowd.picture)
    frame = letterbox(crowd.picture, size)
    opencv = cv2.FaceDetectorYN.create(
        str(store.path("yunet")), "", (frame.shape[1], frame.shape[0]), 0.6, 0.3
    )
    _, theirs = opencv.detect(frame)
    scale = Size.of(crowd.picture).scale_into(size)
    assert theirs is not None
    assert len(ours) == len(theirs) >= 3
    for row in theirs.tolist():
        face = nearest_face(ours, [length / scale for length in row[:4]])
        assert np.abs(np.subtract(face.box, row[:4] / np.float64(scale))).max() <= 1
        marks = np.reshape(row[4:14], (5, 2)) / scale
        assert np.abs(np.subtract(face.landmarks, marks)).max() <= 1
        assert 0 < face.score <= 1


def nearest_face(faces, box):
    return next(face for face in faces if face.box == nearest(box, [f.box for f in faces]))


@pytest.mark.parametrize("model", NETWORKS)
def test_a_face_is_found_once_with_its_landmarks_in_place(store, portrait, model):
    (face,) = open_detector(store, model).detect(portrait)
    assert overlap(face.box, FACE) > 0.7
    assert face.score > 0.8
    left_eye, right_eye, nose, left_mouth, right_mouth = face.landmarks
    assert face.x < left_eye[0] < nose[0] < right_eye[0] < face.x + face.width
    assert max(left_eye[1], right_eye[1]) < nose[1] < min(left_mouth[1], right_mouth[1])
    assert left_mouth[0] < right_mouth[0]


@pytest.mark.parametrize("model", NETWORKS)
@pytest.mark.parametrize(("width", "height"), [(1200, 500), (400, 900), (300, 250)])
def test_boxes_are_in_pixels_of_a_picture_of_any_shape(store, portrait, model, width, height):
    crowd = Crowd(portrait, width, height)
    crowd.add(width - 240, height - 245, 240)
    (face,) = open_detector(store, model).detect(crowd.picture)
    assert overlap(face.box, crowd.boxes[0]) > 0.6


@pytest.mark.parametrize("model", NETWORKS)
@pytest.mark.parametrize("side", [1, 480])
def test_nobody_is_found_where_nobody_is(store, model, side):
    assert open_detector(store, model).detect(np.zeros((side, side, 3), np.uint8)) == []


def test_two_threads_find_what_one_finds(store, crowd):
    one, two = (open_detector(store, threads=n).detect(crowd.picture) for n in (1, 2))
    assert [face.box for face in two] == [pytest.approx(face.box, abs=0.01) for face in one]


def test_a_higher_threshold_finds_a_part_of_what_a_lower_one_does(store, crowd):
    few, many = (open_detector(store, threshold=t).detect(crowd.picture) for t in (0.8, 0.3))
    assert [face for face in many if face.score >= 0.8] == list(few)


def test_a_detector_that_does_not_exist_is_named(store):
    with pytest.raises(ModelUnusable, match=r"'retina'.*yunet"):
        open_detector(store, "retina")


def test_a_model_that_is_not_here_says_how_to_get_it(tmp_path):
    with pytest.raises(ModelUnusable, match="wellheard models pull yunet"):
        open_detector(ModelStore(tmp_path))
