"""The load of a plan: the energy of its run, what could shift, layouts of other programs."""

import json
from itertools import pairwise
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from typer.testing import CliRunner

from planner.cli import app
from planner.errors import InputDataError, InvariantError
from planner.plan import load_series
from planner.plan.finished_run import read_finished_run
from planner.plan.load_calendar import dated_load, day_factors, load_calendar
from planner.plan.load_places import Places
from planner.plan.load_series import LoadQuestion, load_of
from planner.plan.schemas import FRONT
from planner.plan.stages import charging_demand
from planner.reporting.load.export import write_load
from planner.simulation.metrics import layout_figures
from planner.simulation.queues import ChargerLayout, simulate
from planner.tables.table_files import read_parquet, write_parquet
from tests.unit.reporting.matsim_run import write_run, write_study


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run whose front tells the energies of its layout, and these, kWh."""
    study = write_study(tmp_path_factory.mktemp("line"))
    folder = tmp_path_factory.mktemp("runs") / "line"
    write_run(folder, study, few_points=True)
    plan = read_finished_run(folder).on_roads("balanced")
    demand = charging_demand(
        plan.scenario, plan.vehicle_class_idx(), plan.plans(), plan.sites.n_sites
    )
    layout = ChargerLayout(plan.n_hpc.astype(np.int32), plan.n_lpc.astype(np.int32))
    figures = layout_figures(demand, simulate(demand, layout), layout)
    path = folder / f"{FRONT.name}.parquet"
    energies = {name: getattr(figures, name) for name in ("energy_hpc_mwh", "energy_lpc_mwh")}
    front = read_parquet(path).assign(**energies)
    front.loc[0, list(energies)] = 0.0
    write_parquet(front, FRONT, path)
    assert min(energies.values()) > 1.0
    return folder, {name[7:10]: 1000.0 * mwh for name, mwh in energies.items()}


@pytest.fixture(scope="module")
def plan(run):
    return read_finished_run(run[0]).on_roads("1")


@pytest.fixture(scope="module")
def load(plan):
    return load_of(plan, LoadQuestion(span="days"))


@pytest.fixture
def written(load, tmp_path):
    def folder(layout):
        write_load(load, layout, tmp_path)
        return tmp_path

    return folder


@pytest.mark.parametrize(("by", "minutes"), [("site", 15), ("all", 60)])
def test_the_load_is_the_energy_of_the_run_to_the_kilowatt_hour(run, plan, by, minutes):
    found = load_of(plan, LoadQuestion(by, "days", minutes))
    energy_kwh = run[1]
    for kind, kwh in energy_kwh.items():
        assert found.series[f"{kind}_kw"].sum() * minutes / 60 == pytest.approx(kwh, abs=0.5)
        of_kind = found.sessions["point"] == kind
        assert found.sessions.loc[of_kind, "energy_kwh"].sum() == pytest.approx(kwh, abs=0.5)
    assert found.places_table["written_mwh"].sum() * 1000 == pytest.approx(sum(energy_kwh.values()))
    assert len(found.series) == len(found.places) * 24 * 60 / minutes


def test_a_load_of_another_energy_than_the_run_s_is_a_fault_of_the_program(run):
    with pytest.raises(InvariantError, match=r"but the run has 0\.0 kWh"):
        load_of(read_finished_run(run[0]).on_roads("logistics"), LoadQuestion())


def test_a_week_repeats_the_simulated_days_and_scales_the_others_by_their_trips():
    kwh = np.array([[1.0, 2.0, 3.0, 4.0]])  # two steps on Monday, two on Tuesday
    week = dated_load(kwh, ["mon", "tue"], "week", 2030, "")
    factors = day_factors() / day_factors()[:2].mean()
    assert week.energy_kwh[0, :4].tolist() == [1.0, 2.0, 3.0, 4.0]
    assert week.energy_kwh[0, 12:] == pytest.approx(factors[6] * np.array([2.0, 3.0]))
    assert str(week.start[1]) == "2030-01-07T12:00"


def test_a_year_has_the_days_of_its_calendar_with_seasons_and_holidays():
    kwh = np.tile(np.arange(24.0), 7)[np.newaxis] + np.repeat(100.0 * np.arange(7), 24)
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    year = dated_load(kwh, days, "year", 2030, "DE")
    assert year.energy_kwh.shape == (1, 8760)
    months = np.array(load_calendar().months.factors)
    per_day = year.energy_kwh.reshape(365, 24)
    mean = np.average(months, weights=[31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    # 2030-01-02 is a Wednesday; New Year's Day, a Tuesday, is like a Sunday.
    assert per_day[1] == pytest.approx(months[0] / mean * (200.0 + np.arange(24)))
    assert per_day[0] == pytest.approx(months[0] / mean * (600.0 + np.arange(24)))
    without = dated_load(kwh, days, "year", 2030, "").energy_kwh.reshape(365, 24)
    assert without[0] == pytest.approx(months[0] / mean * (100.0 + np.arange(24)))


def test_an_overnight_session_can_shift_between_at_once_and_at_the_end():
    places = Places(["here"], ["Here"], np.array([0]), np.zeros(1), np.zeros(1))
    steps = load_series.LoadSteps(SimpleNamespace(start_h=0.0, horizon_h=4.0), 60, 1)
    sessions = pd.DataFrame(
        {"place": ["here"], "point": ["lpc"], "start_h": [0.5], "end_h": [3.5],
         "energy_kwh": [100.0], "max_kw": [100.0]}
    )  # fmt: skip
    at_once = np.array([[50.0, 50.0, 0.0, 0.0]])
    found = load_series._envelope(places, sessions, at_once, steps, 2030)
    assert found["max_kwh"].tolist() == [50.0, 100.0, 100.0, 100.0]
    assert found["min_kwh"].tolist() == [0.0, 0.0, 50.0, 100.0]
    assert found["max_kw"].tolist() == [50.0, 100.0, 100.0, 50.0]
    with pytest.raises(InvariantError, match="outside of what could shift"):
        load_series._envelope(places, sessions, 2.0 * at_once, steps, 2030)


def test_what_overnight_sessions_draw_lies_in_their_envelope_at_every_site(run, load):
    band = load.envelope
    assert (band["min_kwh"] <= band["lpc_kwh"] + 1e-6).all()
    assert (band["lpc_kwh"] <= band["max_kwh"] + 1e-6).all()
    assert (band["max_kwh"] - band["min_kwh"]).max() > 100.0
    last = band.groupby("place")[["min_kwh", "lpc_kwh", "max_kwh"]].last().sum()
    assert last.to_list() == pytest.approx([run[1]["lpc"]] * 3)


def test_pypsa_gets_loads_and_a_store_in_which_overnight_charging_can_shift(run, written):
    folder, energy_kwh = written("pypsa-eur"), run[1]
    fixed, flexible = (
        {path.stem: pd.read_csv(path, index_col=0) for path in (folder / kind).glob("*.csv")}
        for kind in ("fixed", "flexible")
    )
    hours = fixed["snapshots"]["generators"].to_numpy()
    assert hours.tolist() == [0.25] * 96
    both_mwh = [each["loads-p_set"].mul(hours, axis=0).sum().sum() for each in (fixed, flexible)]
    assert both_mwh == pytest.approx([sum(energy_kwh.values()) / 1000.0] * 2)
    for tables in (fixed, flexible):
        assert set(tables["loads"]["bus"]) <= set(tables["buses"].index)
        assert set(tables["loads"].index) == set(tables["loads-p_set"].columns)
        assert (tables["snapshots"]["snapshot"] == tables["loads-p_set"].index).all()
    # Charging as early as the store allows is charging at once, and the link carries it.
    links, stores = flexible["links"], flexible["stores"]
    ahead = flexible["stores-e_max_pu"].mul(stores["e_nom"])
    latest = flexible["loads-p_set"][links["bus1"]].mul(0.25)
    early = ahead.diff().fillna(ahead.iloc[:1]) + latest
    limit = flexible["links-p_max_pu"].mul(links["p_nom"]).set_axis(links["bus1"], axis=1) * 0.25
    assert (early >= -1e-9).all(axis=None)
    assert (early <= limit[early.columns] + 1e-9).all(axis=None)
    assert ahead.iloc[-1].sum() == pytest.approx(0.0, abs=1e-9)
    assert early.sum().sum() == pytest.approx(energy_kwh["lpc"] / 1000.0)


def test_spice_ev_gets_a_vehicle_with_a_stand_for_each_session(load, written):
    """The keys that SpiceEV's documentation and examples have, and what its rules ask of them."""
    scenarios = [json.loads(path.read_text("utf-8")) for path in written("spice-ev").glob("*.json")]
    charged_kwh = re_simulated_kwh = 0.0
    for each in scenarios:
        assert set(each) == {"scenario", "components", "events"}
        assert each["scenario"]["interval"] * each["scenario"]["n_intervals"] == 24 * 60
        start = pd.Timestamp(each["scenario"]["start_time"])
        step = pd.Timedelta(each["scenario"]["interval"], "min")
        parts = each["components"]
        events = each["events"]["vehicle_events"]
        assert parts["grid_connectors"]["GC1"]["cost"]["value"] > 0.0
        assert [event["start_time"] for event in events] == sorted(e["start_time"] for e in events)
        for name, vehicle in parts["vehicles"].items():
            kind = parts["vehicle_types"][vehicle["vehicle_type"]]
            arrival, departure = (event for event in events if event["vehicle_id"] == name)
            assert (arrival["event_type"], departure["event_type"]) == ("arrival", "departure")
            update = arrival["update"]
            station = parts["charging_stations"][update["connected_charging_station"]]
            assert station["parent"] in parts["grid_connectors"]
            assert departure["start_time"] == update["estimated_time_of_departure"]
            kwh = kind["capacity"] * (update["desired_soc"] - vehicle["soc"])
            stand = pd.Timestamp(departure["start_time"]) - pd.Timestamp(arrival["start_time"])
            power_kw = kind["charging_curve"][0][1]
            assert station["max_power"] == power_kw
            assert kwh <= power_kw * (stand / pd.Timedelta(1, "h") + 1 / 3600) + 1e-6
            charged_kwh += kwh
            # SpiceEV takes an event at the next step, and charges at full power from there on.
            begin, end = (
                -((start - pd.Timestamp(event["start_time"])) // step)
                for event in (arrival, departure)
            )
            re_simulated_kwh += min(
                kwh, power_kw * (end - begin) * each["scenario"]["interval"] / 60
            )
    assert charged_kwh == pytest.approx(load.sessions["energy_kwh"].sum(), abs=0.5)
    assert re_simulated_kwh == pytest.approx(charged_kwh, rel=1e-3)


def test_edisgo_gets_charging_processes_that_fit_their_steps_and_points(load, written):
    folder = written("edisgo")
    own = folder / "electromobility"
    processes = pd.read_csv(own / "charging_processes.csv", index_col=0)
    steps = processes["park_end_timesteps"] - processes["park_start_timesteps"] + 1
    assert (processes["park_time_timesteps"] == steps).all()
    charging = 4 * processes["chargingdemand_kWh"] / processes["nominal_charging_capacity_kW"]
    assert (charging <= steps + 1e-6).all()
    assert processes["chargingdemand_kWh"].sum() == pytest.approx(load.sessions["energy_kwh"].sum())
    assert set(processes["use_case"]) == {"hpc", "public"}
    timed = load.sessions.set_index("session")
    for _, at_point in processes.groupby(["charging_park_id", "charging_point_id"]):
        turns = timed.loc[at_point.index].sort_values("start_h")[["start_h", "end_h"]].to_numpy()
        assert all(before[1] <= after[0] for before, after in pairwise(turns))
    parks = pd.read_csv(own / "potential_charging_parks.csv", index_col=0)
    assert set(processes["charging_park_id"]) <= set(parks.index)
    loads = pd.read_csv(folder / "loads.csv", index_col=0)
    active = pd.read_csv(folder / "loads_active_power.csv", index_col=0, parse_dates=True)
    assert set(active.columns) == set(loads.index)
    assert (active.max() <= loads["p_set"].loc[active.columns] + 1e-9).all()
    power, least, most = (
        pd.read_csv(own / f"flexibility_band_{band}.csv", index_col=0, parse_dates=True)
        for band in ("upper_power", "lower_energy", "upper_energy")
    )
    # As eDisGo checks them: to the last digit.
    assert (least <= most).all(axis=None)
    assert ((least.diff() - power / 4).iloc[1:] <= 0.0).all(axis=None)
    assert ((most.diff() - power / 4).iloc[1:] <= 0.0).all(axis=None)


def test_the_command_writes_tables_by_polygons_of_ones_own_and_says_what_they_hold(run, tmp_path):
    areas = gpd.GeoDataFrame(
        {"NUTS_ID": ["XX1", "XX2"]},
        geometry=[shapely.box(7.0, 45.0, 11.0, 50.0), shapely.box(7.0, 50.0, 11.0, 54.9)],
        crs="EPSG:4326",
    )
    layer = tmp_path / "nuts.geojson"
    areas.to_file(layer)
    arguments = ["export", "load", str(run[0]), "--regions", str(layer), "--out", str(tmp_path)]
    told = CliRunner().invoke(
        app, [*arguments, "--name-column", "NUTS_ID", "--lang", "de"], catch_exceptions=False
    )
    assert "auf die Kilowattstunde wie im Lauf" in " ".join(told.output.split())
    places = pd.read_csv(tmp_path / "load_places.csv")
    assert places["place"].tolist() == ["XX1", "XX2", "unknown"]
    assert places[["hpc_mwh", "lpc_mwh"]].sum().sum() * 1000 == pytest.approx(sum(run[1].values()))
    assert len(pd.read_csv(tmp_path / "load.csv")) == 3 * 7 * 96
    with pytest.raises(InputDataError, match=r"nothing\.gpkg"):
        CliRunner().invoke(
            app,
            [*arguments[:3], "--regions", str(tmp_path / "nothing.gpkg")],
            catch_exceptions=False,
        )
    with pytest.raises(InputDataError, match="expected --by region beside it"):
        CliRunner().invoke(app, [*arguments, "--by", "road"], catch_exceptions=False)


def test_places_of_which_a_study_knows_nothing_are_refused_with_a_remedy(plan):
    with pytest.raises(InputDataError, match="--regions PATH --name-column NAME"):
        load_of(plan, LoadQuestion(by="region"))


def test_tables_that_no_machine_holds_are_refused_with_a_remedy(plan, monkeypatch):
    monkeypatch.setattr(load_series, "_MOST_ROWS", 8 * 24 * 365)
    load_of(plan, LoadQuestion(span="year", minutes=60))
    with pytest.raises(InputDataError, match="found 280,320; use --minutes 60"):
        load_of(plan, LoadQuestion(span="year", minutes=15))
