"""Kernels whose parts are compiled with them alone, or by numba where that has changed."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from types import ModuleType

import pytest
from numba.core import codegen, registry, target_extension

from planner.runs import kernel_files, kernel_targets
from planner.runs.kernel_decorators import Kernel
from planner.runs.sources import PACKAGE

ROOT = PACKAGE.parent


def test_numba_is_as_parts_of_kernels_need_it():
    """Also of the oldest and of the newest version; else the first plan takes longer to compile."""
    assert kernel_targets.HAS_PARTS
    kept = Kernel(lambda number: number, targetoptions={})
    kept.enable_caching()
    assert type(kept._cache) is kernel_files.KernelFiles


class Renamed(codegen.JITCPUCodegen):
    """Numba's code generator, whose passes have another name."""

    _module_pass_manager = property()


class OfOthers(codegen.JITCPUCodegen):
    """The same, with passes that take something else."""

    def _module_pass_manager(self):
        raise NotImplementedError


class Positional(codegen.JITCodeLibrary):
    """Numba's form of what is kept, of another shape."""

    def serialize_using_bitcode(self):
        return ("tried", b"BC")


CHANGES = [
    (codegen, "JITCodeLibrary", None),
    (codegen, "JITCPUCodegen", None),
    (codegen, "JITCPUCodegen", Renamed),
    (codegen, "JITCPUCodegen", OfOthers),
    (codegen, "JITCodeLibrary", Positional),
    (registry, "cpu_target", None),
    (registry, "CPUTarget", type("CPUTarget", (), {})),
    (target_extension, "CPU", None),
    (target_extension, "dispatcher_registry", None),
    (target_extension, "jit_registry", None),
]


@pytest.mark.parametrize(("module", "name", "instead"), CHANGES)
def test_where_numba_has_changed_kernels_are_its_own(monkeypatch, module, name, instead):
    changed = ModuleType(module.__name__)
    vars(changed).update(vars(module))
    if instead is None:
        delattr(changed, name)
    else:
        setattr(changed, name, instead)
    monkeypatch.setitem(sys.modules, module.__name__, changed)
    monkeypatch.delitem(sys.modules, "planner.runs.kernel_parts")
    found = runpy.run_path(kernel_targets.__file__)
    assert not found["HAS_PARTS"]
    assert found["KERNEL_TARGET"] is registry.CPUDispatcher.targetdescr
    assert not hasattr(found["PartDispatcher"], "compile")


def test_files_of_numba_that_have_changed_are_used_as_numba_does(monkeypatch):
    monkeypatch.delattr("numba.core.caching.Cache._guard_against_spurious_io_errors")
    kept = Kernel(lambda number: number, targetoptions={})
    kept.enable_caching()
    assert type(kept._cache) is kernel_files.FunctionCache


PLAN = """
import json, sys
from pathlib import Path
from types import ModuleType
from numba.core import codegen
without = ModuleType(codegen.__name__)
without.__dict__.update({n: v for n, v in vars(codegen).items() if n != "JITCodeLibrary"})
sys.modules[codegen.__name__] = without
from planner.runs.kernel_targets import HAS_PARTS
sys.modules[codegen.__name__] = codegen
from dataclasses import replace
from planner.runs.perform import perform
from planner.scenario.load import load_scenario
from planner.studies.plan_study import PLAN
from planner.warming.small_country import BREAK_FIRST, write_small_country
folder = Path(sys.argv[1])
folder.mkdir()
asked = load_scenario(write_small_country(folder), [BREAK_FIRST])
perform(replace(PLAN, page=lambda *_: None, finish=None), asked, out=folder / "run")
print(json.dumps({"has_parts": HAS_PARTS}))
"""


@pytest.mark.slow
def test_a_plan_whose_kernels_are_numbas_own_is_the_same_to_the_byte(tmp_path):
    ours = PLAN.replace('if n != "JITCodeLibrary"', "")
    kept = {"NUMBA_CACHE_DIR": str(tmp_path / "kernels")}
    told = {}
    for name, script, variables in [("plain", PLAN, kept), ("ours", ours, {})]:
        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / name)],
            env=os.environ | variables,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        told[name] = json.loads(done.stdout.splitlines()[-1])["has_parts"]
    assert told == {"plain": False, "ours": True}
    plain, own = (tmp_path / name / "run" for name in ("plain", "ours"))
    tables = sorted(path.name for path in own.glob("*.*") if path.suffix in {".parquet", ".csv"})
    assert len(tables) > 15
    differing = [
        each for each in tables if (plain / each).read_bytes() != (own / each).read_bytes()
    ]
    assert differing == []
