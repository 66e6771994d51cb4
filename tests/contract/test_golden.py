"""Payloads as they were once shipped. They are never changed: terminals in the field go on sending them.

`X.v1.json` has every field of its version, `X.v1-least.json` only those without a default. A new version of a type
gets files of its own beside them.
"""

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from contract.codec import BINARY_TYPES, decode, encode, read_document
from contract.messages import MESSAGE_TYPES
from tests.contract.written import documents

GOLDEN = Path(__file__).parent / "golden"
DOCUMENTS = {model.__name__: model for model in documents}
FILES = sorted(GOLDEN.iterdir())
PICTURE = b"\xff\xd8\xff\xe0 not a picture\x00\xff\xd9"


def kind_of(path: Path) -> str:
    return path.name.partition(".")[0]


def header_of(path: Path) -> bytes:
    payload = path.read_bytes()
    if path.suffix == ".json":
        return payload
    (length,) = struct.unpack_from(">I", payload, 4)
    return payload[8 : 8 + length]


def kept(before: Any, after: Any) -> bool:
    """Whether everything in `before` is still in `after`, which may say more."""
    if isinstance(before, dict):
        return all(name in after and kept(value, after[name]) for name, value in before.items())
    if isinstance(before, list):
        return len(before) == len(after) and all(map(kept, before, after))
    return type(before) is type(after) and before == after


@pytest.mark.parametrize("kind", [*MESSAGE_TYPES, *DOCUMENTS])
def test_every_type_and_document_has_golden_payloads(kind: str) -> None:
    ending = "bin" if kind in BINARY_TYPES else "json"
    for file in (f"{kind}.v1.{ending}", f"{kind}.v1-least.{ending}"):
        assert (GOLDEN / file).exists(), f"add tests/contract/golden/{file}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_golden_payload_is_understood_for_ever(path: Path) -> None:
    if kind_of(path) in DOCUMENTS:
        again = read_document(DOCUMENTS[kind_of(path)], path.read_bytes()).model_dump_json()
    else:
        decoded = decode(kind_of(path), path.read_bytes())
        assert decoded.attachment == (PICTURE if path.suffix == ".bin" else b"")
        again = decoded.message.model_dump_json()
    assert kept(json.loads(header_of(path)), json.loads(again))


@pytest.mark.parametrize("path", [p for p in FILES if "least" not in p.name], ids=lambda p: p.name)
def test_a_full_golden_payload_knows_no_unknown_field(path: Path) -> None:
    """Else a field had been renamed, and the old name were kept as something unknown."""
    model = MESSAGE_TYPES.get(kind_of(path)) or DOCUMENTS[kind_of(path)]
    assert json.loads(header_of(path)).keys() <= model.model_fields.keys()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_field_of_a_newer_version_survives(path: Path) -> None:
    more = {"from_2031": {"deep": [1, 2.5, "три", True, None]}}
    header = json.dumps(json.loads(header_of(path)) | more).encode()
    if kind_of(path) in DOCUMENTS:
        again = json.loads(read_document(DOCUMENTS[kind_of(path)], header).model_dump_json())
    else:
        binary = path.suffix == ".bin"
        payload = struct.pack(">4sI", b"WHB1", len(header)) + header if binary else header
        encoded = encode(decode(kind_of(path), payload).message)
        again = json.loads(encoded[8:] if binary else encoded)
    assert again["from_2031"] == more["from_2031"]
