"""Seconds and memory from a file of 25 million made-up interactions to a trained epoch."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from benchmarks.memory import peak
from benchmarks.movielens import CORES, TUTORIAL
from benchmarks.pairs import Row
from search.data.cache import prepare
from search.data.files import Files
from search.data.schema import Feature
from search.data.sources import load
from search.data.splits import Split
from search.training.threads import use_threads
from search.training.trainer import Trainer

__all__ = ["encoding"]

_SIZES, _LIMIT = (1_000_000, 25_000_000), 4 << 30
_BY_USER, _CANDIDATES, _ROWS = 150, 60_000, 1_000_000
_FEATURES = (
    Feature("user", "id", "query"),
    Feature("when", "time", "query"),
    Feature("item", "id", "candidate"),
)


def encoding() -> list[Row]:
    """Each size in a process of its own; the larger one must stay below 4 GiB."""
    return [_measured(size) for size in _SIZES]


def _measured(interactions: int) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder) / "interactions.parquet", interactions)
        command = [sys.executable, "-m", "benchmarks.encoding", folder]
        out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    values = json.loads(out.splitlines()[-1])
    most = max(values["peak after encoding, GB"], values["peak after an epoch, GB"]) * 1e9
    fits = "within" if most <= _LIMIT else "ABOVE"
    return Row(f"{interactions / 1e6:g} million interactions", "", values, note=f"{fits} 4 GiB")


def _write(path: Path, interactions: int) -> None:
    """Write users and items as text, a million rows at a time."""
    random = np.random.default_rng(0)
    schema = pa.schema([("user", pa.string()), ("item", pa.string()), ("when", pa.int64())])
    with pa.parquet.ParquetWriter(path, schema) as writer:
        for start in range(0, interactions, _ROWS):
            rows = min(_ROWS, interactions - start)
            users = random.integers(interactions // _BY_USER, size=rows)
            items = (_CANDIDATES * random.random(rows) ** 3).astype(np.int64)
            whens = random.integers(1_500_000_000, 1_700_000_000, size=rows)
            columns = [_named("user", users), _named("item", items), pa.array(whens)]
            writer.write_table(pa.table(columns, schema=schema))


def _named(word: str, numbers: np.ndarray) -> pa.Array:
    return pa.array([f"{word} {number}" for number in numbers.tolist()])


def _main(folder: Path) -> None:
    use_threads(CORES)
    files = Files(str(folder / "interactions.parquet"), _FEATURES, "item", "user", "when")
    started = time.perf_counter()
    split = Split(train=0.98, validation=0.01, test=0.01)
    data = prepare(lambda: load(files), split, folder / "data")
    values = {"encoding, s": time.perf_counter() - started, "peak after encoding, GB": peak() / 1e9}
    trainer = Trainer(data, TUTORIAL, 1)
    started = time.perf_counter()
    trainer.train_epoch(1)
    values |= {"epoch, s": time.perf_counter() - started, "peak after an epoch, GB": peak() / 1e9}
    print(json.dumps(values))


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
