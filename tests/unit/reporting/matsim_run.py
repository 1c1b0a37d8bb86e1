"""A made-up run on one motorway, with all that a MATSim export can meet."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from planner.plan.schemas import FRONT, LAYOUTS
from planner.plan.stops import plan_trips
from planner.plan.study_inputs import read_inputs
from planner.plan.trip_schemas import (
    BREAKS,
    STOPS,
    TRIPS,
    WARM_UP_BREAKS,
    WARM_UP_STOPS,
    WARM_UP_TRIPS,
)
from planner.plan.trip_tables import break_table, stop_table, trip_table
from planner.routing.stop_plans import StopKind
from planner.runs.provenance import plain_values, sha256_of
from planner.scenario.load import load_scenario
from planner.tables.table_files import write_parquet

NODES = ["A 1", "B&<ö>", "C%20", "D", "E  2", "F"]
"""Names that would break routes or files written without care."""

STUDY = """
name: line
network: {source: tables, nodes: nodes.csv, arcs: arcs.csv, two_way: true, contract: false}
sites: {source: table, path: sites.csv, within_parking_spaces: false}
demand: {source: trips, path: trips.csv, min_distance_km: 0, days: [mon], electrification_share: 1}
vehicles:
  mix: {slow: 0.5, fast: 0.5}
  classes:
    slow: &truck
      battery_kwh: 600
      consumption_loaded_kwh_km: 1.2
      consumption_empty_kwh_km: 0.9
      max_charging_kw: 400
      mean_speed_kmh: 65
    fast:
      battery_kwh: 500
      consumption_loaded_kwh_km: 1.3
      consumption_empty_kwh_km: 1.0
      max_charging_kw: 1000
      mean_speed_kmh: 80
""".replace("&truck", "")


def write_study(folder):
    """A motorway of 1,100 km with sites for both directions, for one, at a node, and a pair."""
    lon = 8.0 + 0.2 * np.arange(len(NODES))
    lat = 46.0 + 2.0 * np.arange(len(NODES))
    pd.DataFrame({"node_id": NODES, "x": lon, "y": lat}).to_csv(folder / "nodes.csv", index=False)
    pd.DataFrame(
        {
            "from_node": NODES[:-1],
            "to_node": NODES[1:],
            "length_km": 223.0,
            "free_speed_kmh": 100,
            "road": "A7 & more",
        }
    ).to_csv(folder / "arcs.csv", index=False)
    place = np.array([0.5, 1.0, 1.4, 2.3, 2.35, 3.2, 4.4, 4.8])
    pd.DataFrame(
        {
            "id": [f"S {n}" for n in range(len(place))],
            "name": 'Rast "Nord" <&>',
            "lon": 8.0 + 0.2 * place,
            "lat": 46.0 + 2.0 * place,
            "direction": ["both", "both", "one", "both", "both", "both", "both", "one"],
            "off_road_km": [0.5, 0.0, 0.2, 1.5, 0.3, 0.3, 0.4, 0.1],
        }
    ).to_csv(folder / "sites.csv", index=False)
    rng = np.random.default_rng(4)
    start, end = rng.permuted(np.tile(np.arange(len(NODES)), (60, 1)), axis=1)[:, :2].T
    pd.DataFrame(
        {
            "trip_id": np.arange(60) * 3,
            "origin": np.array(NODES)[start],
            "destination": np.array(NODES)[end],
            "departure_h": rng.uniform(0, 23, 60),
            "soc_share": rng.uniform(0.3, 1.0, 60),
            "vehicle_class": rng.choice(["slow", "fast"], 60),
            "is_loaded": rng.choice(["yes", "no"], 60),
        }
    ).to_csv(folder / "trips.csv", index=False)
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    return load_scenario(folder / "study.yaml")


def write_run(folder, scenario, without_lpc=(), *, few_points=False):
    """The files of a run that the export reads, of a layout that fits the plans."""
    folder.mkdir()
    inputs = read_inputs(scenario)
    assert inputs.trips.is_counted.all()  # trips of one day: there is nothing before
    plans = plan_trips(scenario, inputs)
    n_sites = inputs.sites.n_sites
    is_lpc = plans.stop_kind == StopKind.LPC_REST
    n_hpc = 1 + np.bincount(plans.stop_site_idx, minlength=n_sites)
    n_lpc = np.bincount(plans.stop_site_idx[is_lpc], minlength=n_sites)
    n_lpc[list(without_lpc)] = 0
    if few_points:  # trucks wait
        n_hpc = np.ones_like(n_hpc)
    layouts = pd.DataFrame(
        {
            "solution": np.repeat([0, 1], n_sites),
            "site_id": np.tile(inputs.sites.site_id, 2),
            "n_hpc": np.concatenate([n_hpc + 7, n_hpc]),
            "n_lpc": np.tile(n_lpc, 2),
        }
    )
    no_wait = np.zeros(plans.n_stops)
    classes = list(scenario.vehicles.classes)
    nothing = np.zeros(plans.n_trips)
    trips = trip_table(
        inputs.trips, plans, inputs.graph, classes, no_wait, nothing, nothing, nothing
    )
    stops = stop_table(inputs.trips, plans, inputs.sites, no_wait)
    dtypes = {each.name: each.dtype for each in FRONT.columns}
    front = pd.DataFrame({name: [0, 0] for name in dtypes}).astype(dtypes)
    breaks = break_table(inputs.trips, plans)
    for table, schema in (
        (front, FRONT),
        (layouts, LAYOUTS),
        (trips, TRIPS),
        (stops, STOPS),
        (breaks, BREAKS),
        (trips[:0], WARM_UP_TRIPS),
        (stops[:0], WARM_UP_STOPS),
        (breaks[:0], WARM_UP_BREAKS),
    ):
        write_parquet(table, schema, folder / f"{schema.name}.parquet")
    manifest = {
        "name": scenario.name,
        "kind": "plan",
        "headline": {},
        "summary": {},
        "assumptions": [],
        "named_solutions": [
            {"name": "logistics", "solution": 0, "title": "", "text": ""},
            {"name": "balanced", "solution": 1, "title": "", "text": ""},
        ],
        "scenario": scenario.model_dump(mode="json"),
        "provenance": {
            "inputs_sha256": {"network.arcs.path": sha256_of(scenario.network.arcs.path)}
        },
    }
    (folder / "run.json").write_text(json.dumps(plain_values(manifest)), encoding="utf-8")
    return trips, stops, layouts[layouts["solution"] == 1]
