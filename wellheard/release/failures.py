"""What keeps a step of a release from being done, each as one sentence that says what it was."""

import httpx
from pydantic import ValidationError
from securesystemslib.exceptions import StorageError
from tuf.api.exceptions import RepositoryError
from tuf.api.serialization import DeserializationError

from edge.fleet.updates.trust import NotReached, NotTrusted
from wellheard.release.authority import NotSigned
from wellheard.release.building import NotBuilt
from wellheard.release.keys import KeyUnusable
from wellheard.release.publishing import NotPublished
from wellheard.release.repository import Incomplete
from wellheard.release.signing import NotSignable

FAILURES = (
    NotBuilt,
    NotSignable,
    Incomplete,
    KeyUnusable,
    NotPublished,
    NotReached,
    NotSigned,
    NotTrusted,
    OSError,
    ValidationError,
    httpx.HTTPError,
    httpx.InvalidURL,
    RepositoryError,
    StorageError,
    DeserializationError,
)


def sentence(failure: Exception) -> str:
    """In one line."""
    if isinstance(failure, OSError) and failure.strerror:
        return f"{failure.filename or 'system'}: {failure.strerror}"
    if isinstance(failure, ValidationError):
        first = failure.errors(include_url=False, include_input=False, include_context=False)[0]
        return f"{'.'.join(map(str, first['loc'])) or 'release'}: {first['msg']}"
    if isinstance(failure, httpx.HTTPError | httpx.InvalidURL):
        return f"the hub cannot be reached: {failure}"
    if DeserializationError in {type(failure), type(failure.__cause__)}:
        return "a file of signed metadata cannot be read"
    return str(failure)
