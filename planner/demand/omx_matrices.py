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
from planner.files.row_names import name_list
from planner.files.typed_cells import cell_text
from planner.said import said

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
        msg = said(
            "{path}: expected an OMX file with {what}, found none. Export it again.",
            path=str(path),
            what=what,
        )
        raise InputDataError(msg)
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted is None or wanted not in names:
        found = "several" if wanted is None else quoted(wanted)
        shown = name_list(names, _SHOWN_NAMES)
        msg = said(
            "{path}: set demand.{key} to one of {shown}; found {found}",
            path=str(path),
            key=key,
            shown=shown,
            found=found,
        )
        raise InputDataError(msg)
    return wanted


def _square(path: Path, data: h5py.Dataset) -> h5py.Dataset:
    shape: tuple[int, ...] = data.shape or ()
    if len(shape) != 2 or shape[0] != shape[1] or not shape[0]:
        sides = " x ".join(map(str, shape))
        found = said("the shape {shape}", shape=sides) if shape else "a single value"
        msg = said(
            "{path}: expected a square matrix, found {found}. Export it again.",
            path=str(path),
            found=found,
        )
        raise InputDataError(msg)
    if data.dtype.kind not in "fiu":
        msg = said(
            "{path}: expected a matrix of numbers, found {dtype}. Export it again.",
            path=str(path),
            dtype=str(data.dtype),
        )
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
            msg = said(
                "{path}: expected trucks {possible}, found {volume} from {origin} to "
                "{destination} and in {n} more cells near it. Correct the matrix.",
                path=str(path),
                possible=TRUCKS_PER_YEAR.in_words(),
                volume=float(volume[at]),
                origin=str(names[first + rows[at]]),
                destination=str(names[columns[at]]),
                n=int(wrong.sum()) - 1,
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
        sides = " x ".join(map(str, shape))
        found = said("{n} entries", n=sides) if shape else "a single value"
        msg = said(
            "{path}: expected the lookup {chosen} to name each of the {n_zones} zones once, "
            "found {found} of {dtype}. Export it again, or name another lookup.",
            path=str(path),
            chosen=quoted(chosen),
            n_zones=str(n_zones),
            found=found,
            dtype=str(data.dtype),
        )
        raise InputDataError(msg)
    names = np.array([_name(path, chosen, value) for value in data[:]], dtype=object)
    if len(set(names)) != n_zones or None in names:
        msg = said(
            "{path}: expected the lookup {chosen} to name each of the {n_zones} zones once, "
            "found {n} different names. Name another demand.lookup.",
            path=str(path),
            chosen=quoted(chosen),
            n_zones=str(n_zones),
            n=str(len(set(names) - {None})),
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
        msg = said(
            "{path}: expected the lookup {lookup} in UTF-8, found {found}. Export it with "
            "UTF-8 or numbers, or name another demand.lookup.",
            path=str(path),
            lookup=quoted(lookup),
            found=quoted(bytes(value)),
        )
        raise InputDataError(msg) from error
