"""Two import rules that import-linter has no words for.

`may_import`: a part may import these of ours, and nothing else of ours; from
outside either only what is listed (`external`), or anything but what is
forbidden (`forbidden_external`).

`only_importers`: an outside package is imported by these parts and no others.

A part that does not exist yet breaks no rule. Only direct imports are looked
at: what a part may import has rules of its own.
"""

from collections.abc import Iterable, Iterator
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


def is_within(module: str, parts: set[str]) -> bool:
    """Tell whether the module is one of the parts or lies inside one."""
    return any(module == part or module.startswith(part + ".") for part in parts)


def imports_of(graph: ImportGraph, parts: set[str]) -> Iterator[tuple[str, str]]:
    """Yield (importer, imported) for every direct import made inside the parts."""
    for importer in sorted(graph.modules):
        if is_within(importer, parts):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                yield importer, imported


def listed(field: object) -> set[str]:
    """Return what a contract's field lists: import-linter puts the set where its class declares the field."""
    return set(cast(Iterable[str] | None, field) or ())


def breach(graph: ImportGraph, importer: str, imported: str) -> str:
    """Describe one import that a rule forbids, with its line."""
    details = graph.get_import_details(importer=importer, imported=imported)
    line = details[0]["line_number"] if details else "?"
    return f"{importer}:{line} imports {imported}"


class _Rule(Contract):
    """A rule whose check is a list of breaches."""

    def breaches(self, graph: ImportGraph) -> list[str]:
        raise NotImplementedError

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        found = self.breaches(graph)
        return ContractCheck(kept=not found, metadata={"breaches": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["breaches"]:
            output.print_error(line)


class MayImport(_Rule):
    """`modules` import only `allowed` of ours, and from outside what the lists say."""

    type_name = "may_import"

    modules = fields.SetField(subfield=fields.StringField())
    allowed = fields.SetField(subfield=fields.StringField())
    external = fields.SetField(subfield=fields.StringField(), required=False)
    forbidden_external = fields.SetField(subfield=fields.StringField(), required=False)

    def breaches(self, graph: ImportGraph) -> list[str]:
        found = []
        for importer, imported in imports_of(graph, listed(self.modules)):
            if not self.permits(imported):
                found.append(breach(graph, importer, imported))
        return found

    def permits(self, imported: str) -> bool:
        ours = {str(name) for name in self.session_options["root_packages"]}
        if is_within(imported, ours):
            # The package itself holds only its version.
            return imported in ours or is_within(imported, listed(self.allowed))
        external = listed(self.external)
        if external:
            return is_within(imported, external)
        return not is_within(imported, listed(self.forbidden_external))


class OnlyImporters(_Rule):
    """`packages` from outside are imported inside `importers` and nowhere else."""

    type_name = "only_importers"

    packages = fields.SetField(subfield=fields.StringField())
    importers = fields.SetField(subfield=fields.StringField())

    def breaches(self, graph: ImportGraph) -> list[str]:
        ours = {str(name) for name in self.session_options["root_packages"]}
        return [
            breach(graph, importer, imported)
            for importer, imported in imports_of(graph, ours)
            if is_within(imported, listed(self.packages)) and not is_within(importer, listed(self.importers))
        ]
