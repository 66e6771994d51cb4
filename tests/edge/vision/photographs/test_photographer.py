"""From an answer to a sealed photograph in the outbox, on a real terminal with a screen and panels.

What must never happen is looked for in every byte of the terminal's folder.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from contract.codec import Decoded, decode
from contract.documents import PhotographConfiguration
from contract.messages import PhotoTaken
from contract.photographs import binding
from edge.vision.detector import Detector, open_detector
from edge.vision.frames import Frame, NewestFrames
from edge.vision.models.store import ModelStore, ModelUnusable
from edge.vision.photographs.photographer import Photographer
from edge.vision.photographs.pixelating import CarefulDetector
from edge.vision.pictures import Image
from hub.feedback.photographs.envelopes import Envelopes
from tests.edge.screen.terminal import ScreenTerminal, configuration
from tests.fakes.picture_signatures import SIGNATURES
from tests.fakes.waiting import eventually


class Rig:
    """A terminal that a camera stands beside; `hub` opens what it seals."""

    def __init__(self, folder: Path, hub: Envelopes, faces: Any, policy: str, **screen: Any):
        self.hub = hub
        self.frames = NewestFrames()
        self.wish = PhotographConfiguration(policy=policy, key=hub.public_key)
        self.photographer = Photographer(
            "hall-1",
            self.frames,
            clock := _LateClock(),
            lambda: self.terminal.rota.document.photographs,
            faces,
        )
        desired = configuration(photographs=self.wish)
        self.terminal = ScreenTerminal(folder, desired, shutter=self.photographer, **screen)
        clock.held = self.terminal.clock

    def see(self, picture: Image, ago_ms: int = 40) -> None:
        self.frames.put(Frame(picture, self.terminal.clock.monotonic_ns() - ago_ms * 1_000_000))

    def touch(self, **request: Any) -> None:
        self.terminal.kiosk.touch(request)

    def begin(self) -> None:
        """Somebody chooses the first specialist and sees the question."""
        self.touch(do="choose", employee="irina-orlova")
        self.terminal.pass_time(0.8)
        self.terminal.pass_time(0.6)

    def answer(self, value: str = "yes") -> None:
        self.touch(do="answer", question="recommend", value=value)
        eventually(lambda: not self.terminal.view["busy"])

    def photographs(self) -> list[Decoded]:
        entries = self.terminal.outbox.entries(0, 100)
        return [decode(e.type, e.payload) for e in entries if e.type == "PhotoTaken"]

    def photograph(self) -> tuple[PhotoTaken, Image]:
        """The only one, opened as the hub would."""
        eventually(lambda: self.photographs() != [])
        (taken,) = self.photographs()
        message = taken.message
        assert isinstance(message, PhotoTaken)
        bound = binding(message.device, message.answer)
        opened = self.hub.open(taken.attachment, message.key, bound)
        picture = cv2.imdecode(np.frombuffer(opened, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        return message, picture


class _LateClock:
    """The terminal's clock, which is made after the photographer."""

    held: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.held, name)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Envelopes:
    return Envelopes(tmp_path_factory.mktemp("hub") / "photographs.keys")


@pytest.fixture(scope="module")
def careful(store: ModelStore) -> Detector:
    return CarefulDetector(store)


@contextmanager
def running(
    folder: Path, hub: Envelopes, policy: str, faces: Any = None, **screen: Any
) -> Iterator[Rig]:
    rig = Rig(folder, hub, faces or _no_faces, policy, **screen)
    with rig.terminal:
        rig.photographer.start(rig.terminal.agent.hear)
        try:
            yield rig
        finally:
            rig.photographer.stop()


def _no_faces() -> Detector:
    raise ModelUnusable("There is no model here.")


def nothing_of(portrait: Image, folder: Path) -> bool:
    """Neither a picture nor its pixels, nor those of another encoding of it, in any file."""
    disk = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    rows = [portrait[row, 100:164].tobytes() for row in range(0, 512, 8)]
    encoded = [cv2.imencode(kind, portrait)[1].tobytes()[-200:] for kind in (".jpg", ".png")]
    return not any(piece in disk for piece in (*SIGNATURES, *rows, *encoded))


def test_full_is_the_sharpest_of_the_moment_and_unreadable_on_disk(
    tmp_path: Path, hub: Envelopes, portrait: Image
) -> None:
    with running(tmp_path, hub, "full") as rig:
        rig.begin()
        rig.see(np.zeros_like(portrait), ago_ms=900)
        rig.see(cv2.GaussianBlur(portrait, (0, 0), 5), ago_ms=300)
        rig.see(portrait, ago_ms=200)
        rig.see(cv2.GaussianBlur(portrait, (0, 0), 3), ago_ms=100)
        rig.answer()
        message, picture = rig.photograph()
        (answer,) = rig.terminal.said()
        assert (message.answer.epoch, message.answer.sequence) == (
            answer["epoch"],
            answer["sequence"],
        )
        assert abs(message.time.wall_ms - answer["time"]["wall_ms"]) == 200
        assert cv2.absdiff(picture, portrait).mean() < 4
        assert nothing_of(portrait, tmp_path)


def test_blurred_has_no_face_in_it(
    tmp_path: Path, hub: Envelopes, portrait: Image, careful: Detector, store: ModelStore
) -> None:
    with running(tmp_path, hub, "blurred", lambda: careful) as rig:
        rig.begin()
        rig.see(portrait)
        rig.answer()
        _, picture = rig.photograph()
        assert open_detector(store).detect(portrait) != []
        assert open_detector(store).detect(picture) == []
        assert nothing_of(portrait, tmp_path)


@pytest.mark.parametrize("policy", ["off", "one that a later hub may know"])
def test_off_leaves_no_byte_of_any_picture(
    tmp_path: Path, hub: Envelopes, portrait: Image, policy: str
) -> None:
    with running(tmp_path, hub, policy.replace(" ", "_")) as rig:
        assert rig.terminal.view["photograph"] is None
        rig.begin()
        rig.see(portrait)
        rig.answer()
        rig.terminal.press(1)
        eventually(lambda: len(rig.terminal.said()) == 2)
    assert nothing_of(portrait, tmp_path)


def test_whoever_says_no_is_not_photographed_and_their_answer_counts(
    tmp_path: Path, hub: Envelopes, portrait: Image
) -> None:
    with running(tmp_path, hub, "full") as rig:
        assert rig.terminal.view["photograph"] == {"text": "Le hacemos una foto", "act": "Sin foto"}
        rig.touch(do="photograph")
        assert rig.terminal.view["photograph"]["text"] == "No le hacemos foto"
        rig.begin()
        rig.see(portrait)
        rig.answer()
        assert rig.terminal.answers() == [("recommend", "yes")]
        rig.terminal.pass_time(5)
        rig.begin()  # the next patient has not said no
        rig.see(portrait)
        rig.answer("no")
        message, _ = rig.photograph()
        assert message.answer.sequence == rig.terminal.said()[1]["sequence"]
        rig.touch(do="answer", question="may_we_call", value="no")
        assert len(rig.photographs()) == 1


def test_no_can_be_said_until_the_answer_and_taken_back(
    tmp_path: Path, hub: Envelopes, portrait: Image
) -> None:
    with running(tmp_path, hub, "full") as rig:
        rig.begin()
        rig.touch(do="photograph")
        rig.touch(do="photograph")
        rig.see(portrait)
        rig.answer()
        rig.photograph()
        assert rig.terminal.view["photograph"] is None


def test_a_button_beside_the_screen_heeds_what_was_said_on_it(
    tmp_path: Path, hub: Envelopes, portrait: Image
) -> None:
    with running(tmp_path, hub, "full") as rig:
        rig.touch(do="photograph")
        rig.see(portrait)
        rig.terminal.press(1)
        eventually(lambda: len(rig.terminal.said()) == 1)
        rig.terminal.pass_time(25)
        rig.see(portrait)
        rig.terminal.press(2)
        message, _ = rig.photograph()
        assert message.answer.sequence == rig.terminal.said()[1]["sequence"]


def test_a_panel_without_room_for_the_notice_takes_none_in_full(
    tmp_path: Path, hub: Envelopes, portrait: Image, careful: Detector, store: ModelStore
) -> None:
    small = {"width_px": 800, "height_px": 480}
    with running(tmp_path, hub, "full", lambda: careful, **small) as rig:
        assert rig.terminal.view["photograph"] is None
        rig.begin()
        rig.see(portrait)
        rig.answer()
        _, picture = rig.photograph()
        assert open_detector(store).detect(picture) == []


def test_without_a_picture_of_the_moment_there_is_none(
    tmp_path: Path, hub: Envelopes, portrait: Image
) -> None:
    with running(tmp_path, hub, "full") as rig:
        rig.begin()
        rig.see(portrait, ago_ms=700)
        rig.answer()
        rig.terminal.pass_time(5)
        rig.begin()
        rig.see(portrait)
        rig.answer()
        message, _ = rig.photograph()
        assert message.answer.sequence == rig.terminal.said()[1]["sequence"]


def test_without_the_model_nothing_is_blurred_and_nothing_taken(
    tmp_path: Path, hub: Envelopes, portrait: Image
) -> None:
    with running(tmp_path, hub, "blurred") as rig:
        assert [found.status for found in rig.photographer.check()] == ["ok"]
        rig.begin()
        rig.see(portrait)
        rig.answer()
        eventually(lambda: rig.photographer.check()[0].status == "warning")
        assert rig.photographs() == []
    assert nothing_of(portrait, tmp_path)


def test_off_at_the_hub_counts_at_once(tmp_path: Path, hub: Envelopes, portrait: Image) -> None:
    """Even for a patient who has read that a photograph is taken."""
    with running(tmp_path, hub, "full") as rig:
        rig.begin()
        rig.terminal.rota.take(configuration(version=2))
        rig.see(portrait)
        rig.answer()
        assert rig.photographer.check() == []
        assert rig.photographs() == []


def test_more_than_was_told_does_not_count_before_the_next_patient(
    tmp_path: Path, hub: Envelopes, portrait: Image
) -> None:
    with running(tmp_path, hub, "off") as rig:
        rig.begin()
        full = PhotographConfiguration(policy="full", key=hub.public_key)
        rig.terminal.rota.take(configuration(version=2, photographs=full))
        rig.see(portrait)
        rig.answer()
        assert rig.photographs() == []
        rig.terminal.pass_time(5)
        rig.terminal.pass_time(1)
        assert rig.terminal.view["photograph"] is not None


def test_answers_that_come_too_fast_are_all_stored(
    tmp_path: Path, hub: Envelopes, portrait: Image
) -> None:
    """Photographs are left out then; nobody waits for one."""
    rig = Rig(tmp_path, hub, _no_faces, "full")
    with rig.terminal:  # the photographer has not begun, so none is taken off its hands
        rig.see(portrait)
        for _ in range(3):
            for button in (1, 2):
                rig.terminal.press(button)
                rig.terminal.clock.move(3)
        eventually(lambda: len(rig.terminal.said()) == 6)
