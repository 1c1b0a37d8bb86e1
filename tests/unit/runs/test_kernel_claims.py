"""Each kernel is compiled by one of the processes that share kernels."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from planner.runs import kernel_claims
from planner.runs.cluster import workforce
from planner.runs.kernel_claims import claimed, folder_of_claims, kernels_shared, share_kernels
from planner.runs.kernel_locator import folder_of_kernels

WAIT_S = 60.0
COMPILE = """\
import sys
from pathlib import Path
import numpy as np
import planner
from planner.optimization.wait_table_kernel import total_waiting_h
from planner.runs.kernel_claims import share_kernels
from planner.warming.compile_times import compiled_kernels

share_kernels(Path(sys.argv[1]))
hours = np.arange(3.0)
print("ready", flush=True)
sys.stdin.readline()
with compiled_kernels() as compiled:
    assert total_waiting_h(hours, np.full(3, 2.0), 0.0, 9.0, 1) == 3.0
print(*(each.name.rpartition(".")[2] for each in compiled))
"""
HOLD = """\
import sys
from pathlib import Path
from planner.runs import kernel_claims
from planner.runs.cluster import workforce
from planner.runs.kernel_claims import claimed, folder_of_claims, kernels_shared, share_kernels

with kernels_shared(Path(sys.argv[1])), claimed("a kernel"):
    print("claimed", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def process(tmp_path):
    """Begin a process with a folder of claims and one of kernels, and read its first line."""
    begun = []

    def begin(source):
        claims = tmp_path / "claims"
        claims.mkdir(exist_ok=True)
        one = subprocess.Popen(
            [sys.executable, "-c", source, str(claims)],
            env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "kernels")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        begun.append(one)
        return one, one.stdout.readline()

    yield begin
    for each in begun:
        each.kill()
        each.communicate()


def test_of_two_processes_one_compiles_each_kernel(process):
    (one, _), (other, _) = process(COMPILE), process(COMPILE)
    for each in (one, other):
        each.stdin.write("\n")
        each.stdin.flush()
    compiled = [each.communicate(timeout=WAIT_S)[0].split() for each in (one, other)]
    assert sorted(compiled[0] + compiled[1]) == ["take_earliest", "total_waiting_h"]


def test_claims_of_a_process_that_is_killed_are_void(process, tmp_path):
    holder, said = process(HOLD)
    assert said == "claimed\n"
    holder.kill()
    holder.wait(WAIT_S)
    with kernels_shared(tmp_path / "claims"), claimed("a kernel"):
        assert list((tmp_path / "claims").glob("*.lock"))


def test_who_shares_with_nobody_claims_nothing_and_a_claim_within_itself_is_one(tmp_path):
    with claimed("a kernel"):
        assert not list(tmp_path.iterdir())
    with kernels_shared(tmp_path), claimed("a kernel"), claimed("a kernel"):
        assert len(list(tmp_path.iterdir())) == 1


def test_where_no_file_can_be_locked_a_kernel_is_compiled_without_a_claim(tmp_path):
    (tmp_path / "file").touch()
    with kernels_shared(tmp_path / "file" / "claims"), claimed("a kernel"):
        assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_workers_of_this_machine_share_kernels_where_these_are_kept(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))  # nothing for who is killed to leave
    with workforce(2, 2, None, kernel_claims.__name__) as force:
        found = force.client.run(lambda: [*map(str, kernel_claims._FOLDERS)])
        ((folder,), other) = found.values()
        assert other == [folder]
        assert Path(folder).is_dir()
        assert Path(folder).parent == folder_of_kernels()
        assert not [each for each in tmp_path.iterdir() if each.name.startswith("planner-")]


def test_without_a_temporary_folder_each_process_compiles_for_itself(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with folder_of_claims() as folder:
        assert folder is None
        share_kernels(folder)
    assert not kernel_claims._FOLDERS
