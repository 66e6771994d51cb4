"""`wellheard models`: fetching the vision models and seeing whether they can be trusted.

Decides how it is printed and which exit codes are used: 0, 1 for a model that cannot be used, 2 for a wrong option.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn
from rich.table import Table

from edge.vision.models.pulling import NotPulled, pull
from edge.vision.models.registry import Model, RegistryUnusable, read_registry
from edge.vision.models.store import DEFAULT_FOLDER, ModelStore
from edge.vision.options import (
    DEFAULT_SIZE_TEXT,
    Folder,
    Images,
    Json,
    Labels,
    ModelName,
    SizeText,
    Threads,
    Threshold,
)

app = typer.Typer(help="The vision models.", no_args_is_help=True, add_completion=False)

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME]...", help="None: all that are not optional.")
]

_STYLES = {"ready": "green", "outdated": "yellow", "missing": "yellow", "damaged": "bold red"}


@app.command("pull")
def pull_models(names: Names = None, folder: Folder = DEFAULT_FOLDER) -> None:
    """Fetch what is lacking; a model is used only if it is exactly the one that the registry names."""
    store = ModelStore(folder)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        refusals = [refusal for m in _chosen(names) if (refusal := _pulled(m, store, progress))]
    for sentence in refusals:
        typer.echo(sentence, err=True)
    raise typer.Exit(1 if refusals else 0)


def _pulled(model: Model, store: ModelStore, progress: Progress) -> str | None:
    """What was refused, if so."""
    task = progress.add_task(model.name, total=None)

    def report(here: int, whole: int) -> None:
        progress.update(task, completed=here, total=whole)

    try:
        outcome = "pulled" if pull(model, store, report) else "ready"
    except NotPulled as error:
        progress.update(task, visible=False)
        return str(error)
    report(model.bytes, model.bytes)
    progress.update(task, description=f"{model.name} {outcome}")
    return None


@app.command()
def verify(names: Names = None, folder: Folder = DEFAULT_FOLDER) -> None:
    """Read every model that should be here, or is, and compare it with its digest."""
    store = ModelStore(folder)
    examined = {
        model: store.examine(model) for model in (_chosen(names) if names else _registry().values())
    }
    findings = {
        model.name: finding
        for model, finding in examined.items()
        if names or finding.condition != "missing" or not model.optional
    }
    for name, finding in findings.items():
        typer.echo(finding.sentence or f"{name} is ready.", err=finding.condition != "ready")
    raise typer.Exit(0 if all(f.condition == "ready" for f in findings.values()) else 1)


@app.command("list")
def list_models(*, folder: Folder = DEFAULT_FOLDER, as_json: Json = False) -> None:
    """Every model that the registry names, and whether it is here."""
    store = ModelStore(folder)
    conditions = {model: store.examine(model).condition for model in _registry().values()}
    if as_json:
        entries = [m.model_dump() | {"condition": found} for m, found in conditions.items()]
        typer.echo(json.dumps({"models": entries}))
        return
    table = Table("model", "", "for", "licence", "from", box=None, pad_edge=False)
    for model, found in conditions.items():
        origin = ", ".join(f"{source.package} {source.version}" for source in model.sources)
        condition = f"[{_STYLES[found]}]{found}[/]"
        name = f"{model.name} (optional)" if model.optional else model.name
        table.add_row(escape(name), condition, escape(model.purpose), model.licence, escape(origin))
    Console().print(table)


@app.command("eval")
def evaluate(
    *,
    images: Images,
    labels: Labels,
    model: ModelName = "yunet",
    size: SizeText = DEFAULT_SIZE_TEXT,
    threshold: Threshold = None,
    threads: Threads = 1,
    folder: Folder = DEFAULT_FOLDER,
) -> None:
    """How well a detector finds the labelled faces of pictures; one JSON object."""
    from edge.vision.trials import print_evaluation  # noqa: PLC0415  the other commands need no OpenCV

    print_evaluation(
        images=images,
        labels=labels,
        model=model,
        size=size,
        threshold=threshold,
        threads=threads,
        folder=folder,
    )


def _chosen(names: Sequence[str] | None) -> Sequence[Model]:
    registry = _registry()
    if unknown := sorted(set(names or ()) - set(registry)):
        typer.echo(
            f"No such model: {', '.join(unknown)}. There are: {', '.join(registry)}.", err=True
        )
        raise typer.Exit(2)
    return [m for m in registry.values() if (m.name in names if names else not m.optional)]


def _registry() -> Mapping[str, Model]:
    try:
        return read_registry()
    except RegistryUnusable as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
