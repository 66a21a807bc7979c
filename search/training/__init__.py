"""Training a model and ranking with it: steps, optimizers, ranks and measures."""
