"""Plans that choosing sites has asked for, kept in a file in the order in which they were asked.

What is asked next follows from what was answered before. So work that was stopped goes on where it
was: begun anew, it asks the same again and is answered from the file, to the same outcome.
"""

from __future__ import annotations

import logging
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from planner.routing.stop_plans import offsets
from planner.runs.disk_faults import cause_of
from planner.selection.planned_trips import PlannedTrips

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Any, BinaryIO, Self

    from numpy.typing import NDArray

_LOG = logging.getLogger(__name__)
_HEAD = np.dtype([("asked", "<u4"), ("holds", "<u4"), ("n_trips", "<i8"), ("n_stops", "<i8")])
_PARTS = (
    ("arrival_h", "<f8"),
    ("n_stops_of_trip", "<i2"),
    ("may_get_later", "|b1"),
    ("site_idx", "<i4"),
)


class KeptPlans:
    """Plans in a file, as a context that keeps it open.

    Where the file cannot be written, as on a full disk, that is said once, and no more are kept.

    Parameters
    ----------
    path : pathlib.Path
        The file; made where there is none.
    key : str
        What the plans depend on; those of another key are forgotten.
    """

    def __init__(self, path: Path, key: str) -> None:
        self._path, self._key = path, f"{key}\n".encode()
        self._is_at_end = False
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        """Open the file at its first plans."""
        try:
            self._path.touch()
            self._file = self._path.open("r+b")
            if self._file.read(len(self._key)) != self._key:
                self._file.seek(0)
                self._file.truncate()
                self._file.write(self._key)
                self._is_at_end = True
        except OSError as error:
            self._give_up(error)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file; what is in it stays."""
        self._close()

    def _close(self) -> None:
        if self._file is not None:
            with suppress(OSError):  # of what could not be written before, which was told
                self._file.close()
            self._file = None

    def _give_up(self, error: OSError) -> None:
        """Keep no more plans, and say so."""
        self._close()
        _LOG.warning(
            "%s: plans cannot be kept there any more (%s); the work goes on, and once stopped it "
            "resumes from what was kept until now; free some space to resume from later",
            self._path,
            cause_of(error),
        )

    def next(self, trips: NDArray[np.int64], is_closed: NDArray[np.bool_]) -> PlannedTrips | None:
        """The next plans, where they are those of these trips with these sites closed.

        Anything else that stands there, as what a kill has cut off, goes with all behind it.
        """
        if self._is_at_end or self._file is None:
            return None
        try:
            at = self._file.tell()
            found = self._read(self._file, _asked(trips, is_closed), len(trips))
            if found is None:
                self._file.seek(at)
                self._file.truncate()
                self._is_at_end = True
        except OSError as error:
            self._give_up(error)
            return None
        return found

    def _read(self, file: BinaryIO, asked: int, n_trips: int) -> PlannedTrips | None:
        head = np.frombuffer(file.read(_HEAD.itemsize).ljust(_HEAD.itemsize, b"\0"), _HEAD)[0]
        if head["asked"] != asked or head["n_trips"] != n_trips:
            return None
        lengths = (n_trips, n_trips, n_trips, int(head["n_stops"]))
        n_bytes = [
            length * np.dtype(kind).itemsize
            for length, (_, kind) in zip(lengths, _PARTS, strict=True)
        ]
        # A damaged length may be below 0, or more than any memory.
        if min(n_bytes) < 0 or sum(n_bytes) > self._path.stat().st_size:
            return None
        parts = [file.read(length) for length in n_bytes]
        if zlib.crc32(b"".join(parts)) != head["holds"]:
            return None
        arrival_h, n_stops, may_get_later, site_idx = (
            np.frombuffer(part, kind) for part, (_, kind) in zip(parts, _PARTS, strict=True)
        )
        return PlannedTrips(
            arrival_h.astype(np.float64),
            offsets(n_stops),
            site_idx.astype(np.int32),
            may_get_later.astype(np.bool_),
        )

    def add(
        self, trips: NDArray[np.int64], is_closed: NDArray[np.bool_], plans: PlannedTrips
    ) -> None:
        """Keep what was answered to the question that is asked now."""
        if self._file is None:
            return
        n_stops = np.diff(plans.stop_offset)
        values: tuple[NDArray[Any], ...] = (
            plans.arrival_h,
            n_stops,
            plans.may_get_later,
            plans.site_idx,
        )
        whole = b"".join(
            value.astype(kind).tobytes() for value, (_, kind) in zip(values, _PARTS, strict=True)
        )
        head = np.zeros((), _HEAD)
        head["asked"], head["holds"] = _asked(trips, is_closed), zlib.crc32(whole)
        head["n_trips"], head["n_stops"] = len(trips), len(plans.site_idx)
        try:
            self._file.write(head.tobytes() + whole)
            self._file.flush()
        except OSError as error:
            self._give_up(error)


def _asked(trips: NDArray[np.int64], is_closed: NDArray[np.bool_]) -> int:
    return zlib.crc32(trips.astype("<i8").tobytes() + np.packbits(is_closed).tobytes())
