"""A sweep as a map."""

import json
import shutil
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from planner.errors import RunDirectoryError
from planner.plan.plan_tables import write_tables
from planner.reporting.gis.export import export_qgis, write_map
from planner.reporting.gis.plan_map import PLAN_MAP, plan_map
from planner.reporting.gis.sweep_map import read_sweep_map
from planner.reporting.manifest import plan_manifest
from planner.runs.manifests import write_manifest
from planner.tables.language import ENGLISH
from tests.languages import GERMAN

AXES = {"demand.electrification_share": [0.05, 0.1], "sites.network": ["policy"]}


def write_run(plan, folder):
    folder.mkdir(parents=True)
    write_tables(plan, folder)
    write_map(plan_map(plan), folder, PLAN_MAP, ENGLISH)
    write_manifest(folder / "run.json", plan_manifest(plan))


@pytest.fixture(scope="module")
def sweep(plan_maker, tmp_path_factory):
    """Two levels, two replications on the same roads and sites."""
    folder = tmp_path_factory.mktemp("sweep")
    rows, plans = [], {}
    for level in AXES["demand.electrification_share"]:
        label = f"electrification_share={level:g}_network=policy"
        for number in (1, 2):
            plan = plan_maker()
            trucks = plan.arc_trucks_per_day * level * number
            scenario = plan.scenario | {"demand": {"electrification_share": level}}
            plan = replace(plan, arc_trucks_per_day=trucks, scenario=scenario)
            plans[label, number] = plan
            write_run(plan, folder / "runs" / label / f"replication-{number}")
            for named in plan.named_solutions:
                row = {"scenario": label, "run": f"runs/{label}/replication-{number}"}
                row |= {"demand.electrification_share": level, "sites.network": "policy"}
                row |= {"solution_name": named.name, "n_visited_sites": 39.0}
                rows.append(row | plan.front.loc[named.solution].drop("name").to_dict())
    pd.DataFrame(rows).to_parquet(folder / "sweep.parquet")
    definition = {"name": "small-sweep", "description": "How many?", "axes": AXES}
    (folder / "sweep.json").write_text(json.dumps({"sweep": definition, "complete": True}))
    return folder, plans


def test_each_combination_is_a_view_with_the_means_of_its_replications(sweep):
    folder, plans = sweep
    mapped = read_sweep_map(folder)

    assert [view.title for view in mapped.views] == ["5 %, policy", "10 %, policy"]
    assert mapped.level_share is None
    for view, label in zip(mapped.views, dict.fromkeys(label for label, _ in plans), strict=True):
        both = [plans[label, 1], plans[label, 2]]
        flows = [plan_map(each).layers["network"]["trucks_per_day"] for each in both]
        network = mapped.layers[view.network]
        np.testing.assert_allclose(network["trucks_per_day"], np.mean(flows, axis=0))
        balanced = [each.front.loc[each.default_solution.solution] for each in both]
        assert view.figures["n_hpc"] == np.mean([each["n_hpc"] for each in balanced])


def test_replications_on_other_sites_are_not_mixed(sweep, plan_maker, tmp_path):
    folder = shutil.copytree(sweep[0], tmp_path / "sweep")
    label = "electrification_share=0.05_network=policy"
    other = folder / "runs" / label / "replication-2"
    shutil.rmtree(other)
    write_run(plan_maker(seed=2, n_sites=30), other)

    sites = read_sweep_map(folder).layers["sites_electrification_share_0_05_network_policy"]
    first = plan_map(sweep[1][label, 1]).layers["sites_balanced"]
    assert sites["n_hpc"].tolist() == first["n_hpc"].tolist()


def test_a_sweep_is_written_in_a_language(sweep, tmp_path):
    project = export_qgis(sweep[0], GERMAN, out=tmp_path / "deutsch")

    assert project == tmp_path / "deutsch" / "sweep.qgz"
    layers = set(gpd.list_layers(tmp_path / "deutsch" / "sweep.gpkg")["name"])
    assert "network_electrification_share_0_1_network_policy" in layers


def test_an_unfinished_sweep_is_refused(sweep, tmp_path):
    folder = shutil.copytree(sweep[0], tmp_path / "sweep")
    (folder / "sweep.parquet").unlink()

    with pytest.raises(RunDirectoryError, match=r"expected a complete sweep; .*sweep\.parquet"):
        export_qgis(folder, ENGLISH)
