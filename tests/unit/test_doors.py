"""The doors of the package and of its rooms: what a notebook imports, and what that draws in."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest

import planner
from planner.runs import sources
from planner.runs.sources import PACKAGE
from planner.scenario.any_study import FILE_KINDS
from planner.scenario.study_kinds import KINDS
from planner.studies import registry
from tests.small_study import write_study
from tests.unit.depot.small_depot import write_depot

ROOMS = [
    name
    for name in sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
    if hasattr(importlib.import_module(f"planner.{name}"), "__all__")
]
HOW_TO = Path(__file__).parents[2] / "docs" / "how-to.md"


def python(program, *arguments, cwd=None):
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("module", ["planner", *(f"planner.{room}" for room in ROOMS)])
def test_every_name_of_a_door_is_there_and_says_what_it_is(module):
    door = importlib.import_module(module)
    assert sorted(door.__all__, key=str) == sorted(set(door.__all__))
    for name in set(door.__all__) - {"__version__"}:
        assert getattr(door, name).__doc__, name
    with pytest.raises(AttributeError, match="has no attribute 'none'"):
        door.none  # noqa: B018


def test_a_notebook_finds_doors_and_contracts():
    assert {"load", "check", "run", "read", "compare"} <= set(dir(planner))
    assert {"RoadGraph", "Sites", "Trips", "StopPlans", "Front"} <= set(dir(planner))


def test_modules_import_each_other_and_no_door():
    names = {f"planner.{room}": importlib.import_module(f"planner.{room}") for room in ROOMS}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.module in names:
                taken = {alias.name for alias in node.names} & set(names[node.module].__all__)
                assert not taken, f"{path}: {taken}"


def room(module):
    folder, _, _ = module.rpartition(".")
    return module if folder == "planner" else folder


def test_no_rooms_import_each_other_in_a_ring():
    modules = [
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for path in PACKAGE.rglob("*.py")
        if path.name != "__init__.py"
    ]
    rooms = nx.DiGraph(
        (room(module), room(imported))
        for module in modules
        for imported in sources._imports(module)
        if imported in modules and room(imported) != room(module)
    )
    assert {"planner.reporting", "planner.reporting.charts"} < set(rooms)
    rings = [sorted(ring) for ring in nx.strongly_connected_components(rooms) if len(ring) > 1]
    assert rings == []


@pytest.mark.parametrize(
    ("program", "absent"),
    [
        ("import planner", ["numpy", "pandas", "numba", "pydantic", "rich"]),
        ("import planner; planner.load('germany-10')", ["numba", "altair", "geopandas"]),
        (
            "import planner.cli",
            ["numpy", "pydantic", "numba", "pandas", "altair", "geopandas", "matplotlib"],
        ),
        ("import planner.studies.registry", ["numba", "altair", "geopandas", "matplotlib"]),
        (
            "import planner.studies.plan_study",
            ["altair", "jsonschema", "vl_convert", "xlsxwriter", "highspy", "alns"],
        ),
        (
            (
                "import planner.studies.plan_study, planner.studies.market_study;"
                "import planner.sweeping.sweep"
            ),
            ["matplotlib"],
        ),
    ],
)
def test_a_door_draws_in_nothing_that_it_does_not_need(program, absent):
    said = python(f"{program}\nimport sys\nprint(*sys.modules)").split()
    assert [name for name in absent if name in said] == []


def test_a_depot_is_planned_without_the_national_plan_and_without_charts(tmp_path):
    program = """
import sys
from planner import depot
scenario = depot.load_depot(sys.argv[1])
print(*depot.check_depot(scenario), sep="\\n")
outcome = depot.run_depot(scenario)
assert outcome.chosen.cost_total > 0
assert len(dict((t.name, rows) for t, rows in depot.depot_tables(outcome))) == 5
rooms = {name.split(".")[1] for name in sys.modules if name.startswith("planner.")}
print("rooms", *rooms)
print("matplotlib" in sys.modules)
"""
    *_, rooms, has_matplotlib = python(
        program, str(write_depot(tmp_path, iterations=3))
    ).splitlines()
    assert has_matplotlib == "False"
    known = {
        "depot",
        "doors",
        "errors",
        "files",
        "interrupts",
        "runs",
        "said",
        "scenario",
        "tables",
        "terminal",
    }
    assert set(rooms.split()[1:]) <= known


def test_every_kind_of_study_has_all_that_its_entry_names():
    assert set(registry.STUDIES) == set(KINDS) == set(FILE_KINDS)
    for kind, entry in registry.STUDIES.items():
        assert bool(entry.run) == bool(KINDS[kind].result)
        for what in ("check", "run", "listener", "show"):
            if getattr(entry, what):
                assert callable(registry._named(kind, what))


def test_the_example_of_python_in_the_docs_runs(tmp_path):
    text = HOW_TO.read_text(encoding="utf-8")
    section = text[text.index("## Use the planner from Python") :]
    section = section[: section.index("\n## ", 1)]
    code = "\n".join(re.findall(r"```python\n(.*?)```", section, re.DOTALL))
    python(code, cwd=write_study(tmp_path))
