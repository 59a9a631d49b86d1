"""The build hook: puts the built client and the schemas into the wheel.

A wheel holds client/dist as tablecloth/web/static and the schemas' data as
tablecloth/schemas. An editable install holds neither: in a checkout the
server finds both where they lie.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED_SCHEMAS = ["*.json", "templates/**/*"]


class ClientBuildHook(BuildHookInterface[Any]):
    """Builds the client if it isn't fresh, and lists what ships with the package."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "scripts"))
        import client

        client.build(root)
        if self.target_name != "wheel":
            return
        included = build_data["force_include"]
        included[str(root / "client" / "dist")] = "tablecloth/web/static"
        for pattern in SHIPPED_SCHEMAS:
            for path in (root / "schemas").glob(pattern):
                if path.is_file():
                    place = path.relative_to(root / "schemas").as_posix()
                    included[str(path)] = f"tablecloth/schemas/{place}"
