"""One process at a time in a folder."""

from __future__ import annotations

import threading

import pytest
from filelock import FileLock, Timeout

from planner.errors import RunDirectoryError
from planner.runs.folder_lock import locked


def test_a_second_one_is_told_and_the_next_may_come_in(tmp_path):
    folder = tmp_path / "outputs" / "study"
    with (
        locked(folder),
        pytest.raises(RunDirectoryError, match=r"study: another planner is at work in it"),
        locked(folder),
    ):
        pass
    with locked(folder):
        pass


def test_other_folders_are_free(tmp_path):
    with locked(tmp_path / "a"), locked(tmp_path / "b"):
        assert sorted(path.name for path in tmp_path.iterdir()) == [".a.lock", ".b.lock"]


def test_nothing_is_left_behind(tmp_path):
    with pytest.raises(KeyError), locked(tmp_path / "a"):
        raise KeyError
    assert not list(tmp_path.iterdir())


def test_who_waits_comes_in_one_by_one(tmp_path):
    inside, most = [], []

    def work():
        with locked(tmp_path / "a", wait=True):
            inside.append(1)
            most.append(len(inside))
            threading.Event().wait(0.02)
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 5


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(RunDirectoryError, match=r"cannot be written .*choose another --out"),
        locked(tmp_path / "file" / "study"),
    ):
        pass


def test_a_lock_that_cannot_be_made_is_nobodys(tmp_path, monkeypatch):
    def never(lock, timeout):
        raise Timeout(lock.lock_file)

    monkeypatch.setattr(FileLock, "acquire", never)
    with pytest.raises(RunDirectoryError, match="cannot be written"), locked(tmp_path / "a"):
        pass
