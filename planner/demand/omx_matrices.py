"""Matrices in the Open Matrix format (OMX): HDF5 as traffic models exchange it.

Read with h5py alone: of the two libraries for the job it is the lighter one (openmatrix needs
PyTables on top), and reads what this needs in a few lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.errors import InputDataError, quoted
from planner.files.bounds import OMX
from planner.files.hdf5_files import Hdf5File, open_hdf5, row_blocks
from planner.files.ranges import TRUCKS_PER_YEAR
from planner.files.typed_cells import cell_text

if TYPE_CHECKING:
    from pathlib import Path

    import h5py
    from numpy.typing import NDArray

_SHOWN_NAMES = 20


@dataclass(frozen=True, slots=True)
class OmxMatrix:
    """A matrix by its cells that are not zero.

    Parameters
    ----------
    names : (n_zones,) object
        Zones, text: those of the lookup, or 1, 2, ... where the file has none.
    origin_idx, destination_idx : (n_cells,) int32
        Row and column of each cell, by row.
    volume : (n_cells,) float64
        Trucks from row to column, > 0.
    """

    names: NDArray[np.object_]
    origin_idx: NDArray[np.int32]
    destination_idx: NDArray[np.int32]
    volume: NDArray[np.float64]


def read_omx(path: Path, matrix: str | None, lookup: str | None = None) -> OmxMatrix:
    """Read a square matrix of an OMX file.

    Parameters
    ----------
    path : pathlib.Path
        HDF5 file with matrices below ``/data`` and names of zones below ``/lookup``.
    matrix, lookup : str or None
        Which of them, where the file holds more than one.

    Raises
    ------
    InputDataError
        If the file cannot be read or keeps its data elsewhere, the matrix or lookup is not found,
        is one of several, not square or not of numbers, a volume is impossible or the zones are not
        named once each.
    """
    with open_hdf5(path, OMX) as file:
        chosen = _one_of(path, file.names("data"), matrix, "matrix", "matrices in /data")
        data = _square(path, file.dataset("data", chosen))
        names = _zone_names(path, file, lookup, len(data))
        return _filled_cells(path, data, names)


def _one_of(path: Path, names: list[str], wanted: str | None, key: str, what: str) -> str:
    if not names:
        msg = f"{path}: expected an OMX file with {what}, found none. Export it again."
        raise InputDataError(msg)
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted is None or wanted not in names:
        found = "several" if wanted is None else quoted(wanted)
        shown = ", ".join(quoted(name)[1:-1] for name in names[:_SHOWN_NAMES])
        more = f" and {len(names) - _SHOWN_NAMES} more" if len(names) > _SHOWN_NAMES else ""
        msg = f"{path}: set demand.{key} to one of {shown}{more}; found {found}"
        raise InputDataError(msg)
    return wanted


def _square(path: Path, data: h5py.Dataset) -> h5py.Dataset:
    shape: tuple[int, ...] = data.shape or ()
    if len(shape) != 2 or shape[0] != shape[1] or not shape[0]:
        found = f"the shape {' x '.join(map(str, shape))}" if shape else "a single value"
        msg = f"{path}: expected a square matrix, found {found}. Export it again."
        raise InputDataError(msg)
    if data.dtype.kind not in "fiu":
        msg = f"{path}: expected a matrix of numbers, found {data.dtype}. Export it again."
        raise InputDataError(msg)
    return data


def _filled_cells(path: Path, data: h5py.Dataset, names: NDArray[np.object_]) -> OmxMatrix:
    origins, destinations, volumes = [], [], []
    for first, block in row_blocks(data):
        rows, columns = np.nonzero(block)  # what is no number is not zero
        volume = block[rows, columns]
        wrong = ~TRUCKS_PER_YEAR.holds(volume)
        if wrong.any():
            at = int(np.argmax(wrong))
            msg = (
                f"{path}: expected trucks {TRUCKS_PER_YEAR}, found {volume[at]} from "
                f"{names[first + rows[at]]} to {names[columns[at]]} and in {int(wrong.sum()) - 1} "
                "more cells near it. Correct the matrix."
            )
            raise InputDataError(msg)
        origins.append((rows + first).astype(np.int32))
        destinations.append(columns.astype(np.int32))
        volumes.append(volume)
    return OmxMatrix(
        names, np.concatenate(origins), np.concatenate(destinations), np.concatenate(volumes)
    )


def _zone_names(
    path: Path, file: Hdf5File, lookup: str | None, n_zones: int
) -> NDArray[np.object_]:
    """Names of the zones: the file's lookup, the numbers 1, 2, ... where it has none."""
    lookups = file.names("lookup")
    if not lookups and lookup is None:
        return np.array([str(number + 1) for number in range(n_zones)], dtype=object)
    chosen = _one_of(path, lookups, lookup, "lookup", "names of zones in /lookup")
    data = file.dataset("lookup", chosen)
    if data.shape != (n_zones,) or data.dtype.kind not in "fiuSUO":
        shape = data.shape or ()
        found = f"{' x '.join(map(str, shape))} entries" if shape else "a single value"
        msg = (
            f"{path}: expected the lookup {quoted(chosen)} to name each of the {n_zones} zones "
            f"once, found {found} of {data.dtype}. Export it again, or name another lookup."
        )
        raise InputDataError(msg)
    names = np.array([_name(path, chosen, value) for value in data[:]], dtype=object)
    if len(set(names)) != n_zones or None in names:
        msg = (
            f"{path}: expected the lookup {quoted(chosen)} to name each of the {n_zones} zones "
            f"once, found {len(set(names) - {None})} different names. Name another demand.lookup."
        )
        raise InputDataError(msg)
    return names


def _name(path: Path, lookup: str, value: Any) -> str | None:
    if not isinstance(value, bytes):
        return cell_text(value)
    OMX.check(path, token_chars=len(value))
    try:
        return cell_text(value.decode())
    except UnicodeDecodeError as error:
        msg = (
            f"{path}: expected the lookup {quoted(lookup)} in UTF-8, found {quoted(bytes(value))}. "
            "Export it with UTF-8 or numbers, or name another demand.lookup."
        )
        raise InputDataError(msg) from error
