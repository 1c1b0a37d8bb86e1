"""Volumes that are weighed anew by counts, on examples small enough to be worked out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.sparse import csr_array

from planner.counts.stations import match_stations, read_stations
from planner.counts.stretches import held_out, stretches
from planner.demand.entropy_weights import least_changed_volumes
from planner.demand.load import load_trips
from planner.errors import InputDataError
from planner.runs.random_streams import RandomStreams
from planner.scenario.count_calibration import CountCalibration
from planner.scenario.demand_sources import OdTableDemand

VOLUME = np.array([100.0, 100.0, 50.0, 10.0])
PASSES = np.array([[1.0, 0.0], [0.5, 1.0], [0.0, 1.0], [0.0, 0.0]])
TARGET = np.array([90.0, 220.0])
GROUP = np.array([0, 0, 1, 1])


def weighed(most_factor=4.0, tolerance=0.5):
    return least_changed_volumes(
        VOLUME, csr_array(PASSES), TARGET, GROUP, most_factor=most_factor, tolerance=tolerance
    )


def test_weighed_volumes_are_the_least_changed_ones_that_meet_the_counts():
    def cost(x):
        flow = x @ PASSES
        changed = (x * np.log(x / VOLUME) - x + VOLUME).sum()
        return changed + ((flow - TARGET) ** 2 / (2 * 0.5**2 * TARGET)).sum()

    kept = [{"type": "eq", "fun": lambda x, g=g: (x - VOLUME)[g == GROUP].sum()} for g in (0, 1)]
    bounds = [(volume / 4, volume * 4) for volume in VOLUME]
    options = {"ftol": 1e-12, "maxiter": 500}
    exact = minimize(cost, VOLUME, bounds=bounds, constraints=kept, options=options)
    assert weighed() == pytest.approx(exact.x, rel=1e-3)


def test_volumes_stay_within_the_factor_and_groups_keep_their_totals():
    volume = weighed(most_factor=1.2, tolerance=0.05)
    assert (volume / VOLUME).max() <= 1.2 * 1.01
    assert (volume / VOLUME).min() >= 1 / (1.2 * 1.01)
    assert np.bincount(GROUP, volume) == pytest.approx([200.0, 60.0])
    assert not np.allclose(volume, VOLUME)


@pytest.fixture
def stations(tmp_path):
    """West of cc four times as many as east of it, by road and by stretch."""
    path = tmp_path / "stations.csv"
    path.write_text(
        "station_id,motorway,lon,lat,heavy_vehicles_per_working_day\n"
        "w,A1,8,50,4000\nx,A1,10,50,4000\ny,A1,12,50,1000\nz,A1,14,50,1000\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def demand(tmp_path, stations):
    def build(**changes):
        table = tmp_path / "traffic.csv"
        table.write_text(
            "origin,destination,trucks_per_year\naa,cc,260700\ncc,ee,260700\n", encoding="utf-8"
        )
        calibrate = CountCalibration(counts=stations, **{"held_out_share": 0.0} | changes)
        return OdTableDemand(
            source="od_table", path=table, electrification_share=1.0, calibrate=calibrate
        )

    return build


def trips_of(demand, graph):
    return load_trips(demand, graph, {"a": 1.0}, RandomStreams(1))


def test_traffic_follows_the_counts_and_the_number_of_trips_stays(demand, line_graph):
    trips, report = trips_of(demand(tolerance_share=0.05), line_graph)
    before = trips_of(demand().model_copy(update={"calibrate": None}), line_graph)[0].n_trips
    west = (trips.destination_node_idx == 2).sum()
    assert trips.n_trips == pytest.approx(before, abs=4)
    assert west / (trips.n_trips - west) == pytest.approx(4.0, rel=0.02)
    assert "4 stretches of road in stations.csv, 0 more held out" in report.notices[-2]


def test_stretches_held_out_are_whole_ones_and_judge_what_came_of_it(demand, line_graph, stations):
    matched = match_stations(read_stations(stations), line_graph, "stations.csv")
    settings = demand(held_out_share=0.5, held_out_seed=3).calibrate
    is_out = held_out(matched, settings.held_out_share, settings.held_out_seed)
    stretch = stretches(matched)
    assert 0 < is_out.sum() < 4
    assert not set(stretch[is_out]) & set(stretch[~is_out])
    _, report = trips_of(demand(held_out_share=0.5, held_out_seed=3), line_graph)
    assert any("held out Spearman" in line for line in report.notices)


def test_counts_that_no_trip_passes_are_refused_with_what_to_do(demand, line_graph, stations):
    text = stations.read_text(encoding="utf-8").splitlines()[0]
    stations.write_text(f"{text}\nq,A1,8,50,0\n", encoding="utf-8")
    with pytest.raises(InputDataError, match=r"stations on roads that trips use.*held_out_share"):
        trips_of(demand(), line_graph)
