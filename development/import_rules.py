"""Two kinds of import rule that import-linter lacks; it loads them by `contract_types` in pyproject.toml.

Decides what counts as a violation; which modules the rules bind is written in pyproject.toml alone.
"""

import sys
from abc import abstractmethod
from collections.abc import Iterable
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain.helpers import module_expressions_to_modules
from importlinter.domain.imports import ModuleExpression

STANDARD_LIBRARY = frozenset(sys.stdlib_module_names)


class ImportRule(Contract):
    """A rule about single imports: subclasses name the pairs (importer, imported) that break it."""

    @abstractmethod
    def violations(self, graph: ImportGraph) -> list[tuple[str, str]]: ...

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002
        found = self.violations(graph)
        return ContractCheck(kept=not found, metadata={"violations": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["violations"]:
            output.print_error(f"{importer} must not import {imported}.", bold=False)


class OnlyThese(ImportRule):
    """`modules` import the standard library, each other and the packages of `allowed`, nothing else."""

    type_name = "only_these"

    modules = fields.SetField(subfield=fields.ModuleExpressionField())
    allowed = fields.SetField(subfield=fields.StringField())

    def violations(self, graph: ImportGraph) -> list[tuple[str, str]]:
        bound = _modules(graph, self.modules)
        allowed = STANDARD_LIBRARY | cast("set[str]", self.allowed)
        return sorted(
            (importer, imported)
            for importer in bound
            for imported in graph.find_modules_directly_imported_by(importer)
            if imported not in bound and imported.partition(".")[0] not in allowed
        )


class OwnTables(ImportRule):
    """Each of `tables` is imported by modules of its own package and by `trusted`, by nobody else."""

    type_name = "own_tables"

    tables = fields.SetField(subfield=fields.ModuleExpressionField())
    trusted = fields.SetField(subfield=fields.ModuleExpressionField())

    def violations(self, graph: ImportGraph) -> list[tuple[str, str]]:
        trusted = _modules(graph, self.trusted)
        return sorted(
            (importer, imported)
            for imported in _modules(graph, self.tables)
            for importer in graph.find_modules_that_directly_import(imported)
            if importer not in trusted
            and not importer.startswith(imported.rpartition(".")[0] + ".")
        )


def _modules(graph: ImportGraph, expressions: object) -> set[str]:
    """The modules meant by `expressions` and all below them; a package not written yet has none."""
    present = [
        expression
        for expression in cast("Iterable[ModuleExpression]", expressions)
        if expression.has_wildcard_expression() or expression.expression in graph.modules
    ]
    return {m.name for m in module_expressions_to_modules(graph, present, as_packages=True)}
