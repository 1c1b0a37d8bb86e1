"""Each compiled form of a kernel has a file of its own."""

from __future__ import annotations

import pytest

from planner.runs.kernel_decorators import kernel
from planner.runs.kernel_files import _FilesByTypes


@pytest.fixture
def files(tmp_path):
    """What two processes see of one kernel."""
    return [_FilesByTypes(str(tmp_path), "module.kernel-1.py311", "stamp") for _ in range(2)]


def test_who_knows_an_older_index_writes_over_no_compiled_form_for_other_types(files, tmp_path):
    one, other = files
    one.save(("int64",), "code for whole numbers")
    older = other._load_index()
    one.save(("float64",), "code for figures")
    other._save_index(older)  # as one that has read the index before
    other.save(("bool",), "code for truth values")
    assert other.load(("int64",)) == "code for whole numbers"
    assert one.load(("bool",)) == "code for truth values"
    assert one.load(("float64",)) is None  # not known any more: it is compiled once more
    assert len(list(tmp_path.glob("module.kernel-1.py311.*.nbc"))) == 3


def test_what_is_compiled_for_the_same_types_again_takes_the_same_file(files, tmp_path):
    for each in files:
        each.save(("int64",), "code")
        each.flush()
    files[0].save(("int64",), "code")
    assert files[1].load(("int64",)) == "code"
    assert len(list(tmp_path.glob("*.nbc"))) == 1


def test_on_a_full_disk_a_kernel_is_compiled_and_not_kept(monkeypatch):
    asked = []

    def full(_, name, __):
        asked.append(name)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_FilesByTypes, "_save_data", full)
    assert kernel(lambda number: 3 * number)(7) == 21
    assert len(asked) == 1
