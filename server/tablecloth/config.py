"""How a server is set up: read once by the command line, passed on whole, changed nowhere.

Nothing else in the server reads the environment or the arguments.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self

import msgspec

from tablecloth import limits
from tablecloth.log.embedded import default_data_dir
from tablecloth.problems import SetupProblem
from tablecloth.session import name_fits

MAX_WORKERS = 64
_MAX_SAID = 120
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\[\]:_-]+")


@dataclass(frozen=True)
class Config:
    """Every setting of ``serve``. ``checked`` before use."""

    host: str = "0.0.0.0"  # noqa: S104 (people in the room are to reach it)
    port: int = 8080
    """0 for any that is free."""
    data: Path = field(default_factory=default_data_dir)
    """Where the embedded store keeps the boards."""
    valkey: str | None = None
    """The address of a store of one's own; None for the embedded one."""
    workers: int = 1
    origins: tuple[str, ...] = ()
    """Origins of pages that may connect, besides the server's own (``https://boards.example``)."""
    public_url: str | None = None
    """What links begin with, where the server can't tell: behind a proxy that speaks https."""
    records: Literal["console", "json"] = "console"
    """How the server's own records are written."""
    spaces_per_minute: int = limits.SPACE_SPACES_PER_MINUTE
    """New spaces that a worker begins at most."""
    host_name: str = ""
    """Who runs this machine, as the notice before joining says it; empty: the person whose computer it is."""
    contact: str = ""
    """How they can be reached, said there too."""
    run_folder: Path | None = None
    """Where the workers of one run meet; made by ``serve``."""

    @property
    def is_shared(self) -> bool:
        """Whether other workers may serve the same boards."""
        return self.workers > 1 or self.valkey is not None

    def checked(self) -> Self:
        """The same, if it can be served. Raises SetupProblem."""
        if not 0 <= self.port <= 65535:
            raise SetupProblem(f"There is no port {self.port}.", "Choose one from 1024 to 65535 with --port.")
        if not 1 <= self.workers <= MAX_WORKERS:
            raise SetupProblem(
                f"{self.workers} workers can't serve.", f"Choose 1 to {MAX_WORKERS} with --workers."
            )
        for origin in self.origins:
            if _ORIGIN.fullmatch(origin.rstrip("/")) is None:
                raise SetupProblem(
                    f"{origin} is not the origin of a page.", "Write it like https://boards.example."
                )
        for said, option in ((self.host_name, "--host-name"), (self.contact, "--contact")):
            if len(said) > _MAX_SAID or not name_fits(said):
                raise SetupProblem(
                    f"What {option} says can't be shown.", f"Give one line of at most {_MAX_SAID} letters."
                )
        if self.public_url is None:
            return self
        public_url = self.public_url.rstrip("/")
        if _ORIGIN.fullmatch(public_url) is None:
            raise SetupProblem(
                f"Links can't begin with {self.public_url}.", "Write it like https://boards.example."
            )
        return dataclasses.replace(self, public_url=public_url)

    def to_json(self) -> bytes:
        """For a worker's process. May hold the store's password: not for arguments, records or files."""
        values = dataclasses.asdict(self)
        folder = self.run_folder
        return msgspec.json.encode(
            {**values, "data": str(self.data), "run_folder": None if folder is None else str(folder)}
        )

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """What ``to_json`` wrote."""
        values = msgspec.json.decode(data)
        folder = values["run_folder"]
        return cls(
            **{
                **values,
                "data": Path(values["data"]),
                "origins": tuple(values["origins"]),
                "run_folder": None if folder is None else Path(folder),
            }
        )
