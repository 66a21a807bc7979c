"""Runs benchmarks, each in a process of its own, and writes a table and a JSON file."""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.pairs import Row

__all__ = ["main"]

_BENCHMARKS = {
    "tutorial": "training:tutorial_epoch",
    "full": "training:full_epoch",
    "later": "training:later_trials",
    "catalogue": "catalogue:large_catalogue",
    "overhead": "trials:overhead",
    "memory": "trials:memory",
    "reading": "commands:reading",
    "workers": "commands:workers",
    "cold": "commands:cold_start",
    "growth": "growth:growth",
    "encoding": "encoding:encoding",
    "unknown": "unknown:held_out_users",
}


def main() -> None:
    """`python -m benchmarks [NAME ...] [--json FILE]`; without names, all of them."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(_BENCHMARKS))
    parser.add_argument("--json", type=Path, default=Path("benchmarks.json"))
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        print(json.dumps([asdict(row) for row in _run(options.names[0])]))
        return
    rows = [row for name in options.names or _BENCHMARKS for row in _measured(name)]
    options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    Console().print(_table(rows))


def _run(name: str) -> list[Row]:
    module, function = _BENCHMARKS[name].split(":")
    rows: list[Row] = getattr(importlib.import_module(f"benchmarks.{module}"), function)()
    return rows


def _measured(name: str) -> list[Row]:
    command = [sys.executable, "-m", "benchmarks", name, "--here"]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [Row(**fields) for fields in json.loads(out.splitlines()[-1])]


def _table(rows: list[Row]) -> Table:
    table = Table("measured", "median", "ratio (least to most)")
    for row in rows:
        table.add_section()
        for label, value in row.medians.items():
            unit = f"{value:.4g} {row.unit}"
            table.add_row(f"{row.name}: {label}", unit, _ratio(row, label))
        if row.note:
            table.add_row(f"[dim]{row.note}[/dim]")
    return table


def _ratio(row: Row, label: str) -> str:
    if label not in row.ratios:
        return "1" if label == row.of else ""
    median, least, most = row.ratios[label]
    return f"{median:.3g} ({least:.3g} to {most:.3g})"


if __name__ == "__main__":
    main()
