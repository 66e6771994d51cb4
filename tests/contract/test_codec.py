"""Every message survives the way through bytes, and nothing else gets through."""

import json
import struct
import time
import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.codec import BINARY_TYPES, DecodeError, UnknownType, decode, encode, read_document
from contract.documents import (
    Confirmation,
    DesiredConfiguration,
    RotaShift,
    ScreenConfiguration,
    ScreenSurvey,
)
from contract.limits import MAX_BINARY_BYTES, MAX_DEPTH, MAX_JSON_BYTES, LimitError
from contract.messages import (
    MESSAGE_TYPES,
    ButtonPressed,
    ContactLeft,
    HealthReported,
    Message,
    SmilesCounted,
)
from contract.messages.envelope import MAX_INT, Part
from contract.messages.observations import LEAST_PEOPLE
from tests.contract.written import documents, messages_of

SECRET = "+79991234567"
STAMP = {
    "wall_ms": 1,
    "boot_id": "00000000-0000-0000-0000-000000000000",
    "uptime_ms": 1,
    "synchronised": True,
}
ENVELOPE = {"device": "hall-1", "epoch": 1, "sequence": 1, "time": STAMP}
HEALTH = {"type": "HealthReported", **ENVELOPE, "check": "disk", "status": "ok"}
PHOTO = {
    "type": "PhotoTaken",
    **ENVELOPE,
    "answer": {"epoch": 1, "sequence": 1},
    "media_type": "image/png",
    "sha256": "0" * 64,
}


def raw(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields).encode()


def with_text(fields: dict[str, Any], old: str, new: str) -> bytes:
    """The JSON of the fields, with something put in that `json` would not write."""
    text = json.dumps(fields)
    assert old in text
    return text.replace(old, new, 1).encode("utf-8", "surrogatepass")


def framed(header: bytes, attachment: bytes = b"", magic: bytes = b"WHB1") -> bytes:
    return struct.pack(">4sI", magic, len(header)) + header + attachment


@pytest.mark.parametrize("kind", MESSAGE_TYPES)
@given(data=st.data())
def test_every_message_survives(kind: str, data: st.DataObject) -> None:
    message = data.draw(messages_of(MESSAGE_TYPES[kind]))
    attachment = data.draw(st.binary(max_size=100)) if kind in BINARY_TYPES else b""
    decoded = decode(kind, encode(message, attachment))
    assert decoded.message == message
    assert decoded.attachment == attachment


@pytest.mark.parametrize("model", documents, ids=lambda model: model.__name__)
@given(data=st.data())
def test_every_document_survives(model: type[Part], data: st.DataObject) -> None:
    document = data.draw(documents[model])
    assert read_document(model, document.model_dump_json(exclude_none=True).encode()) == document


@given(st.sampled_from(sorted(MESSAGE_TYPES)), st.binary(max_size=300))
def test_noise_is_refused_and_nothing_else_happens(kind: str, noise: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(kind, noise)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(st.sampled_from(sorted(HEALTH)), JSON)
def test_a_wrong_field_is_refused_or_kept_as_it_is(name: str, value: Any) -> None:
    try:
        message = decode("HealthReported", raw(HEALTH | {name: value})).message
    except DecodeError:
        pass
    else:
        assert json.loads(message.model_dump_json())[name] == value


@given(st.sampled_from(sorted(MESSAGE_TYPES)), st.data())
def test_every_cut_of_a_payload_is_refused(kind: str, data: st.DataObject) -> None:
    payload = encode(data.draw(messages_of(MESSAGE_TYPES[kind])))
    length = data.draw(st.integers(0, len(payload) - 1))
    with pytest.raises(DecodeError):
        decode(kind, payload[:length])


def test_a_type_from_the_future_is_said_to_be_one() -> None:
    with pytest.raises(UnknownType) as caught:
        decode("MindRead", raw(HEALTH))
    assert caught.value.kind == "unknown_type"


def test_one_type_is_not_taken_for_another() -> None:
    with pytest.raises(DecodeError, match=r"^type: "):
        decode("DeviceBorn", raw(HEALTH | {"instance": "i", "software": "s"}))


@given(messages_of(SmilesCounted), st.integers(-1, LEAST_PEOPLE - 1))
def test_smiles_of_fewer_than_ten_are_not_even_a_message(message: Message, people: int) -> None:
    few = json.loads(message.model_dump_json()) | {"people": people, "smiling": 0}
    with pytest.raises(DecodeError, match=r"^people: "):
        decode("SmilesCounted", raw(few))


@given(messages_of(SmilesCounted))
def test_no_more_smile_than_there_are(message: Message) -> None:
    fields = json.loads(message.model_dump_json())
    with pytest.raises(DecodeError, match="more than people"):
        decode("SmilesCounted", raw(fields | {"smiling": fields["people"] + 1}))


HOSTILE = {
    "NaN": with_text(HEALTH | {"value": 1}, '"value": 1', '"value": NaN'),
    "infinity": with_text(HEALTH | {"value": 1}, '"value": 1', '"value": -Infinity'),
    "infinity in an unknown field": with_text(HEALTH | {"x": 1}, '"x": 1', '"x": Infinity'),
    "float over the edge": with_text(HEALTH | {"value": 1}, '"value": 1', '"value": 1e999'),
    "float over the edge, unknown": with_text(HEALTH | {"x": 1}, '"x": 1', '"x": [1e999]'),
    "integer over 64 bits": raw(HEALTH | {"sequence": MAX_INT + 1}),
    "integer of 400 digits": raw(HEALTH | {"value": 10**400}),
    "integer of 50,000 digits": with_text(HEALTH | {"x": 1}, '"x": 1', '"x": ' + "9" * 50_000),
    "fraction for an integer": raw(HEALTH | {"sequence": 1.0}),
    "boolean for an integer": raw(HEALTH | {"sequence": True}),
    "text for an integer": raw(HEALTH | {"sequence": "1"}),
    "duplicate name": with_text(HEALTH, '"epoch": 1', '"epoch": 1, "epoch": 2'),
    "duplicate name below": with_text(HEALTH, '"wall_ms": 1', '"wall_ms": 1, "wall_ms": 2'),
    "duplicate name, spelt otherwise": with_text(
        HEALTH, '"epoch": 1', '"epoch": 1, "\\u0065poch": 2'
    ),
    "half a surrogate pair": with_text(HEALTH | {"detail": "x"}, '"x"', '"\\ud83d"'),
    "half a pair, unknown": with_text(HEALTH | {"x": "x"}, '"x": "x"', '"x": "\\udc00 \\ud83d"'),
    "half a pair in a name": with_text(HEALTH | {"x": 1}, '"x": 1', '"\\ud83d": 1'),
    "raw surrogate": with_text(HEALTH | {"detail": "x"}, '"x"', '"\ud83d"'),
    "NUL in a text": raw(HEALTH | {"detail": "a\0b"}),
    "NUL in a label": raw(HEALTH | {"unit": "\0"}),
    "raw NUL": raw(HEALTH).replace(b"disk", b"di\0k"),
    "not UTF-8": raw(HEALTH).replace(b"disk", b"di\xffk"),
    "UTF-16": json.dumps(HEALTH).encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf" + raw(HEALTH),
    "line end in a code": raw(HEALTH | {"check": "disk\n"}),
    "other digits": raw(HEALTH | {"device": "hall-١"}),
    "more after the end": raw(HEALTH) + b"{}",
    "comment": raw(HEALTH) + b"// done",
    "trailing comma": raw(HEALTH)[:-1] + b",}",
    "single quotes": str(HEALTH).encode(),
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a text": b'"HealthReported"',
    "100,000 arrays": b"[" * 100_000,
    "30,000 arrays": b"[" * 30_000,
    "30,000 objects": b'{"a":' * 10_000,
    "quotes without end": b"[]" * 9 + b'\\"' * 30_000,
    "escapes without end": b"{}" * 9 + b'"' + b"\\" * 60_000,
    "a string of brackets without end": b'"' + b"[" * 60_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_json_is_refused_at_once(name: str) -> None:
    began = time.process_time()
    with pytest.raises(DecodeError):
        decode("HealthReported", HOSTILE[name])
    assert time.process_time() - began < 1.0


def test_a_pair_of_surrogate_escapes_is_one_character() -> None:
    payload = with_text(HEALTH | {"detail": "x"}, '"x"', '"\\ud83d\\ude42"')
    message = decode("HealthReported", payload).message
    assert isinstance(message, HealthReported)
    assert message.detail == "🙂"


CONTACT = {
    "type": "ContactLeft",
    **ENVELOPE,
    "visit": "00000000-0000-0000-0000-000000000000",
    "phone": SECRET,
    "consent": "2026-01",
}
DROPPED = {
    "type": "MessagesDropped",
    **ENVELOPE,
    "dropped_epoch": 1,
    "ranges": [{"first": 1, "last": 1}],
    "counts": {"HealthReported": 1},
}


def printed(error: BaseException) -> str:
    """As a log would show it, causes included, but without lines of source."""
    return "".join(
        str(part)
        for part in traceback.TracebackException.from_exception(error).format()
        if not part.startswith("  File")
    )


@pytest.mark.parametrize(
    "fields",
    [
        CONTACT | {"phone": SECRET + " "},
        CONTACT | {"consent": SECRET},
        CONTACT | {"language": SECRET},
        CONTACT | {"visit": SECRET},
        CONTACT | {"comment": SECRET * 1000},
        CONTACT | {"comment": [SECRET]},
        CONTACT | {"time": STAMP | {"boot_id": SECRET}},
        CONTACT | {"time": SECRET},
        CONTACT | {"device": SECRET},
        CONTACT | {"sequence": int(SECRET), "consent": ""},
        CONTACT | {SECRET: 1, "consent": ""},
        DROPPED | {"counts": {SECRET: 1}},
        DROPPED | {"counts": {SECRET[1:]: 0}},
    ],
    ids=str,
)
def test_a_refusal_repeats_nothing_of_what_it_refuses(fields: dict[str, Any]) -> None:
    with pytest.raises(DecodeError) as caught:
        decode(str(fields["type"]), raw(fields))
    assert SECRET[1:] not in printed(caught.value)


@pytest.mark.parametrize("place", ["{", ",", ":", '"'])
def test_broken_json_is_not_repeated_either(place: str) -> None:
    payload = json.dumps(CONTACT).replace(place, f"{place}{SECRET}{place}", 1).encode()
    with pytest.raises(DecodeError) as caught:
        decode("ContactLeft", payload)
    assert SECRET[1:] not in printed(caught.value)


def test_a_message_that_cannot_be_built_does_not_say_with_what() -> None:
    with pytest.raises(ValueError, match="phone") as caught:
        ContactLeft.model_validate(CONTACT | {"phone": SECRET + "x"})
    assert SECRET not in str(caught.value)


def test_the_error_names_the_field() -> None:
    with pytest.raises(DecodeError, match=r"^time\.uptime_ms: .*greater than or equal to 0"):
        decode("HealthReported", raw(HEALTH | {"time": STAMP | {"uptime_ms": -1}}))
    also = [{"first": 1, "last": 1}, {"first": 1, "last": 0}]
    with pytest.raises(DecodeError, match=r"^also\.1\.last: "):
        read_document(Confirmation, raw({"epoch": 1, "up_to": 1, "also": also}))


def padded(size: int) -> bytes:
    """A good message of exactly this many bytes."""
    empty = len(raw(HEALTH | {"x": ""}))
    return raw(HEALTH | {"x": "a" * (size - empty)})


def test_size_is_limited_to_the_byte() -> None:
    assert decode("HealthReported", padded(MAX_JSON_BYTES))
    with pytest.raises(DecodeError) as caught:
        decode("HealthReported", padded(MAX_JSON_BYTES + 1))
    assert caught.value.kind == "over_limit"
    assert str(MAX_JSON_BYTES) in str(caught.value)


def test_what_is_too_large_to_be_decoded_is_not_encoded() -> None:
    message = HealthReported.model_validate(HEALTH | {"x": "a" * MAX_JSON_BYTES})
    with pytest.raises(LimitError):
        encode(message)


def nested(levels: int) -> bytes:
    """A message that is so many levels deep, itself being the first."""
    below = levels - 1
    return with_text(HEALTH | {"x": 0}, '"x": 0', '"x": ' + "[" * below + "]" * below)


def test_depth_is_limited_to_the_level() -> None:
    assert decode("HealthReported", nested(MAX_DEPTH))
    with pytest.raises(DecodeError) as caught:
        decode("HealthReported", nested(MAX_DEPTH + 1))
    assert caught.value.kind == "over_limit"


def test_brackets_in_a_text_are_not_depth() -> None:
    text = '\\" [[[[[[[[[[ {{{{{{{{{ \\\\'
    assert decode("HealthReported", raw(HEALTH | {"detail": text, "x": [text, [text]]}))


def test_many_objects_side_by_side_are_not_depth() -> None:
    also = [{"first": 2 * n, "last": 2 * n} for n in range(1, 501)]
    document = raw({"epoch": MAX_INT, "up_to": 1, "also": also})
    assert len(read_document(Confirmation, document).also) == 500


def test_the_largest_surveys_fit() -> None:
    texts = {f"{'x' * 62}{n:02}": "😀" * 200 for n in range(12)}
    survey = ScreenSurvey(
        survey="s",
        version=MAX_INT,
        mode="express",
        touchpoints=["t" * 64] * 200,
        texts={f"x{chr(97 + n)}": texts for n in range(8)},
        consent="c",
    )
    document = DesiredConfiguration(
        version=MAX_INT, screen=ScreenConfiguration(surveys=[survey] * 20)
    )
    assert read_document(DesiredConfiguration, document.model_dump_json().encode()) == document


def test_the_largest_rota_fits() -> None:
    longest = "x" * 64
    shift = RotaShift(
        shift=longest, touchpoint=longest, employee=longest, starts_ms=MAX_INT, ends_ms=MAX_INT
    )
    document = DesiredConfiguration(version=MAX_INT, rota=[shift] * 400)
    assert read_document(DesiredConfiguration, document.model_dump_json().encode()) == document


@pytest.mark.parametrize(
    ("fields", "longest"),
    [
        (CONTACT | {"comment": "\x01" * 4000, "consent_text": "\x01" * 4000}, "ContactLeft"),
        (DROPPED | {"ranges": [{"first": MAX_INT, "last": MAX_INT}] * 200}, "MessagesDropped"),
        (
            {
                "type": "PressesFlagged",
                **ENVELOPE,
                "flag": "play",
                "presses": [{"epoch": MAX_INT, "sequence": MAX_INT}] * 500,
            },
            "PressesFlagged",
        ),
    ],
    ids=["ContactLeft", "MessagesDropped", "PressesFlagged"],
)
def test_what_the_fields_allow_the_limit_allows(fields: dict[str, Any], longest: str) -> None:
    message = MESSAGE_TYPES[longest].model_validate(fields)
    assert decode(longest, encode(message)).message == message


BAD_FRAMES = {
    "nothing": b"",
    "shorter than its start": b"WHB1\0\0\0",
    "other magic": framed(raw(PHOTO), magic=b"WHB2"),
    "header over the end": struct.pack(">4sI", b"WHB1", len(raw(PHOTO)) + 1) + raw(PHOTO),
    "header of 4 GB": struct.pack(">4sI", b"WHB1", 2**32 - 1) + raw(PHOTO),
    "empty header": framed(b""),
    "bare JSON": raw(PHOTO),
    "header over the limit": framed(raw(PHOTO | {"x": "a" * MAX_JSON_BYTES})),
    "over the limit": framed(raw(PHOTO), b"x" * MAX_BINARY_BYTES),
}


@pytest.mark.parametrize("name", BAD_FRAMES)
def test_bad_frames_are_refused(name: str) -> None:
    with pytest.raises(DecodeError):
        decode("PhotoTaken", BAD_FRAMES[name])


def test_a_photograph_may_be_as_large_as_the_limit() -> None:
    message = MESSAGE_TYPES["PhotoTaken"].model_validate(PHOTO)
    room = MAX_BINARY_BYTES - len(encode(message))
    payload = encode(message, b"x" * room)
    assert len(payload) == MAX_BINARY_BYTES
    assert len(decode("PhotoTaken", payload).attachment) == room
    with pytest.raises(LimitError):
        encode(message, b"x" * (room + 1))


def test_only_binary_types_take_an_attachment() -> None:
    with pytest.raises(ValueError, match="HealthReported carries no attachment"):
        encode(HealthReported.model_validate(HEALTH), b"x")


def test_a_message_is_not_changed_once_made() -> None:
    message: Message = HealthReported.model_validate(HEALTH)
    with pytest.raises(ValueError, match="frozen"):
        message.sequence = 2  # type: ignore[misc]


def test_an_answer_keeps_its_kind() -> None:
    press = {"type": "ButtonPressed", **ENVELOPE, "panel": "p", "button": 1}
    for value in (0, -1000, 1000, "1", "yes"):
        message = decode("ButtonPressed", raw(press | {"value": value})).message
        assert isinstance(message, ButtonPressed)
        assert message.value == value
        assert type(message.value) is type(value)
    for value in (1001, True, 1.5, "", "two words", None.__class__.__name__ * 20):
        with pytest.raises(DecodeError, match=r"^value"):
            decode("ButtonPressed", raw(press | {"value": value}))
