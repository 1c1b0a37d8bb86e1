import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from planner.errors import InputDataError
from planner.files.bounds import CSV
from planner.files.input_files import checked_input, open_input, read_input_bytes, read_input_text


def fifo(folder: Path) -> Path:
    path = folder / "pipe"
    os.mkfifo(path)
    return path


def unix_socket(folder: Path) -> Path:
    path = folder / "s"
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(os.path.relpath(path))
    return path


def link_in_a_loop(folder: Path) -> Path:
    path = folder / "loop"
    path.symlink_to(path)
    return path


def empty(folder: Path) -> Path:
    path = folder / "empty.csv"
    path.touch()
    return path


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (lambda folder: folder, "found a folder"),
        (lambda folder: folder / "none", "no file of this name. Check the path"),
        (fifo, "found a pipe"),
        (unix_socket, "found a socket"),
        (lambda _: Path("/dev/zero"), "found a device"),
        (lambda _: Path("/dev/stdin"), "found a (device|pipe)|no file|is empty|folder"),
        (empty, "the file is empty"),
        (link_in_a_loop, "system refuses the path"),
        (lambda folder: folder / ("x" * 5000), "system refuses the path"),
        (lambda folder: folder / "a\0b", "system refuses the path"),
        (lambda folder: empty(folder) / "below", "system refuses the path"),
    ],
)
@pytest.mark.parametrize("opened", [checked_input, open_input, read_input_bytes, read_input_text])
def test_only_files_are_opened(tmp_path, monkeypatch, place, said, opened):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputDataError, match=rf"expected a CSV table, .*({said})"):
        opened(place(tmp_path), CSV)


def test_a_link_to_a_pipe_or_device_is_no_file_either(tmp_path):
    path = tmp_path / "od.csv"
    path.symlink_to("/dev/full")
    with pytest.raises(InputDataError, match=r"od\.csv: expected a CSV table, found a device"):
        read_input_bytes(path, CSV)


def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    path = tmp_path / "od.csv"
    path.write_text("a\n1\n", encoding="utf-8")
    path.chmod(0)
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(65534)
    try:
        with pytest.raises(InputDataError, match="a file that you may not read"):
            checked_input(path, CSV)
    finally:
        if was_root:
            os.seteuid(0)


def test_a_file_of_the_size_allowed_is_read_and_none_beyond(write):
    path = write("t.csv", "äöü")
    assert read_input_bytes(path, replace(CSV, max_bytes=6)) == "äöü".encode()
    with pytest.raises(InputDataError, match="at most 5 bytes in a CSV table, found 6 bytes"):
        checked_input(path, replace(CSV, max_bytes=5))


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_files_that_the_system_makes_up_as_they_are_read_count_as_empty():
    with pytest.raises(InputDataError, match="the file is empty"):
        read_input_bytes(Path("/proc/self/environ"), CSV)


def test_text_is_utf_8_with_or_without_a_mark(write):
    assert read_input_text(write("a", b"\xef\xbb\xbfx"), CSV) == "x"
    assert read_input_text(write("a", b"x"), CSV) == "x"
    with pytest.raises(InputDataError, match="found byte 1 that is not"):
        read_input_text(write("a", b"x\xff"), CSV)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"columns": 200_000}, "at most 10,000 columns in a CSV table, found 200,000 columns"),
        ({"rows": 1, "cells": 10**9}, "at most 100,000,000 cells in a CSV table"),
        ({"token_chars": 10**6}, "at most 100,000 signs in one text in a CSV table"),
        ({"unpacked_bytes": 10**11}, r"at most 20,000 MB after unpacking"),
    ],
)
def test_what_is_beyond_the_bounds_is_told_with_the_limit_and_what_to_do(found, said):
    with pytest.raises(InputDataError, match=rf"^t\.csv: expected {said}.*Leave out"):
        CSV.check(Path("t.csv"), **found)
