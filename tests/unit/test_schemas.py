"""Generated files are what their sources say, and the TypeScript maker knows what it writes."""

import make_schemas
import pytest
from typescript import declaration


def test_generated_files_are_current() -> None:
    assert make_schemas.differing() == [], "run `make schemas`"


def test_every_limit_has_a_unit_and_a_reason() -> None:
    for name, value, unit in make_schemas.constants(
        dict.fromkeys(("fold", "wire", "fanout", "log", "space"), "")
    ):
        assert value > 0, name
        assert unit, name


def test_a_map_becomes_an_interface_with_optional_members() -> None:
    schema = {
        "description": "What it is.",
        "type": "object",
        "properties": {"t": {"enum": ["open"]}, "seq": {"type": "integer", "default": 0}},
        "required": ["t"],
    }

    assert declaration("Open", schema).splitlines() == [
        "/** What it is. */",
        "export interface Open {",
        '  readonly t: "open";',
        "  readonly seq?: number;",
        "}",
    ]


def test_an_array_becomes_a_labelled_tuple() -> None:
    schema = {
        "type": "array",
        "prefixItems": [
            {"title": "head", "type": "string", "contentEncoding": "base64"},
            {"title": "acks", "type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
        ],
        "minItems": 1,
    }

    expected = "export type Entry = readonly [head: Uint8Array, acks?: readonly (readonly number[])[]];"
    assert declaration("Entry", schema) == expected


def test_a_keyword_that_is_not_known_is_not_passed_over() -> None:
    with pytest.raises(KeyError):
        declaration("Strange", {"type": "decimal"})
