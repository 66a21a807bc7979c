"""A model's first weights, as a function of the seed alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from search.tensorflow import keras

__all__ = ["initialise"]


def initialise(variables: list[Any], seed: int) -> None:
    """Give every variable its first value: what Keras draws by default, from the trial's seed.

    Embeddings are uniform in (-0.05, 0.05), kernels Glorot uniform, biases zero. The order of the
    variables decides which draw each of them gets.
    """
    seeds = np.random.SeedSequence(seed).generate_state(len(variables))
    for variable, own in zip(variables, seeds, strict=True):
        variable.assign(_initializer(variable.name, int(own) >> 1)(variable.shape))


def _initializer(name: str, seed: int) -> Any:
    if "embeddings" in name:
        return keras.initializers.RandomUniform(-0.05, 0.05, seed=seed)
    if "kernel" in name:
        return keras.initializers.GlorotUniform(seed=seed)
    return keras.initializers.Zeros()
