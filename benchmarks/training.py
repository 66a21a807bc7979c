"""An epoch with its share of validation: stock TFRS, this engine, and the matmuls alone."""

from __future__ import annotations

from benchmarks.floor import matmuls
from benchmarks.movielens import FULL, TUTORIAL, encoded
from benchmarks.pairs import Row, in_turns, row
from benchmarks.stock import Stock
from search.training.program import Program
from search.training.trainer import Trainer
from spaces import TowerConfig

__all__ = ["full_epoch", "later_trials", "tutorial_epoch"]

_TURNS, _VALIDATE_EVERY = 5, 5


def tutorial_epoch() -> list[Row]:
    """The tutorial's [64, 32] at batch 2048, in-batch softmax."""
    return _epoch("[64,32], batch 2048, in-batch", TUTORIAL)


def full_epoch() -> list[Row]:
    """Three layers at batch 512, full softmax."""
    return _epoch("[256,256,32], batch 512, full softmax", FULL)


def later_trials() -> list[Row]:
    """Build and train one epoch: the first trial of a shape, and the next with other values."""
    data = encoded()
    program = Program(data, TUTORIAL)
    ways = {
        "first": lambda: Trainer(data, TUTORIAL, 1).train_epoch(1),
        "later": lambda: Trainer(data, TUTORIAL, 1, program).train_epoch(1),
    }
    return [row("a trial of one epoch, [64,32]", in_turns(ways, _TURNS), of="later")]


def _epoch(name: str, config: TowerConfig) -> list[Row]:
    data = encoded()
    trainer = Trainer(data, config, 1)
    stock = Stock(
        config.layer_sizes("query"), config.batch_size, config.negatives == "full_softmax"
    )
    seconds = in_turns(
        {
            "uncached": lambda: stock.train(stock.uncached),
            "cached": lambda: stock.train(stock.cached),
            "validate stock": stock.validate,
            "engine": _Epochs(trainer),
            "validate": lambda: trainer.evaluate("validation"),
            "floor": matmuls(data, config),
        },
        _TURNS,
    )
    shared = {
        "stock TFRS": _share(seconds["uncached"], seconds["validate stock"]),
        "stock TFRS, cached": _share(seconds["cached"], seconds["validate stock"]),
        "engine": _share(seconds["engine"], seconds["validate"]),
    }
    alone = {name: seconds[name] for name in ("engine", "floor")}
    validation = {"FactorizedTopK": seconds["validate stock"], "engine": seconds["validate"]}
    return [
        row(f"epoch + 1/5 validation, {name}", shared, of="engine"),
        row(f"epoch, {name}", alone, of="floor"),
        row(f"validation of 20,000 queries, {name}", validation, of="engine"),
    ]


def _share(epochs: list[float], validations: list[float]) -> list[float]:
    return [e + v / _VALIDATE_EVERY for e, v in zip(epochs, validations, strict=True)]


class _Epochs:
    """Trains the next epoch at each call."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer, self._epoch = trainer, 0

    def __call__(self) -> None:
        self._epoch += 1
        self._trainer.train_epoch(self._epoch)
