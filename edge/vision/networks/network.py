"""Pure: what is to be known of a network to run it and to understand what it says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from edge.vision.faces import Candidates
from edge.vision.pictures import Floats, Size

Decode = Callable[[Sequence[Floats], Size, float], Candidates]
"""From the outputs in the order that `Network` names them, the input's size and the lowest score that counts."""


@dataclass(frozen=True, slots=True)
class Network:
    """Takes one picture, 0 to 255 without a mean, the channels before height and width."""

    outputs: tuple[str, ...]
    decode: Decode
    threshold: float
    """The score from which on a candidate is taken for a face, unless somebody says otherwise."""
    red_first: bool
