"""HDF5 files that come from elsewhere: what they hold themselves, and no more than that.

A data set of HDF5 may lie in any other file of the machine (external storage, links, virtual data
sets), need code that is looked for in a folder (filters), or declare sizes that it does not hold.
Each is refused before anything is read or room is made for it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import h5py
import numpy as np

from planner.errors import InputDataError, quoted
from planner.files.bounds import FREE_UNPACKED_BYTES, MAX_EXPANSION, FileBounds
from planner.files.input_files import checked_input
from planner.files.safe_files import FETCH_AGAIN
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

MAX_DEFLATED = 1_100
"""No filter that is read packs further; sparse matrices come near."""
SPARSE_BYTES = 300_000_000
"""Up to this size a matrix may hold next to nothing; larger ones pack like other files."""
MAX_CHUNK_BYTES = 200_000_000
"""A chunk is unpacked as a whole."""
_BLOCK_BYTES = 16_000_000
_FILTERS = {
    h5py.h5z.FILTER_DEFLATE: "zlib",
    h5py.h5z.FILTER_SHUFFLE: "shuffle",
    h5py.h5z.FILTER_FLETCHER32: "fletcher32",
    h5py.h5z.FILTER_SCALEOFFSET: "scaleoffset",
    h5py.h5z.FILTER_LZF: "lzf",
}
_LINKS = {
    h5py.h5l.TYPE_SOFT: "a link to another place",
    h5py.h5l.TYPE_EXTERNAL: "a link to another file",
}


class Hdf5File:
    """An open HDF5 file that gives out only what it holds itself.

    Parameters
    ----------
    bounds : FileBounds
        What it may hold: ``max_objects`` names in a group, ``max_columns`` rows and columns of a
        data set, ``max_token_chars`` bytes of a text.
    """

    def __init__(self, path: Path, file: h5py.File, bounds: FileBounds) -> None:
        self._path = path
        self._file = file
        self._bounds = bounds

    def names(self, group: str) -> list[str]:
        """What a group below the root holds, by name; nothing where there is no such group."""
        if group not in self._linked("/"):
            return []
        found = self._held("/", group)
        return sorted(self._linked(f"/{group}")) if isinstance(found, h5py.Group) else []

    def dataset(self, group: str, name: str) -> h5py.Dataset:
        """A data set that lies in the file, of a size that may be read.

        Raises
        ------
        InputDataError
            If it is a group or link, lies elsewhere, is packed in an unknown way, or declares more
            than it holds.
        """
        place = f"/{group}/{name}"
        found = self._held(f"/{group}", name)
        if not isinstance(found, h5py.Dataset):
            raise self._refused(place, "numbers or texts", "a group of others")
        plan = found.id.get_create_plist()
        if plan.get_external_count():
            raise self._refused(place, "data in the file itself", "data in another file")
        if plan.get_layout() == h5py.h5d.VIRTUAL:
            raise self._refused(place, "data in the file itself", "a view on other files")
        filters = [plan.get_filter(number)[0] for number in range(plan.get_nfilters())]
        if unknown := [number for number in filters if number not in _FILTERS]:
            found_text = said("the filter of number {n}", n=str(unknown[0]))
            raise self._refused(
                place,
                said("data packed with {filters}", filters=list(_FILTERS.values())),
                found_text,
            )
        self._check_size(place, found, plan)
        return found

    def _check_size(self, place: str, data: h5py.Dataset, plan: h5py.h5p.PropDCID) -> None:
        shape = data.shape or ()
        self._bounds.check(self._path, columns=max(shape, default=0))
        item_bytes = data.id.get_type().get_size()
        self._bounds.check(self._path, token_chars=item_bytes)
        if plan.get_layout() == h5py.h5d.CHUNKED:
            chunk_bytes = int(np.prod(plan.get_chunk(), dtype=object)) * item_bytes
            if chunk_bytes > MAX_CHUNK_BYTES:
                limit = said("chunks of at most {n} MB", n=round(MAX_CHUNK_BYTES / 1e6))
                found = said("chunks of {n} MB", n=round(chunk_bytes / 1e6))
                raise self._refused(place, limit, found)
        n_bytes = int(np.prod(shape, dtype=object)) * item_bytes
        stored = data.id.get_storage_size()
        most = MAX_DEFLATED if n_bytes <= SPARSE_BYTES else MAX_EXPANSION
        if n_bytes > FREE_UNPACKED_BYTES and n_bytes > most * stored:
            found = said(
                "{n} MB of which the file holds {stored} bytes",
                n=round(n_bytes / 1e6),
                stored=stored,
            )
            raise self._refused(place, "all data that it declares", found)

    def _held(self, group: str, name: str) -> h5py.Group | h5py.Dataset | None:
        """What lies under a name, links and all that is not in the file itself refused."""
        above = self._file[group]  # its links last as long as it does
        kind = above.id.links.get_info(name.encode("utf-8", "surrogateescape")).type
        place = f"{group.rstrip('/')}/{name}"
        if kind != h5py.h5l.TYPE_HARD:
            raise self._refused(place, "data in the file itself", _LINKS.get(kind, "a link"))
        return self._file[place]

    def _linked(self, group: str) -> list[str]:
        found = self._file[group]
        self._bounds.check(self._path, objects=len(found))
        return [str(name) for name in found]

    def _refused(self, place: str, expected: str, found: str) -> InputDataError:
        return InputDataError(
            said(
                "{path}: expected {expected} under {place}, found {found}. Export it again with "
                "the data in one file, packed with zlib or not at all.",
                path=str(self._path),
                expected=expected,
                place=quoted(place),
                found=found,
            )
        )


@contextmanager
def open_hdf5(path: Path, bounds: FileBounds) -> Iterator[Hdf5File]:
    """Open an HDF5 file, and say as ours what h5py raises on damage anywhere in it.

    Raises
    ------
    InputDataError
        If the file cannot be opened or read.
    """
    try:
        with h5py.File(checked_input(path, bounds), "r") as file:
            yield Hdf5File(path, file, bounds)
    # h5py turns the library's faults into these, by the place where they are met.
    except (
        OSError,
        RuntimeError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        NotImplementedError,
        OverflowError,
        MemoryError,
    ) as error:
        msg = said(
            "{path}: the HDF5 file cannot be read ({error}). {fetch_again}.",
            path=str(path),
            error=str(error)[:200],
            fetch_again=FETCH_AGAIN,
        )
        raise InputDataError(msg) from error


def row_blocks(data: h5py.Dataset) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Rows of a matrix of numbers, a few megabytes at a time.

    Yields
    ------
    int
        Number of the first row, from 0.
    (n_rows, n_columns) float64
        These rows.
    """
    n_rows, n_columns = data.shape
    step = max(1, _BLOCK_BYTES // (8 * max(1, n_columns)))
    if data.chunks:
        # Whole rows of chunks: each is unpacked once.
        step = max(step - step % data.chunks[0], data.chunks[0])
    for first in range(0, n_rows, step):
        yield first, np.asarray(data[first : first + step], dtype=np.float64)
