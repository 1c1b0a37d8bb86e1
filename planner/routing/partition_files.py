"""Stop plans of a partition as a Parquet file: a row per trip, its stops and breaks as lists."""

from __future__ import annotations

from dataclasses import fields
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from planner.errors import InvariantError
from planner.routing.stop_plans import StopPlans, part_of
from planner.runs.durable_files import remove_tree, replacing
from planner.runs.stage_files import read_json, tell_of_damage, write_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

_COLUMNS = tuple(field.name for field in fields(StopPlans) if not field.name.endswith("_offset"))


class PartitionFile:
    """Plans of a partition on disk, whole or not at all.

    Beside the Parquet file, which other programs can read, lies its checksum: what a failing disk
    made of it is found, and the partition is planned again.

    Parameters
    ----------
    folder : pathlib.Path
        Exists.
    number : int
        Of the partition, from 0.
    """

    def __init__(self, folder: Path, number: int) -> None:
        self.path = folder / f"stops-{number + 1:05d}.parquet"
        self._seal = self.path.with_suffix(".json")

    def is_whole(self, tell: Callable[[Path, str], None] = tell_of_damage) -> bool:
        """Whether the file is there as it was written.

        Parameters
        ----------
        tell : callable
            Says of a path what is damaged there.
        """
        if not self.path.exists():
            return False
        seal = read_json(self._seal, tell)
        if self.path.is_file() and seal == _seal_of(self.path):
            return True
        tell(self.path, "not as it was written")
        return False

    def write(self, plans: StopPlans) -> None:
        """Write plans."""
        if self.path.is_dir():  # as something else left it
            remove_tree(self.path)
        with replacing(self.path) as new:
            pq.write_table(_table(plans), new, compression="zstd")
            # Before the file is there: a kill in between leaves no file without its checksum.
            write_json(self._seal, _seal_of(new))

    def read(self) -> StopPlans:
        """Read plans that are whole."""
        if not self.is_whole():
            msg = f"{self.path}: changed while the run was at work; run it again with --resume"
            raise InvariantError(msg)
        return _plans(pq.read_table(self.path))


def _seal_of(path: Path) -> str:
    return blake2b(path.read_bytes(), digest_size=16).hexdigest()


def _table(plans: StopPlans) -> pa.Table:
    """Plans as a table; what a trip has any number of is a list in its row."""
    columns: dict[str, pa.Array] = {}
    for name in _COLUMNS:
        values = pa.array(getattr(plans, name), from_pandas=False)
        part = part_of(name)
        if part:
            offset = pa.array(getattr(plans, f"{part}_offset").astype(np.int32))
            values = pa.ListArray.from_arrays(offset, values)
        columns[name] = values
    return pa.table(columns)


def _plans(table: pa.Table) -> StopPlans:
    columns: dict[str, NDArray[Any]] = {}
    for name in _COLUMNS:
        values = table[name].combine_chunks()
        if part_of(name):
            columns[f"{part_of(name)}_offset"] = values.offsets.to_numpy().astype(np.int64)
            values = values.values
        columns[name] = np.asarray(values.to_numpy(zero_copy_only=False))
    return StopPlans(**columns)
