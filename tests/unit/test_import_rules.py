"""The import rules that import-linter lacks: what they catch, and what they let pass."""

import grimp
import pytest
from import_contracts import MayImport, OnlyImporters

SESSION = {"root_packages": ["cloth"]}
MODULES = ["cloth", "cloth.core", "cloth.core.fold", "cloth.log", "cloth.log.valkey", "cloth.web"]


def graph_of(*imports: tuple[str, str]) -> grimp.ImportGraph:
    graph = grimp.ImportGraph()
    for module in MODULES:
        graph.add_module(module)
    for outside in ["redis", "time", "hashlib"]:
        graph.add_module(outside, is_squashed=True)
    for importer, imported in imports:
        graph.add_import(importer=importer, imported=imported)
    return graph


def core_rule(**more: list[str]) -> MayImport:
    options = {"modules": ["cloth.core"], "allowed": ["cloth.core"], **more}
    return MayImport(name="core", session_options=SESSION, contract_options=options)


@pytest.mark.parametrize(
    ("imported", "is_breach"),
    [("cloth.core", False), ("cloth", False), ("hashlib", False), ("cloth.log.valkey", True), ("time", True)],
)
def test_a_part_imports_only_what_is_listed(imported: str, is_breach: bool) -> None:
    graph = graph_of(("cloth.core.fold", imported), ("cloth.web", "time"))

    check = core_rule(external=["hashlib"]).check(graph, verbose=False)

    assert check.kept is not is_breach
    assert check.metadata["breaches"] == ([f"cloth.core.fold:? imports {imported}"] if is_breach else [])


def test_forbidden_outside_packages() -> None:
    graph = graph_of(("cloth.core.fold", "time"), ("cloth.core.fold", "redis"))

    check = core_rule(forbidden_external=["time"]).check(graph, verbose=False)

    assert check.metadata["breaches"] == ["cloth.core.fold:? imports time"]


def test_a_part_that_is_not_there_yet_breaks_nothing() -> None:
    rule = MayImport(
        name="methods",
        session_options=SESSION,
        contract_options={"modules": ["cloth.methods"], "allowed": ["cloth.core"]},
    )

    assert rule.check(graph_of(("cloth.web", "cloth.log")), verbose=False).kept


def test_only_one_part_imports_a_package() -> None:
    rule = OnlyImporters(
        name="redis",
        session_options=SESSION,
        contract_options={"packages": ["redis"], "importers": ["cloth.log"]},
    )
    graph = graph_of(("cloth.log.valkey", "redis"), ("cloth.web", "redis"))

    assert rule.check(graph, verbose=False).metadata["breaches"] == ["cloth.web:? imports redis"]
