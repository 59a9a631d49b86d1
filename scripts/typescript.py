"""TypeScript types from JSON Schemas (2020-12), as far as our own schemas use them.

A map becomes an interface, an array with `prefixItems` a tuple whose labels are the items' titles, base64
content a `Uint8Array` (on the wire it is MessagePack's bin), a `$ref` the name of a type. Everything is
readonly: frames are built once and read. A schema with a keyword that this file doesn't know raises
KeyError or ValueError.

Rejected: json-schema-to-typescript (a hundred packages; it knows neither bytes nor labelled tuples).
"""

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]
WIDTH = 110
SIMPLE = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def name_of(ref: str) -> str:
    """Return the type that a `$ref` names."""
    return ref.rsplit("/", 1)[1]


def union(parts: list[str]) -> str:
    """Return the parts as a union, each once."""
    return " | ".join(dict.fromkeys(parts))


def expression(schema: Schema) -> str:
    """Return the type that a schema describes, on one line."""
    if "$ref" in schema:
        return name_of(schema["$ref"])
    if "anyOf" in schema:
        return union([expression(part) for part in schema["anyOf"]])
    if "enum" in schema:
        return union([json.dumps(value) for value in schema["enum"]])
    if "type" not in schema:
        return "unknown"
    if schema["type"] == "array":
        return array(schema)
    if schema["type"] == "object":
        return f"Readonly<Record<string, {expression(schema['additionalProperties'])}>>"
    if schema.get("contentEncoding") == "base64":
        return "Uint8Array"
    return SIMPLE[schema["type"]]


def array(schema: Schema) -> str:
    """Return a tuple or a list."""
    if "prefixItems" in schema:
        return f"readonly [{', '.join(tuple_items(schema))}]"
    item = expression(schema["items"])
    is_compound = "|" in item or item.startswith("readonly ")
    return f"readonly ({item})[]" if is_compound else f"readonly {item}[]"


def tuple_items(schema: Schema) -> list[str]:
    """Return a tuple's items, labelled if all of them have a title; those past `minItems` may be absent."""
    items = schema["prefixItems"]
    are_named = all("title" in item for item in items)
    return [
        f"{item['title']}{'' if place < schema['minItems'] else '?'}: {expression(item)}"
        if are_named
        else expression(item)
        for place, item in enumerate(items)
    ]


def comment(schema: Schema) -> list[str]:
    """Return a schema's description as a comment."""
    words = schema.get("description", "").replace("``", "`").splitlines()
    if not words:
        return []
    if len(words) == 1:
        return [f"/** {words[0]} */"]
    return ["/**", *(f" * {line}".rstrip() for line in words), " */"]


def interface(name: str, schema: Schema) -> list[str]:
    """Return a map as an interface."""
    required = set(schema.get("required", ()))
    members = [
        f"  readonly {member}{'' if member in required else '?'}: {expression(part)};"
        for member, part in schema["properties"].items()
    ]
    return [f"export interface {name} {{", *members, "}"]


def alias(name: str, schema: Schema) -> list[str]:
    """Return anything else as a type of that name, broken into lines if it is long."""
    whole = f"export type {name} = {expression(schema)};"
    if len(whole) <= WIDTH:
        return [whole]
    if "prefixItems" in schema:
        return [f"export type {name} = readonly [", *(f"  {item}," for item in tuple_items(schema)), "];"]
    if "anyOf" in schema:
        parts = [f"  | {expression(part)}" for part in schema["anyOf"]]
        return [f"export type {name} =", *parts[:-1], parts[-1] + ";"]
    raise ValueError(f"{name} is longer than a line")


def declaration(name: str, schema: Schema) -> str:
    """Return one exported type with its comment."""
    body = interface(name, schema) if "properties" in schema else alias(name, schema)
    return "\n".join([*comment(schema), *body])
