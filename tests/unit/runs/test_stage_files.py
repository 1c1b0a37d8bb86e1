"""Finished stages on disk: read as written, or not at all and with a line on it."""

from __future__ import annotations

import numpy as np
import pytest

from planner.runs.stage_files import read_arrays, read_json, read_stage, write_arrays, write_stage

DAMAGES = {
    "emptied": lambda path: path.write_bytes(b""),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-7]),
    "cut off in the head": lambda path: path.write_bytes(path.read_bytes()[:5]),
    "a byte flipped": lambda path: path.write_bytes(
        bytes(byte ^ (at == 60) for at, byte in enumerate(path.read_bytes()))
    ),
    "zeros": lambda path: path.write_bytes(bytes(len(path.read_bytes()))),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"x"),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "another stage's": lambda path: (
        write_arrays(path.with_name("other"), {"a": np.zeros(3)})
        or path.with_name("other").replace(path)
    ),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_stage_is_told_and_written_anew(tmp_path, caplog, damage):
    path = tmp_path / "stage.npz"
    write_arrays(path, {"a": np.arange(100)})
    damage(path)
    assert read_arrays(path) is None
    assert "stage.npz: a finished stage that cannot be read" in caplog.text
    assert "it is computed again" in caplog.text
    write_arrays(path, {"a": np.arange(3)})
    assert read_arrays(path)["a"].tolist() == [0, 1, 2]
    assert [entry.name for entry in tmp_path.iterdir()] == ["stage.npz"]


def test_a_stage_that_is_not_there_is_nothing_to_tell(tmp_path, caplog):
    assert read_stage(tmp_path / "none") is None
    assert read_json(tmp_path / "none") is None
    assert caplog.text == ""


def test_contents_of_any_bytes_come_back(tmp_path):
    content = bytes(range(256)) + b"\n\nplanner stage 1 x\n"
    write_stage(tmp_path / "a", content)
    assert read_stage(tmp_path / "a") == content
