"""What a worker counts, for ``/metrics``. Never a secret, a name, a word or an id: only codes, counts and
seconds (TRAPS 27).

With several workers each says its own numbers under a label ``worker``, and every worker answers for all:
each leaves its numbers in a file of the run's own folder every two seconds, and whoever is asked puts them
together. So a scrape is whole whichever worker it meets, and a worker that was started anew begins at 0,
which Prometheus understands.

Rejected: prometheus_client's multiprocess mode (it reads the environment at import, and mmaps a file a
process for ever); a scrape that meets one worker by chance (its series would have gaps).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, generate_latest
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
WRITE_EVERY_S = 2.0

_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """One worker's numbers. Count in batches: each call takes about a microsecond."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.edits = Counter("tablecloth_edits", "Groups of edits that the log took.", registry=registry)
        self.refusals = Counter("tablecloth_refusals", "Refusals, by code.", ["code"], registry=registry)
        self.entries = Counter("tablecloth_entries", "Entries that the feed brought.", registry=registry)
        self.deliveries = Counter(
            "tablecloth_deliveries", "Entries sent, counted once a receiver.", registry=registry
        )
        self.aborts = Counter(
            "tablecloth_backlog_aborts", "Receivers dropped because they read nothing.", registry=registry
        )
        self.connections = Gauge("tablecloth_connections", "Open connections.", registry=registry)
        self.rooms = Gauge("tablecloth_rooms", "Open boards.", registry=registry)
        self.writable = Gauge("tablecloth_store_writable", "1 while edits can be kept.", registry=registry)
        self.appends = self._seconds("append", "One append call, until durable.")
        self.flushes = self._seconds("flush", "One pass over the rooms with news, until it is written.")
        self.snapshots = self._seconds("snapshot", "Making and keeping one snapshot.")
        self.writable.set(1)

    def _seconds(self, what: str, words: str) -> Histogram:
        return Histogram(f"tablecloth_{what}_seconds", words, buckets=_SECONDS, registry=self.registry)


class _Sample(msgspec.Struct, array_like=True):
    name: str
    labels: dict[str, str]
    value: float


class _Family(msgspec.Struct, array_like=True):
    name: str
    documentation: str
    type: str
    unit: str
    samples: list[_Sample]


_decode = msgspec.msgpack.Decoder(list[_Family]).decode


def take(registry: CollectorRegistry, worker: int) -> list[_Family]:
    """A registry's numbers as they are, under a worker's label."""
    return [
        _Family(
            family.name,
            family.documentation,
            family.type,
            family.unit,
            [
                _Sample(s.name, {**s.labels, "worker": str(worker)}, s.value)
                for s in family.samples
                if not s.name.endswith("_created")  # a worker's start, once for every series
            ],
        )
        for family in registry.collect()
    ]


class _Taken(Collector):
    """Families of several workers as one."""

    def __init__(self, workers: list[list[_Family]]) -> None:
        self._workers = workers

    def collect(self) -> Iterator[Metric]:
        merged: dict[str, Metric] = {}
        for families in self._workers:
            for family in families:
                metric = merged.setdefault(
                    family.name, Metric(family.name, family.documentation, family.type, family.unit)
                )
                for sample in family.samples:
                    metric.add_sample(sample.name, sample.labels, sample.value)
        return iter(merged.values())


class Shared:
    """The workers' numbers together. ``folder`` is the run's own; None for a single worker."""

    def __init__(self, metrics: Metrics, worker: int, folder: Path | None) -> None:
        self._metrics = metrics
        self._worker = worker
        self._folder = folder

    def write(self) -> None:
        """Leave this worker's numbers where the others find them. A repeat replaces them."""
        if self._folder is None:
            return
        path = self._folder / f"metrics-{self._worker}"
        half = path.with_suffix(".half")
        half.write_bytes(msgspec.msgpack.encode(take(self._metrics.registry, self._worker)))
        os.replace(half, path)

    def render(self) -> bytes:
        """All workers' numbers in Prometheus' text format; this worker's are of this moment."""
        workers = [take(self._metrics.registry, self._worker)]
        for path in sorted(self._folder.glob("metrics-*")) if self._folder is not None else ():
            if path.name != f"metrics-{self._worker}" and path.suffix != ".half":
                try:
                    workers.append(_decode(path.read_bytes()))
                except (OSError, msgspec.MsgspecError):
                    continue  # it is being replaced, or its worker is gone
        joined = CollectorRegistry()
        joined.register(_Taken(workers))
        return generate_latest(joined)
