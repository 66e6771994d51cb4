"""Brings a model here: fetched from the first source that has it, checked, rewritten, taken into use.

Decides the order, and that nothing unchecked is ever read as a model. What is ready is left alone, so pulling again
does only what is lacking.
"""

from edge.vision.models.checking import NotAsExpected, check
from edge.vision.models.fetching import NotFetched, Progress, fetch
from edge.vision.models.registry import Model
from edge.vision.models.store import ModelStore


class NotPulled(Exception):
    """No source gave the model; the text has a sentence for each of them."""


def pull(model: Model, store: ModelStore, report: Progress) -> bool:
    """Whether anything had to be fetched. The file in use stays as it was if this raises NotPulled."""
    if store.examine(model).condition == "ready":
        return False
    from edge.vision.models.rewriting import NotRewritable, rewrite  # noqa: PLC0415  onnx is slow to import

    refusals = []
    for source in model.sources:
        try:
            content = fetch(source, report)
            check(str(source), content, model.sha256, model.bytes)
            store.put(model, source, rewrite(content, model.rewriting))
        except (NotFetched, NotAsExpected) as error:
            refusals.append(str(error))
        except (NotRewritable, OSError) as error:
            raise NotPulled(f"{model.name} from {source}: {error}") from error
        else:
            return True
    raise NotPulled("\n".join(refusals))
