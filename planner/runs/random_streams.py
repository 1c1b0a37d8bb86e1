"""Independent random streams, one per named stage, from the scenario's one seed.

A stage's draws depend on the seed and its own name only, so that adding a stage or running stages
in another order or process leaves every other stage's numbers as they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np


@dataclass(frozen=True, slots=True)
class RandomStreams:
    """The random streams of one run.

    Parameters
    ----------
    seed : int
        The scenario's seed, >= 0.
    """

    seed: int

    def generator(self, stage: str) -> np.random.Generator:
        """Generator of a stage.

        Parameters
        ----------
        stage : str
            Name of the stage, for example ``"demand.departures"``.

        Returns
        -------
        numpy.random.Generator
            Fresh PCG64 generator; the same name gives the same numbers again.
        """
        return np.random.default_rng(self._sequence(stage))

    def key(self, stage: str) -> np.uint64:
        """64-bit key of a stage for counter-based hashes in kernels."""
        return np.uint64(self._sequence(stage).generate_state(1, np.uint64)[0])

    def _sequence(self, stage: str) -> np.random.SeedSequence:
        return np.random.SeedSequence(self.seed, spawn_key=(stable_hash(stage) & 0xFFFFFFFF,))


def stable_hash(text: str) -> int:
    """Hash a text to an unsigned 64-bit integer that is the same in every process and version."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")
