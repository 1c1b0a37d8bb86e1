"""Matrices in the Open Matrix format (OMX): HDF5 as traffic models exchange it.

Read with h5py alone: of the two libraries for the job it is the lighter one (openmatrix needs
PyTables on top), and reads what this needs in a few lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import h5py
import numpy as np

from planner.errors import InputDataError
from planner.files.bounds import OMX
from planner.files.input_files import checked_input

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_OMX_LOOKUPS = ("zone_number", "zone", "zones", "taz", "NO")


def read_omx(path: Path, matrix: str | None) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Read a square matrix of an OMX file.

    Parameters
    ----------
    path : pathlib.Path
        HDF5 file with matrices below ``/data`` and names of zones below ``/lookup``.
    matrix : str or None
        Which matrix, where the file holds more than one.

    Returns
    -------
    names : (n_zones,) object
        Zones, text: the first known lookup, or 1, 2, ... where the file has none.
    volume : (n_zones, n_zones) float64
        Trucks from row to column, >= 0.

    Raises
    ------
    InputDataError
        If the file cannot be read, the matrix is not found, not square or not of numbers, a volume
        is negative or the zones are not named once each.
    """
    try:
        with h5py.File(checked_input(path, OMX), "r") as file:
            volume = _omx_matrix(path, file, matrix)
            names = _omx_names(path, file, len(volume))
    except OSError as error:
        msg = f"{path}: the OMX file cannot be read ({error}). Export it again."
        raise InputDataError(msg) from error
    broken = ~(np.isfinite(volume) & (volume >= 0.0))
    if broken.any():
        row, column = (int(place[0]) for place in np.nonzero(broken))
        msg = (
            f"{path}: expected trucks of 0 or more, found {volume[row, column]} from {names[row]} "
            f"to {names[column]} and {int(broken.sum()) - 1} more such cells; correct the matrix"
        )
        raise InputDataError(msg)
    return names, volume


def _omx_matrix(path: Path, file: h5py.File, matrix: str | None) -> NDArray[np.float64]:
    data = file.get("data")
    names = sorted(data) if isinstance(data, h5py.Group) else []
    if not names:
        msg = f"{path}: expected an OMX file with matrices in /data, found none. Export it again."
        raise InputDataError(msg)
    if (matrix is None and len(names) > 1) or (matrix is not None and matrix not in names):
        found = "several" if matrix is None else repr(matrix)
        msg = f"{path}: set demand.matrix to one of {', '.join(names)}; found {found}"
        raise InputDataError(msg)
    dataset = data[matrix or names[0]]
    shape = dataset.shape
    if len(shape) != 2 or shape[0] != shape[1] or not 0 < shape[0] <= OMX.max_columns:
        msg = (
            f"{path}: expected a square matrix of at most {OMX.max_columns} zones, found the shape "
            f"{' x '.join(map(str, shape))}"
        )
        raise InputDataError(msg)
    if dataset.dtype.kind not in "fiu":
        msg = f"{path}: expected a matrix of numbers, found {dataset.dtype}"
        raise InputDataError(msg)
    return np.asarray(dataset[:], dtype=np.float64)


def _omx_names(path: Path, file: h5py.File, n_zones: int) -> NDArray[np.object_]:
    """Names of the zones: the file's lookup, the numbers 1, 2, ... where it has none."""
    lookups = file.get("lookup")
    found = sorted(lookups) if isinstance(lookups, h5py.Group) else []
    if not found:
        return np.array([str(number + 1) for number in range(n_zones)], dtype=object)
    chosen = next((name for name in _OMX_LOOKUPS if name in found), found[0])
    values = lookups[chosen][:]
    names = np.array(
        [value.decode() if isinstance(value, bytes) else str(value) for value in values],
        dtype=object,
    )
    if len(names) != n_zones or len(set(names)) != n_zones:
        msg = (
            f"{path}: expected the lookup {chosen} to name each of the {n_zones} zones once, found "
            f"{len(names)} entries, {len(set(names))} different ones"
        )
        raise InputDataError(msg)
    return names
