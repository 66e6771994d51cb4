"""Makes a published model fit onnxruntime. The weights are not touched.

Decides what each rewriting that the registry names does to the graph. The same file always gives the same bytes.
"""

from collections.abc import Callable, Mapping

import onnx
from google.protobuf.message import DecodeError

from edge.vision.models.keras_network import NotConvertible, convert

HEIGHT, WIDTH = "height", "width"
"""The names of the dimensions that whoever runs the model fixes."""


class NotRewritable(Exception):
    """The file is not a model of the kind that the rewriting is for."""


def rewrite(content: bytes, rewriting: str) -> bytes:
    """The model as onnxruntime wants it; NotRewritable if it cannot be read as one."""
    try:
        model = REWRITINGS[rewriting](content)
        onnx.checker.check_model(model)
    except (DecodeError, NotConvertible, onnx.checker.ValidationError, IndexError) as error:
        raise NotRewritable(str(error).partition("\n")[0]) from error
    rewritten: bytes = model.SerializeToString(deterministic=True)
    return rewritten


def any_size(content: bytes) -> onnx.ModelProto:
    """One picture of any height and width, where the export had fixed both and listed weights among the inputs."""
    model = onnx.load_model_from_string(content)
    graph = model.graph
    weights = {weight.name for weight in graph.initializer}
    for listed in [each for each in graph.input if each.name in weights]:
        graph.input.remove(listed)
    del graph.value_info[:]  # sizes between the layers, which follow from the input's
    _name_dimensions(graph.input[0], {0: 1, 2: HEIGHT, 3: WIDTH})
    for output in graph.output:
        dimensions = len(output.type.tensor_type.shape.dim)
        channels = 1 if dimensions == 4 else 2
        free = {axis: f"{output.name}_{axis}" for axis in range(1, dimensions) if axis != channels}
        _name_dimensions(output, {0: 1, **free})
    return model


def _name_dimensions(value: onnx.ValueInfoProto, sizes: Mapping[int, int | str]) -> None:
    dimensions = value.type.tensor_type.shape.dim
    for axis, size in sizes.items():
        if isinstance(size, int):
            dimensions[axis].dim_value = size
        else:
            dimensions[axis].dim_param = size


REWRITINGS: Mapping[str, Callable[[bytes], onnx.ModelProto]] = {
    "any-size": any_size,
    "from-keras": convert,
}
