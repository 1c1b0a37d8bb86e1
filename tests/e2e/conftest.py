"""A small study in the formats that people have: a ring of towns, seven sites, a table of flows."""

from __future__ import annotations

import os
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from filelock import FileLock
from typer.testing import CliRunner

from planner.cli import app
from planner.studies import run
from tests.checked_charts import charts_checked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from planner.plan.finished_run import FinishedRun

TOWNS = {"west": (7.0, 50.0), "north": (9.5, 52.2), "east": (12.5, 50.4), "south": (10.0, 48.0)}
STEPS = 6

SCENARIO = """\
name: small
description: Four towns on a ring of motorways
seed: 3
network: {source: etisplus, path: roads}
sites: {source: table, path: sites.csv}
demand:
  source: od_table
  path: flows.csv
  electrification_share: 0.5
  days: [mon, tue]
  min_distance_km: 200
optimization: {population: 16, max_generations: 15, convergence_tolerance: 0}
"""


ROADMAP = """\
name: small-road
base: study.yaml
foresight: true
fixed:
  optimization: {population: 8, max_generations: 1, max_solutions: 5}
  infrastructure_costs: germany-2030
years:
  2027: {demand.electrification_share: 0.1}
  2030: {demand.electrification_share: 0.3}
  2031: {demand.electrification_share: 0.05}
"""


def ring_of_roads() -> nx.DiGraph:
    """Roads between neighbouring towns, each in six steps and both directions."""
    roads = nx.DiGraph()
    towns = list(TOWNS)
    number = 0
    for start, end in pairwise([*towns, towns[0]]):
        (lon_a, lat_a), (lon_b, lat_b) = TOWNS[start], TOWNS[end]
        nodes = [start, *(f"{start}-{end}-{step}" for step in range(1, STEPS)), end]
        for step, node in enumerate(nodes):
            share = step / STEPS
            roads.add_node(
                node,
                position_x=lon_a + share * (lon_b - lon_a),
                position_y=lat_a + share * (lat_b - lat_a),
            )
        for here, there in pairwise(nodes):
            for a, b in ((here, there), (there, here)):
                roads.add_edge(a, b, distance=52.0, id=number)
                number += 1
    return roads


@pytest.fixture(scope="session", autouse=True)
def checked_charts():
    """Charts of these tests are valid Vega-Lite."""
    with charts_checked():
        yield


@pytest.fixture
def study_folder(tmp_path: Path) -> Path:
    """Folder with study.yaml and everything it names."""
    return write_study(tmp_path)


@pytest.fixture(scope="module")
def shared_study_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for all tests of a file, which leave it as it is."""
    return write_study(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="session")
def plain_run(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    """The study as it is, planned once for all files and workers, which leave it as it is."""
    with _made_once(tmp_path_factory, "plain") as folder:
        return run(folder / "study.yaml", out=folder / "run", resume=True)


@pytest.fixture(scope="session")
def small_roadmap(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A roadmap, its folder and what the command says, for all files, which leave it as it is.

    Its last year needs less than the one before.
    """
    with _made_once(tmp_path_factory, "roads") as folder:
        file, out, said = folder / "road.yaml", folder / "road", folder / "said.txt"
        if not said.exists():
            file.write_text(ROADMAP, encoding="utf-8")
            told = CliRunner().invoke(app, ["roadmap", str(file), "--out", str(out)])
            assert told.exit_code == 0, told.output
            said.write_text(told.output, encoding="utf-8")
        return file, out, said.read_text(encoding="utf-8")


@contextmanager
def _made_once(tmp_path_factory: pytest.TempPathFactory, name: str) -> Iterator[Path]:
    """Folder with the study that all workers share, one of them at a time."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with FileLock(f"{folder}.lock"):
        if not (folder / "study.yaml").exists():
            folder.mkdir(exist_ok=True)
            write_study(folder)
        yield folder


def write_study(folder: Path) -> Path:
    """Write study.yaml and everything it names."""
    roads = ring_of_roads()
    (folder / "roads").mkdir(exist_ok=True)
    nx.write_graphml(roads, folder / "roads" / "graph.graphml")
    at = [f"{a}-{b}-{step}" for a, b in pairwise([*TOWNS, "west"]) for step in (2, 4)][:7]
    places = [(node, roads.nodes[node]) for node in at]
    rows = [
        f"{node},Site {node},{place['position_x']},{place['position_y']},9000"
        for node, place in places
    ]
    (folder / "sites.csv").write_text(
        "id,name,lon,lat,grid_connection_kw\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    flows = [
        f"{a},{b},{30_000 + 5_000 * row}"
        for row, (a, b) in enumerate((a, b) for a in TOWNS for b in TOWNS if a != b)
    ]
    (folder / "flows.csv").write_text(
        "origin,destination,trucks_per_year\n" + "\n".join(flows) + "\n", encoding="utf-8"
    )
    (folder / "study.yaml").write_text(SCENARIO, encoding="utf-8")
    return folder
