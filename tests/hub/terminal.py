"""A terminal as the hub meets it: mints messages in order and hands over what would arrive, however a test likes."""

from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID

from PIL import Image

from contract.codec import encode
from contract.documents import DeviceState
from contract.messages import (
    Asked,
    ButtonPressed,
    ContactLeft,
    HealthReported,
    Message,
    MessagesDropped,
    PhotoTaken,
    PresenceCounted,
    PressesFlagged,
    Range,
    Reference,
    Stamp,
    SurveyAnswered,
)
from contract.photographs import binding, key_name
from contract.topics import DeviceAddress
from edge.vision.photographs.sealing import seal
from hub.core.arrivals import Delivery
from tests.fakes.clock import HeldClock
from tests.hub.clinic import NORTH

UPTIME_MS = 3_600_000
VISIT = str(UUID(int=3))
PHONE = "+34600123456"


def _picture() -> bytes:
    drawn = BytesIO()
    Image.linear_gradient("L").save(drawn, "JPEG")
    return drawn.getvalue()


PICTURE = _picture()
"""What a camera may have seen."""


class Terminal:
    """`boot` and `wall_ms` may be set; every message is minted an instant after the one before."""

    def __init__(self, clock: HeldClock, at: DeviceAddress = NORTH, epoch: int = 1) -> None:
        self.clock = clock
        self.at = at
        self.epoch = epoch
        self.sequence = 0
        self.boot = str(UUID(int=7))
        self.synchronised = True
        self.wall_off_ms = 0
        self.uptime_ms = UPTIME_MS

    def stamp(self) -> Stamp:
        self.uptime_ms += 1
        return Stamp(
            wall_ms=self.clock.now_ms() + self.wall_off_ms,
            boot_id=self.boot,
            uptime_ms=self.uptime_ms,
            synchronised=self.synchronised,
        )

    def reboot(self, number: int) -> None:
        self.boot, self.uptime_ms = str(UUID(int=number)), 1000

    def deliver(self, kind: type[Message], **fields: Any) -> Delivery:
        """The next message; `sequence` may be given to mint a certain number."""
        self.sequence = fields.pop("sequence", self.sequence + 1)
        attachment = fields.pop("attachment", b"")
        message = kind(
            **{
                "type": kind.__name__,
                "device": self.at.device,
                "epoch": self.epoch,
                "sequence": self.sequence,
                "time": self.stamp(),
                **fields,
            }
        )
        return self.arrived(kind.__name__, encode(message, attachment))

    def arrived(self, kind: str, payload: bytes) -> Delivery:
        """Whatever bytes on this terminal's topic for a type."""
        return Delivery(f"{self.at}/up/{kind}", payload, self.clock.now_ms())

    def press(self, **fields: Any) -> Delivery:
        told = {
            "panel": "main",
            "button": 2,
            "asked": Asked(survey="visit", question="q1"),
            "value": "positive",
            "touchpoint": f"reception-{self.at.facility}",
            "shift": "early",
            "employee": f"anna-{self.at.facility}",
        }
        return self.deliver(ButtonPressed, **{**told, **fields})

    def presses(self, count: int) -> list[Delivery]:
        return [self.press() for _ in range(count)]

    def answer(self, **fields: Any) -> Delivery:
        told = {"visit": VISIT, "asked": Asked(survey="visit", question="nps"), "value": 9}
        return self.deliver(SurveyAnswered, **{**told, **fields})

    def contact(self, **fields: Any) -> Delivery:
        told = {"visit": VISIT, "phone": PHONE, "comment": "Please call", "consent": "2026-1"}
        return self.deliver(ContactLeft, **{**told, **fields})

    def flag(self, *sequences: int, flag: str = "play") -> Delivery:
        presses = [Reference(epoch=self.epoch, sequence=number) for number in sequences]
        return self.deliver(PressesFlagged, presses=presses, flag=flag)

    def photograph(
        self, of: int, hub_key: str, picture: bytes = PICTURE, **fields: Any
    ) -> Delivery:
        """Of the answer with this number, sealed for the hub; `sealed_by` may name another terminal."""
        reference = Reference(epoch=self.epoch, sequence=of)
        bound = binding(fields.pop("sealed_by", self.at.device), reference)
        told = {
            "answer": reference,
            "media_type": "image/jpeg",
            "sha256": sha256(picture).hexdigest(),
            "key": key_name(hub_key),
        }
        attachment = seal(picture, hub_key, bound)
        return self.deliver(PhotoTaken, attachment=attachment, **{**told, **fields})

    def presence(self, **fields: Any) -> Delivery:
        return self.deliver(PresenceCounted, **{"seconds": 60, "approaches": 3, **fields})

    def health(self, **fields: Any) -> Delivery:
        return self.deliver(HealthReported, **{"check": "disk", "status": "ok", **fields})

    def dropped(self, *ranges: tuple[int, int], epoch: int | None = None) -> Delivery:
        spans = [Range(first=first, last=last) for first, last in ranges]
        count = sum(last - first + 1 for first, last in ranges)
        return self.deliver(
            MessagesDropped,
            dropped_epoch=self.epoch if epoch is None else epoch,
            ranges=spans,
            counts={"PresenceCounted": count},
        )

    def state(
        self,
        *,
        instance: int = 1,
        online: bool = True,
        retained: bool = False,
        time: bool = True,
        **fields: Any,
    ) -> Delivery:
        document = DeviceState(
            online=online,
            instance=str(UUID(int=instance)),
            epoch=self.epoch,
            highest=fields.pop("highest", self.sequence),
            time=self.stamp() if time else None,
            **fields,
        )
        payload = document.model_dump_json(exclude_none=True).encode()
        return Delivery(f"{self.at}/state", payload, self.clock.now_ms(), retained)
