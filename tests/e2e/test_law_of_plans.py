"""The law as a constraint of plans and of the fewest points, and what it alone would give."""

from __future__ import annotations

import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import planner
from planner.cli import app
from planner.errors import InputDataError
from planner.layouts.targets import plan_for_target
from planner.optimization.least_points import WaitTarget
from planner.plan.checks import check_inputs
from planner.scenario.load import load_scenario

SCENARIO = """\
name: core
network: {source: tables, nodes: nodes.csv, arcs: arcs.csv, contract: false}
sites: {source: table, path: sites.csv}
demand:
  source: od_table
  path: od.csv
  electrification_share: 0.05
  days: [mon]
  min_distance_km: 0
optimization: {population: 8, max_generations: 2, law: {afir: 2030}}
"""
N_NODES = 9


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A core road of 400 km with sites for both directions every 50 km, and few electric trucks."""
    home = tmp_path_factory.mktemp("core")
    (home / "study.yaml").write_text(SCENARIO, encoding="utf-8")
    lon = 8.0 + 0.7 * np.arange(N_NODES)
    nodes = pd.DataFrame({"node_id": [f"n{i}" for i in range(N_NODES)], "lon": lon, "lat": 50.0})
    nodes.to_csv(home / "nodes.csv", index=False)
    ways = [(i, i + 1) for i in range(N_NODES - 1)]
    arcs = [f"n{a},n{b},50,A1,core" for i, j in ways for a, b in ((i, j), (j, i))]
    head = "from_node_id,to_node_id,length_km,road,tent_class"
    (home / "arcs.csv").write_text("\n".join([head, *arcs]), encoding="utf-8")
    sites = [f"s{i},Site {i},{x + 0.35},50.0,both" for i, x in enumerate(lon[:-1])]
    (home / "sites.csv").write_text("\n".join(["id,name,lon,lat,direction", *sites]))
    flows = ["origin,destination,trucks_per_year", "n0,n8,90000", "n8,n0,90000"]
    (home / "od.csv").write_text("\n".join(flows))
    return home / "study.yaml"


@pytest.fixture(scope="module")
def run(study, tmp_path_factory):
    return planner.run(load_scenario(study), out=tmp_path_factory.mktemp("runs") / "run")


def test_every_plan_fulfils_the_law(run, tmp_path):
    layouts = run.table("layouts")
    n_hpc = layouts["n_hpc"].to_numpy().reshape(-1, N_NODES - 1)
    # 3.6 MW in each direction are eight points of a megawatt.
    assert ((n_hpc >= 8).sum(axis=1) >= 6).all()
    out = ["--out", str(tmp_path / "a")]
    asked = ["afir", str(run.folder), *out, "--levels", "1,5", "--replan", "--lang", "de"]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 0, result.output
    assert "Der Plan erfüllt das" in " ".join(result.output.split())
    waits = pd.read_parquet(tmp_path / "a" / "afir_waits.parquet")
    assert waits["level_share"].tolist() == [0.01, 0.05]
    assert (waits["replanned_mean_wait_min"] <= waits["mean_wait_min"] + 1e-9).all()
    assert waits["n_trips_day"].iloc[1] > waits["n_trips_day"].iloc[0]
    assert (waits["n_hpc"] == n_hpc.clip(0, 8).sum(axis=1).min()).all()
    roads = gpd.read_file(tmp_path / "a" / "afir.gpkg", layer="afir_roads")
    assert set(roads["state"]) == {"covered"}
    with zipfile.ZipFile(tmp_path / "a" / "afir.qgz") as archive:
        project = archive.read("afir.qgs").decode()
    assert 'name="Ladestandorte im Sinn des Gesetzes"' in project


def test_a_front_of_one_plan_with_all_names_can_be_ordered_and_priced(run):
    assert len(run.table("front")) == 1
    for asked, says in (
        (["rank", "--first", "2"], "The first 2 of"),
        (["costs"], "The only plan"),
    ):
        told = CliRunner().invoke(app, [asked[0], str(run.folder), *asked[1:]])
        assert told.exit_code == 0, told.output
        assert says in told.output


def test_the_fewest_points_for_a_target_fulfil_the_law_too(run, tmp_path):
    target = WaitTarget(mean_min=30.0)
    with_law = plan_for_target(run.folder, target, tmp_path / "law")
    assert (with_law.found.n_hpc >= 8).sum() >= 6
    assert with_law.found.figures.n_hpc == with_law.found.n_hpc.sum()
    assert "at the end of 2030 (AFIR)" in " ".join(with_law.sentences())


def test_a_network_that_does_not_say_its_class_is_refused_before_anything_is_planned(
    study, tmp_path
):
    arcs = pd.read_csv(study.parent / "arcs.csv").drop(columns="tent_class")
    arcs.to_csv(tmp_path / "arcs.csv", index=False)
    text = study.read_text().replace("arcs.csv", str(tmp_path / "arcs.csv"))
    for name in ("nodes.csv", "sites.csv", "od.csv"):
        text = text.replace(name, str(study.parent / name))
    (tmp_path / "study.yaml").write_text(text)
    with pytest.raises(Exception, match="column tent_class") as told:
        check_inputs(load_scenario(tmp_path / "study.yaml"))
    assert "none" in str(told.value)
    with pytest.raises(InputDataError, match="column tent_class"):
        planner.run(load_scenario(tmp_path / "study.yaml"), out=tmp_path / "out")
