"""Make what is generated from the contract: JSON Schemas, TypeScript types, and limits in both languages.

    msgspec types (core/edits.py, wire/frames.py)  ->  schemas/*.schema.json  ->  client/src/wire/types.ts
    schemas/limits.json                            ->  limits.py and limits.ts

All of it is checked in, so that nobody needs a build step to read or import it; tests/unit/test_schemas.py
fails when a file is not what this script would write. The output depends on nothing but those sources.

`make_schemas.py` writes what differs; `make_schemas.py --check` only says what differs.
"""

import inspect
import json
import sys
from pathlib import Path
from typing import Any

import msgspec
from tablecloth.core import edits
from tablecloth.wire import frames
from typescript import declaration

ROOT = Path(__file__).resolve().parent.parent
LIMITS = ROOT / "schemas" / "limits.json"

SCHEMAS: dict[str, tuple[str, Any]] = {
    "from-participant": ("FromParticipant", frames.FromParticipant),
    "from-server": ("FromServer", frames.FromServer),
    "edit": ("AnyEdit", edits.AnyEdit),
    "entry": ("Entry", edits.Entry),
    "head": ("AnyHead", edits.AnyHead),
    "body": ("Body", edits.Body),
}
"""File, name of the whole, and type. The names of unions are ours to give: msgspec only names structs."""

MADE = "Made by `make schemas`"
COMMENT = f"{MADE}. What is sent is MessagePack: base64 content stands for bin, its lengths for base64's."
LIMITS_HEAD = f"{MADE} from `schemas/limits.json`, where each limit has its reason. Do not edit."

PYTHON_LIMITS = {
    "server/tablecloth/core/limits.py": {"fold": ""},
    "server/tablecloth/wire/limits.py": {"wire": ""},
    "server/tablecloth/limits.py": {
        "fanout": "FANOUT_",
        "log": "LOG_",
        "space": "SPACE_",
        "image": "IMAGE_",
        "seal": "SEAL_",
    },
}
"""Which sections of limits.json a module holds, and what their names begin with there."""
TYPESCRIPT_LIMITS = {
    "client/src/core/limits.ts": {"fold": ""},
    "client/src/wire/limits.ts": {
        "wire": "",
        "space": "SPACE_",
        "image": "IMAGE_",
        "seal": "SEAL_",
    },
}


def structs() -> dict[str, type[msgspec.Struct]]:
    """Return the array-like structs by name: their items have names that JSON Schema doesn't take over."""
    return {
        name: kind
        for module in (edits, frames)
        for name, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, msgspec.Struct) and kind.__struct_config__.array_like
    }


def name_items(definition: dict[str, Any], kind: type[msgspec.Struct]) -> None:
    """Give each item of an array its field's name as a title."""
    tag = kind.__struct_config__.tag_field
    names = [*([tag] if tag else []), *kind.__struct_fields__]
    for name, item in zip(names, definition["prefixItems"], strict=True):
        item["title"] = name


def unite(definition: dict[str, Any]) -> dict[str, Any]:
    """Clean a description and drop what is noise in a file that people read."""
    if "description" in definition:
        definition["description"] = inspect.cleandoc(definition["description"])
    return definition


def definitions(kind: Any) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return a type's schema and what it refers to, by name, sorted."""
    (whole,), parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    arrays = structs()
    for name, definition in parts.items():
        unite(definition)
        if name in arrays:
            name_items(definition, arrays[name])
    return whole, dict(sorted(parts.items()))


def json_schema(name: str, kind: Any) -> str:
    """Return one schema file."""
    whole, parts = definitions(kind)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$comment": COMMENT, "title": name}
    return json.dumps({**head, **whole, "$defs": parts}, indent=2, ensure_ascii=False) + "\n"


def typescript_types(files: list[str]) -> str:
    """Return the TypeScript types of schema files: each named type once, then the unions."""
    parts: dict[str, Any] = {}
    wholes: dict[str, Any] = {}
    for text in files:
        schema = json.loads(text)
        for name, part in schema["$defs"].items():
            if parts.setdefault(name, part) != part:
                raise ValueError(f"two types are called {name}")
        if schema["title"] not in schema["$defs"]:
            wholes[schema["title"]] = {key: schema[key] for key in ("anyOf",)}
    head = "// Made by `make schemas` from schemas/*.schema.json. Do not edit. Bytes are MessagePack's bin.\n"
    named = [declaration(name, part) for name, part in sorted(parts.items())]
    return "\n\n".join([head.rstrip(), *named, *(declaration(*pair) for pair in wholes.items())]) + "\n"


def constants(sections: dict[str, str]) -> list[tuple[str, int, str]]:
    """Return (name, value, unit) of the limits of some sections."""
    limits = json.loads(LIMITS.read_text(encoding="utf-8"))
    return [
        (f"{prefix}{name}".upper(), limit["value"], limit["unit"])
        for section, prefix in sections.items()
        for name, limit in limits[section].items()
    ]


def python_limits(sections: dict[str, str]) -> str:
    """Return a module of constants."""
    lines = [f"{name} = {value}  # {unit}" for name, value, unit in constants(sections)]
    head = LIMITS_HEAD.replace("`", "``")
    return "\n".join([f'"""{head}"""', "", *lines]) + "\n"


def typescript_limits(sections: dict[str, str]) -> str:
    """Return a module of constants with the same names."""
    lines = [f"export const {name} = {value}; // {unit}" for name, value, unit in constants(sections)]
    return "\n".join([f"// {LIMITS_HEAD}", "", *lines]) + "\n"


def files() -> dict[str, str]:
    """Return what every generated file should hold, by path from the top folder."""
    schemas = {f"schemas/{name}.schema.json": json_schema(*pair) for name, pair in SCHEMAS.items()}
    return {
        **schemas,
        "client/src/wire/types.ts": typescript_types(list(schemas.values())),
        **{path: python_limits(sections) for path, sections in PYTHON_LIMITS.items()},
        **{path: typescript_limits(sections) for path, sections in TYPESCRIPT_LIMITS.items()},
    }


def differing() -> list[str]:
    """Return the files that are not what the sources say."""
    return [
        path
        for path, text in files().items()
        if not (ROOT / path).exists() or (ROOT / path).read_text(encoding="utf-8") != text
    ]


def main() -> int:
    """Write or, with `--check`, name what differs. Returns the exit code."""
    stale = differing()
    if "--check" in sys.argv[1:]:
        print("\n".join(f"{path} is not current: run make schemas" for path in stale) or "All current.")
        return 1 if stale else 0
    made = files()
    for path in stale:
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(made[path], encoding="utf-8")
        print(f"Wrote {path}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
