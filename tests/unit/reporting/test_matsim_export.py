"""A plan as MATSim files: valid, readable by others, and the plan that was made."""

import json
from dataclasses import replace
from itertools import pairwise

import matsim
import numpy as np
import pandas as pd
import pytest
from defusedxml.ElementTree import parse as parse_xml
from typer.testing import CliRunner

from planner.cli import app
from planner.errors import InputDataError, RunDirectoryError
from planner.network.load import load_network
from planner.network.matsim import LinkFilter, read_matsim_network
from planner.plan.study_inputs import read_inputs
from planner.reporting.matsim import export as matsim_export
from planner.reporting.matsim.elements import clock, matsim_id
from planner.reporting.matsim.export import FILES, export_matsim
from planner.reporting.matsim.network import matsim_network
from planner.reporting.matsim.plans import CHARGING, RESTING
from planner.routing.stop_plans import StopKind
from planner.scenario.load import load_scenario
from tests.unit.reporting.matsim_run import write_run, write_study
from tests.unit.reporting.matsim_schemas import (
    CHARGERS_DTD,
    NETWORK_DTD,
    POPULATION_DTD,
    assert_valid,
    assert_valid_vehicles,
    opened,
    read_chargers,
)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("line"))


@pytest.fixture(scope="module")
def run(study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "line"
    return folder, *write_run(folder, study)


@pytest.fixture(scope="module")
def exported(run, tmp_path_factory):
    out = tmp_path_factory.mktemp("matsim") / "files"
    return export_matsim(run[0], "balanced", out=out, crs="EPSG:25832")


def courses(folder):
    """By truck: its activities, and the links and driving hours between them."""
    found = {}
    for person, plan in matsim.plan_reader(str(folder / "plans.xml.gz")):
        activities = [dict(each.attrib) for each in plan.findall("activity")]
        routes = [
            (leg.find("route").text.split(" "), hours(leg.find("route").get("trav_time")))
            for leg in plan.findall("leg")
        ]
        found[int(person.get("id"))] = (activities, routes)
    return found


def hours(text):
    return float(np.dot([int(part) for part in text.split(":")], [1, 1 / 60, 1 / 3600]))


def links_of(folder):
    return matsim.read_network(str(folder / "network.xml.gz")).links.set_index("link_id")


def test_the_made_up_study_has_all_kinds_of_trips(run):
    _, trips, stops, _ = run
    assert set(stops["kind"]) == {kind.name.lower() for kind in StopKind}
    assert trips["n_unplugged_breaks"].max() > 0
    assert trips["n_unplugged_rests"].max() > 0
    served = trips[trips["status"] == "served"]
    assert set(served["vehicle_class"]) == {"slow", "fast"}
    assert len(served) > 0


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        ("network.xml.gz", NETWORK_DTD),
        ("plans.xml.gz", POPULATION_DTD),
        ("chargers.xml", CHARGERS_DTD["plug_power"]),
    ],
)
def test_files_are_valid(exported, file, schema):
    assert_valid(exported.folder / file, schema)


def test_vehicles_are_valid(exported):
    assert_valid_vehicles(exported.folder / "vehicles.xml.gz")


def test_every_route_is_a_chain_of_links_from_activity_to_activity(exported):
    links = links_of(exported.folder)
    start, end = links["from_node"].to_dict(), links["to_node"].to_dict()
    for activities, routes in courses(exported.folder).values():
        assert len(activities) == len(routes) + 1
        for n, (route, _) in enumerate(routes):
            assert (route[0], route[-1]) == (activities[n]["link"], activities[n + 1]["link"])
            assert all(end[a] == start[b] for a, b in pairwise(route))


def test_trucks_drive_the_planned_distance_and_arrive_at_the_planned_time(run, exported):
    length_m = links_of(exported.folder)["length"].to_dict()
    trips = run[1][run[1]["status"] == "served"].set_index("trip_id")
    found = courses(exported.folder)
    assert sorted(found) == sorted(trips.index)
    for trip_id, (activities, routes) in found.items():
        driven_m = sum(length_m[link] for route, _ in routes for link in route[1:])
        n_stops = int(trips["n_stops"][trip_id])
        # A site beside its node has links of the least length in place of none.
        assert driven_m == pytest.approx(trips["distance_km"][trip_id] * 1e3, abs=3 * n_stops + 1)
        spent_h = sum(hours(each["max_dur"]) for each in activities[1:-1])
        arrival_h = hours(activities[0]["end_time"]) + spent_h + sum(time for _, time in routes)
        assert arrival_h == pytest.approx(trips["arrival_h"][trip_id], abs=0.005)


def test_stops_are_the_planned_ones_with_breaks_and_rests_between_them(run, exported):
    _, trips, stops, _ = run
    chargers = {each.link_id: each for each in read_chargers(exported.folder / "chargers.xml")}
    trips = trips.set_index("trip_id")
    for trip_id, (activities, _) in courses(exported.folder).items():
        freight = "loaded" if trips["is_loaded"][trip_id] else "unloaded"
        assert {activities[0]["type"], activities[-1]["type"]} == {freight}
        planned = stops[stops["trip_id"] == trip_id]
        charging = [each for each in activities if each["type"] == CHARGING]
        kinds = ["LPC" if kind == "lpc_rest" else "HPC" for kind in planned["kind"]]
        assert [chargers[each["link"]].kind for each in charging] == kinds
        sites = [matsim_id(site) for site in planned["site_id"]]
        assert [each["link"].partition("_")[2] for each in charging] == sites
        for each, hold_h in zip(charging, planned["hold_h"], strict=True):
            assert hours(each["max_dur"]) == pytest.approx(hold_h, abs=0.5 / 3600)
        # Every stop takes 3 min for leaving the road and parking: before a plug a stand of its own.
        standing = [each["max_dur"] for each in activities if each["type"] == RESTING]
        assert standing.count("00:03:00") == len(planned)
        assert standing.count("00:48:00") == trips["n_unplugged_breaks"][trip_id]
        assert standing.count("11:03:00") == trips["n_unplugged_rests"][trip_id]


def test_trucks_stand_where_the_planner_placed_their_breaks(run, exported):
    breaks = pd.read_parquet(run[0] / "breaks.parquet")
    found = courses(exported.folder)
    n_stands = 0
    for trip_id, of_trip in breaks.groupby("trip_id"):
        activities, routes = found[trip_id]
        leg, driven_h, stands = 0, 0.0, []
        for (_, drive_h), (activity, after) in zip(
            routes[:-1], pairwise(activities[1:]), strict=True
        ):
            driven_h += drive_h
            if activity["type"] == CHARGING:
                leg, driven_h = leg + 1, 0.0
            elif (after["type"], after["link"]) != (CHARGING, activity["link"]):
                stands.append((leg, driven_h, hours(activity["max_dur"])))
            else:  # it parks at the site before it plugs in
                assert activity["max_dur"] == "00:03:00"
        planned = of_trip[["leg", "after_drive_h", "length_h"]].to_numpy()
        for (leg, driven_h, held_h), (at, after_h, length_h) in zip(stands, planned, strict=True):
            assert (leg, held_h) == (at, pytest.approx(length_h + 3 / 60, abs=0.5 / 3600))
            # At the end of the last link before: they are 223 km long at most, at 65 km/h.
            assert after_h - 223 / 65 <= driven_h <= after_h + 2 / 3600
        n_stands += len(stands)
    assert n_stands == len(breaks) > 0


def test_chargers_add_up_to_the_layout_and_lie_on_links(run, exported):
    layout = run[3].set_index("site_id")
    chargers = read_chargers(exported.folder / "chargers.xml")
    for kind, column, plug_kw in (("HPC", "n_hpc", 1000.0), ("LPC", "n_lpc", 100.0)):
        found = {each.link_id: each.n_plugs for each in chargers if each.kind == kind}
        expected = layout[column][layout[column] > 0]
        assert found == {
            f"{kind.lower()}_{matsim_id(site)}": count for site, count in expected.items()
        }
        assert {each.plug_kw for each in chargers if each.kind == kind} == {plug_kw}
    assert {each.link_id for each in chargers} <= set(links_of(exported.folder).index)
    assert (exported.n_hpc, exported.n_lpc) == (layout["n_hpc"].sum(), layout["n_lpc"].sum())


def test_vehicles_have_class_consumption_and_the_charge_they_start_with(run, exported):
    trips = run[1].set_index("trip_id")
    with opened(exported.folder / "vehicles.xml.gz") as stream:
        root = parse_xml(stream).getroot()
    space = {"m": "http://www.matsim.org/files/dtd"}
    types = {
        each.get("id"): {a.get("name"): a.text for a in each.iterfind(".//m:attribute", space)}
        for each in root.iterfind("m:vehicleType", space)
    }
    assert types["slow_unloaded"]["energyConsumptionKWhPerMeter"] == "0.0009"
    assert types["fast_loaded"]["energyCapacityInKWhOrLiters"] == "500.0"
    assert types["fast_loaded"]["HbefaTechnology"] == "electricity"
    assert {"HPC", "LPC"} <= set(json.loads(types["fast_loaded"]["chargerTypes"]))
    vehicles = list(root.iterfind("m:vehicle", space))
    assert {int(each.get("id")) for each in vehicles} == set(courses(exported.folder))
    for vehicle in vehicles:
        trip = trips.loc[int(vehicle.get("id"))]
        load = "loaded" if trip["is_loaded"] else "unloaded"
        assert vehicle.get("type") == f"{trip['vehicle_class']}_{load}"
        soc = float(vehicle.findtext(".//m:attribute", namespaces=space))
        assert soc == pytest.approx(trip["initial_soc_share"])


def test_a_truck_from_abroad_starts_with_the_charge_and_hours_it_enters_with():
    from planner.demand.trips import Trips
    from planner.routing.border_entry import entry_states
    from planner.routing.drivers import drivers_of

    scenario = load_scenario("germany-10")
    one = np.ones(1)
    trips = Trips(
        trip_id=np.array([1]),
        origin_node_idx=np.array([0], dtype=np.int32),
        destination_node_idx=np.array([1], dtype=np.int32),
        departure_h=one,
        abroad_before_km=130 * one,
        abroad_after_km=0 * one,
        is_loaded=one.astype(bool),
        initial_soc_share=0.9 * one,
        vehicle_class_idx=np.zeros(1, dtype=np.int16),
        electrification_rank=0 * one,
    )
    # 130 km at 1.2 kWh/km and 65 km/h.
    state, charged_kwh = entry_states(trips, np.array([3.0]), drivers_of(scenario))
    assert state.tolist() == [pytest.approx([540 - 156, 2.0, 2.0])]
    assert charged_kwh.tolist() == [0.0]
    # The plan enters 18 min later: 3 min to leave the road and park, 5 min to plug in, 10 min of
    # charging before the border.
    state, charged_kwh = entry_states(trips, np.array([3.3]), drivers_of(scenario))
    hpc_kw = scenario.chargers.hpc_kw
    assert charged_kwh.tolist() == [pytest.approx(hpc_kw / 6)]
    assert state[0, 0] == pytest.approx(540 - 156 + hpc_kw / 6)


def test_positions_are_those_of_the_nodes_in_the_system_asked_for(study, exported):
    graph, _ = load_network(study.network)
    nodes = matsim.read_network(str(exported.folder / "network.xml.gz")).nodes
    nodes = nodes.set_index("node_id")
    from pyproj import Transformer

    back = Transformer.from_crs("EPSG:25832", "EPSG:4326", always_xy=True)
    for node_id, lon, lat in zip(graph.node_id, graph.lon, graph.lat, strict=True):
        node = nodes.loc[f"n_{matsim_id(node_id)}"]
        assert back.transform(node["x"], node["y"]) == pytest.approx((lon, lat), abs=1e-7)


def test_the_planner_reads_its_own_network_back(study, exported):
    graph, _ = load_network(study.network)
    path = exported.folder / "network.xml.gz"
    found, _ = read_matsim_network(path, None, LinkFilter(frozenset({"car"}), None), "osm:way:ref")
    assert set(found.arc_road) == {"A7 & more", ""}
    on_road = found.arc_road != ""
    assert found.arc_length_km[on_road].sum() == pytest.approx(graph.arc_length_km.sum(), abs=1e-3)
    np.testing.assert_allclose(found.arc_free_speed_kmh[on_road], 100.0)


def test_lanes_are_those_of_the_roads_where_known(study):
    inputs = read_inputs(study)
    lanes = np.arange(inputs.graph.n_arcs)
    for arc_lanes, expected in ((None, 2 + 0 * lanes), (lanes, np.where(lanes == 0, 2, lanes))):
        graph = replace(inputs.graph, arc_lanes=arc_lanes)
        network = matsim_network(graph, inputs.sites, "EPSG:25832", 80.0)
        np.testing.assert_array_equal(network.n_lanes[network.first_part[:-1]], expected)


def test_the_same_run_gives_the_same_bytes(run, exported, tmp_path):
    again = export_matsim(run[0], "balanced", out=tmp_path / "again")
    for file in FILES:
        assert (again.folder / file).read_bytes() == (exported.folder / file).read_bytes(), file


def test_who_plans_to_charge_overnight_where_no_point_is_rests_and_charges_afterwards(
    study, tmp_path
):
    _, stops, layout = write_run(tmp_path / "run", study, without_lpc=range(8))
    assert layout["n_lpc"].sum() == 0
    exported = export_matsim(tmp_path / "run", "balanced")
    assert exported.folder == tmp_path / "run" / "matsim-balanced"
    assert {each.kind for each in read_chargers(exported.folder / "chargers.xml")} == {"HPC"}
    rested = stops[stops["kind"] == "lpc_rest"].iloc[0]
    activities, _ = courses(exported.folder)[rested["trip_id"]]
    link = f"hpc_{matsim_id(rested['site_id'])}"
    at_site = [each for each in activities if each["link"] == link]
    assert [each["type"] for each in at_site[:2]] == [RESTING, CHARGING]
    assert at_site[0]["max_dur"] == "11:03:00"  # 3 min for leaving the road and parking
    classes = pd.read_parquet(tmp_path / "run" / "trips.parquet").set_index("trip_id")
    slow = classes["vehicle_class"][rested["trip_id"]] == "slow"
    charging_h = rested["energy_kwh"] / (400 if slow else 1000) + 5 / 60
    assert hours(at_site[1]["max_dur"]) == pytest.approx(charging_h, abs=0.5 / 3600)


def test_names_become_ids_without_white_space_and_stay_different():
    names = ["a b", "a%20b", "a\tb", "a\xa0b", "ä&<", "\x00", "\ud800", "plain"]
    ids = [matsim_id(name) for name in names]
    assert len(set(ids)) == len(names)
    assert not any(part.isspace() or ord(part) < 32 for each in ids for part in each)
    assert ids[-1] == "plain"
    assert ids[4] == "ä&<"


def test_clock_goes_on_after_midnight_and_carries():
    assert clock(0.75) == "00:45:00"
    assert clock(191.9999) == "192:00:00"


def test_a_misspelt_solution_is_named_with_the_nearest(run):
    with pytest.raises(RunDirectoryError, match="did you mean 'balanced'"):
        export_matsim(run[0], "balnced")


def test_what_is_no_run_is_refused(tmp_path):
    with pytest.raises(RunDirectoryError, match=r"not a run of the planner"):
        export_matsim(tmp_path, "balanced")


def test_an_existing_folder_is_left_alone(run, tmp_path):
    with pytest.raises(RunDirectoryError, match="exists"):
        export_matsim(run[0], "balanced", out=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("crs", "message"), [("EPSG:1", "none"), ("EPSG:4326", "in metres")])
def test_a_system_that_matsim_cannot_use_is_refused(run, tmp_path, crs, message):
    with pytest.raises(InputDataError, match=message):
        export_matsim(run[0], "balanced", out=tmp_path / "out", crs=crs)


def test_roads_that_changed_since_the_run_are_refused(tmp_path):
    scenario = write_study(tmp_path)
    write_run(tmp_path / "run", scenario)
    arcs = tmp_path / "arcs.csv"
    arcs.write_text(arcs.read_text(encoding="utf-8").replace("223.0", "224.0"), encoding="utf-8")
    with pytest.raises(RunDirectoryError, match=r"another network\.arcs"):
        export_matsim(tmp_path / "run", "balanced")
    manifest = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    manifest["provenance"]["inputs_sha256"] = {}
    (tmp_path / "run" / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(RunDirectoryError, match="not as long on the network"):
        export_matsim(tmp_path / "run", "balanced")


def test_a_broken_table_is_named_and_nothing_is_left_behind(study, tmp_path):
    write_run(tmp_path / "run", study)
    (tmp_path / "run" / "stops.parquet").write_bytes(b"PAR1")
    with pytest.raises(RunDirectoryError, match=r"stops\.parquet"):
        export_matsim(tmp_path / "run", "balanced", out=tmp_path / "out")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["run"]


def test_the_command_tells_what_it_wrote(run, tmp_path, monkeypatch):
    arguments = [
        "export",
        "matsim",
        str(run[0]),
        "--out",
        str(tmp_path / "o"),
        "--dialect",
        "power",
    ]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert "trucks with" in result.output
    assert b'capacity="' in (tmp_path / "o" / matsim_export.CHARGERS_FILE).read_bytes()
