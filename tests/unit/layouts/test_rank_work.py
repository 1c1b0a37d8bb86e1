"""Work on the order of sites: what is left of it by how it ends."""

import errno

import pytest

from planner.errors import CannotWriteError, InputDataError
from planner.layouts.rank_work import rank_work
from planner.runs.manifests import work_beside
from planner.runs.progress import Quiet


def work_that_ends_with(error, folder):
    with rank_work(folder, Quiet()):
        (work_beside(folder) / "plans.bin").write_bytes(b"kept")
        raise error


def test_what_cannot_be_read_is_not_told_as_what_cannot_be_written(tmp_path):
    unread = OSError(errno.EIO, "Input/output error", "trips.parquet")
    with pytest.raises(OSError, match="trips") as caught:
        work_that_ends_with(unread, tmp_path / "rank-2")
    assert caught.value is unread


def test_what_is_kept_outlives_a_full_disk_at_the_end(tmp_path):
    folder = tmp_path / "rank-2"
    with pytest.raises(CannotWriteError):
        work_that_ends_with(CannotWriteError("no room"), folder)
    assert (work_beside(folder) / "plans.bin").read_bytes() == b"kept"


def test_of_what_would_come_again_nothing_is_left(tmp_path):
    folder = tmp_path / "rank-2"
    with pytest.raises(InputDataError):
        work_that_ends_with(InputDataError("no truck"), folder)
    assert not work_beside(folder).exists()


def test_a_place_that_cannot_be_written_is_told_with_what_to_do(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWriteError, match="choose another --out"):
        work_that_ends_with(AssertionError, tmp_path / "file" / "rank-2")
