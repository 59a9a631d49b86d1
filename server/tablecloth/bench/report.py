"""Figures for people: a table that says of which machine, which mix and which durability it is."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from tablecloth.bench.people import SHARE_A_NOTE
from tablecloth.bench.server import Measured
from tablecloth.log.valkey_binary import find_valkey

_CLIENTS_ARE_THE_LIMIT = 0.9
_HEADINGS = (
    "clients boards  edits/s deliveries/s  p50 ms  p99 ms  max ms server valkey  CPU s/M KB/conn "
    "| own late ms"
)
_DURABLE = {
    "fsync": "every edit on disk before anybody sees it (appendfsync always)",
    "second": "a power cut may take the last second",
    "memory": "in memory only",
}


def machine(server: Measured) -> dict[str, Any]:
    """What the figures are of."""
    said = subprocess.run(
        [str(find_valkey()), "--version"], capture_output=True, text=True, check=True
    ).stdout
    valkey = next((word.removeprefix("v=") for word in said.split() if word.startswith("v=")), "")
    durable = server.durability()
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "valkey": valkey,
        "system": f"{platform.system()} {platform.release()}",
        "durable": _DURABLE.get(durable, durable),
        "apart": server.cores is not None,
    }


def _cpu() -> str:
    """The processor's name, as far as the system tells."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith(("model name", "Model")):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def table(result: dict[str, Any], mix: dict[str, float], seconds: float) -> str:
    """The whole report."""
    about = result["machine"]
    total = sum(mix.values())
    shares = ", ".join(f"{kind} {share / total:.0%}" for kind, share in mix.items())
    apart = (
        "server and Valkey share one core, the clients have another"
        if about["apart"]
        else "server, Valkey and clients share all cores"
    )
    lines = [
        "",
        f"{about['cpu']}, {about['cores']} cores, {about['system']}",
        f"Python {about['python']}, Valkey {about['valkey']}",
        f"{apart}; {about['durable']}",
        f"{seconds:g} s each; {shares}; {SHARE_A_NOTE} people type in one note",
        "full admission; receivers decode and don't fold",
        "before it counts, everybody puts a note and a stroke on the board and writes for a second",
        "",
        _HEADINGS,
    ]
    for one in result["plans"]:
        lines.append(_row(one))
        lines += _remarks(one)
    if result["join"]:
        joined = result["join"]
        lines += [
            "",
            f"Joining {joined['elements']:,} elements: {joined['received_bytes'] / 1e6:.2f} MB",
            f"  all there after {joined['received_s'] * 1000:.0f} ms",
            f"  folded by a Python client after {joined['folded_s'] * 1000:.0f} ms",
        ]
    lines += [
        "",
        "p50, p99, max: from sending an edit until the last receiver on its board has it.",
        "CPU s/M: seconds of server and Valkey for a million deliveries. KB/conn: the server's memory.",
        "own, late: how busy the process was in which the clients are, and how late it sent (p99).",
        "",
    ]
    return "\n".join(lines)


def _row(one: dict[str, Any]) -> str:
    columns = [
        f"{one['clients']:>7,}",
        f"{one['boards']:>6}",
        f"{one['edits_per_s']:>8,.0f}",
        f"{one['deliveries_per_s']:>12,.0f}",
        f"{one['p50_ms']:>7.1f}",
        f"{one['p99_ms']:>7.1f}",
        f"{one['max_ms']:>7.1f}",
        f"{one['server_busy']:>6.0%}",
        f"{one['valkey_busy']:>6.0%}",
        f"{one['cpu_s_per_million']:>8.2f}",
        f"{one['bytes_per_connection'] / 1024:>7.1f}",
        f"| {one['generator_busy']:>3.0%}",
        f"{one['generator_late_ms']:>7.1f}",
    ]
    return " ".join(columns)


def _remarks(one: dict[str, Any]) -> list[str]:
    """What must be known beside a row."""
    remarks = []
    if one["refusals"]:
        remarks.append("refused: " + ", ".join(f"{code} {count}" for code, count in one["refusals"].items()))
    if one["left"]:
        remarks.append(f"{one['left']} edits had not reached everybody in the end")
    if one["edits_per_s"] < 0.97 * one["asked_per_s"]:
        remarks.append(f"asked for {one['asked_per_s']:,.0f} edits/s")
    if one["generator_late_ms"] > 20:
        remarks.append(f"the clients themselves were late by {one['generator_late_ms']:.0f} ms (p99)")
    if one["generator_busy"] > _CLIENTS_ARE_THE_LIMIT:
        remarks.append("the clients were the limit here, and not the server")
    return [f"         {remark}" for remark in remarks]
