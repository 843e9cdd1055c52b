"""The pairing benchmark: a generator with ground truth, and the engine beside its rivals."""
