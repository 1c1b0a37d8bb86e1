"""Files of users of other programs are read as the README beside each expects."""

import pytest

from planner.network.load import load_network
from planner.scenario.load import load_scenario
from tests.cases.command_line import planner
from tests.cases.small_studies import scenario
from tests.reference_data import case_path

TESTED = {
    "bnetza",
    "carriers",
    "josm-delete",
    "left-hand",
    "no-session-crash",
    "osm-deleted",
    "osm-gz",
    "plans-max-dur",
    "trunk-message",
    "two-part-network",
}
SPACED = "source: spacing, spacing_km: 5"
EQUIL_CRS = '"+proj=tmerc +lat_0=51 +lon_0=10 +ellps=WGS84 +units=m"'


def real(name):
    return case_path(f"real-files/{name}")


def roads_of(folder, path):
    study = scenario(folder, network=f"source: osm, path: {path}", sites=SPACED)
    return load_network(load_scenario(study).network)


def test_every_folder_has_a_test():
    assert {readme.parent.name for readme in real("").glob("*/README*")} == TESTED


def roads_past_cologne(folder):
    """A road past all points of the register, with flows between its ends."""
    (folder / "nodes.csv").write_text("node_id,lon,lat\nsouth,6.95,49\nnorth,6.95,53\n")
    arcs = "from_node_id,to_node_id,length_km\nsouth,north,445\nnorth,south,445\n"
    (folder / "arcs.csv").write_text(arcs)
    (folder / "od.csv").write_text("origin,destination,trucks_per_year\nsouth,north,400000\n")
    return {
        "network": "source: tables, nodes: nodes.csv, arcs: arcs.csv",
        "demand": "source: od_table, path: od.csv, electrification_share: 0.01",
    }


@pytest.mark.parametrize(
    ("name", "notes"),
    [
        ("register.csv", ["Windows-1252"]),
        ("register_with_preamble.csv", ["Windows-1252", "rows 1, 2 above the header passed over"]),
    ],
)
def test_the_register_of_charging_points_is_read_as_published(name, notes, tmp_path):
    columns = "{id: nr, lat: Breitengrad, lon: Längengrad}"
    sites = f"source: table, path: {real('bnetza')}/{name}, columns: {columns}, max_snap_km: 10"
    answer = planner("validate", scenario(tmp_path, sites=sites, **roads_past_cologne(tmp_path)))
    assert answer.code == 0, answer
    assert "24 sites" in answer.said
    assert [note for note in notes if note not in answer.said] == [], answer.said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("carrierLEH_v2_withFleet.xml", ["carriers", "output_plans.xml.gz"]),
        ("scenarios_equil_plans2000.xml.gz", ["version 4", "convert it to version 6"]),
    ],
)
def test_files_of_matsim_that_are_no_plans_are_answered_with_what_to_use(name, words, tmp_path):
    demand = f"source: matsim_plans, path: {real('carriers')}/{name}, electrification_share: 1"
    answer = planner("validate", scenario(tmp_path, demand=demand))
    assert answer.code == 2, answer
    assert [word for word in words if word not in answer.complained] == []


@pytest.mark.parametrize(
    ("name", "n_ways"), [("josm-delete/josmdel.osm", 1), ("osm-deleted/hist.osm", 2)]
)
def test_deleted_roads_and_older_versions_are_left_out_and_counted(name, n_ways, tmp_path):
    _, found = roads_of(tmp_path, real(name))
    assert found.n_parallel_dropped == 0
    counts = {each.what: each.count for each in found.left_out}
    assert counts["ways that are deleted, or older versions"] == n_ways


def test_a_packed_extract_has_the_lengths_that_osmnx_measures(tmp_path):
    roads, _ = roads_of(tmp_path, real("osm-gz/north-bayreuth.osm.gz"))
    km = {road: roads.arc_length_km[roads.arc_road == road].sum() for road in ("A70", "A9")}
    assert km == pytest.approx({"A70": 18.44, "A9": 3.44}, rel=0.005)


def test_a_site_on_the_left_serves_who_drives_on_the_left():
    answer = planner("validate", real("left-hand/case.yaml"), "--set", "demand.min_distance_km=0")
    assert answer.code == 0, answer
    assert "traffic keeps to the left at 2 sites" in answer.said


def test_a_study_in_which_nobody_charges_ends_and_says_so(tmp_path):
    answer = planner("run", real("no-session-crash/case.yaml"), "--out", tmp_path / "out")
    assert answer.code == 0, answer
    assert "No truck charges on its way" in answer.said


@pytest.mark.parametrize(
    ("name", "trunk", "words"),
    [
        ("andorra.osm.pbf", "", ["highway=motorway, found none"]),
        ("andorra.osm.pbf", ", include_trunk: true", ["highway=motorway or highway=trunk"]),
        ("krems.osm.gz", "", ["68 ways tagged highway=trunk", "include_trunk: true"]),
    ],
)
def test_an_extract_without_motorways_says_what_was_asked_for(name, trunk, words, tmp_path):
    network = f"source: osm, path: {real('trunk-message')}/{name}{trunk}"
    answer = planner("validate", scenario(tmp_path, network=network, sites=SPACED))
    assert answer.code == 2, answer
    assert [word for word in words if word not in answer.complained] == []


def equil(folder, name):
    network = real("plans-max-dur/scenarios_equil_network.xml")
    return scenario(
        folder,
        network=f"source: matsim, path: {network}, crs: {EQUIL_CRS}",
        sites=SPACED,
        demand=f"source: matsim_plans, path: {real('plans-max-dur')}/{name}, crs: {EQUIL_CRS}, "
        "electrification_share: 1.0, min_distance_km: 1, modes: [car]",
    )


def test_trips_after_an_undefined_drive_depart_when_their_distance_is_driven(tmp_path):
    answer = planner("validate", equil(tmp_path, "scenarios_equil_plans100.xml"))
    assert answer.code == 0, answer
    assert "200 long-haul trips" in answer.said
    wanted = "trips that depart after a drive whose time the plans do not state (101)"
    assert wanted in answer.said


def test_plans_of_links_alone_are_refused_with_the_reason(tmp_path):
    answer = planner("validate", equil(tmp_path, "evDetour_triple-charger-plan.xml"))
    assert answer.code == 2, answer
    assert "plans with links or facilities alone" in answer.complained


def test_rows_of_parts_that_the_reader_dropped_are_left_out_and_counted():
    answer = planner("validate", real("two-part-network/case.yaml"))
    assert answer.code == 0, answer
    assert "(1, with 100,000 trucks a year, 33.3 % of all)" in answer.said
