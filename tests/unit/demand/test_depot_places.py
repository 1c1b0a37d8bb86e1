"""Depots of a list or a table, with what is different at each."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from planner.demand.depot_places import read_depot_places
from planner.errors import InputDataError, ScenarioError
from planner.scenario.national_depots import NationalDepots
from planner.scenario.yaml_files import validated

SHARED = {"study": "depot-demo"}


def section(tmp_path, **keys):
    return validated(TypeAdapter(NationalDepots), SHARED | keys, "test", {"base_dir": tmp_path})


def test_changes_of_all_kinds_reach_the_study(tmp_path):
    changes = {
        "depot.opens": "10:15",
        "depot.horizon_min": 300.5,
        "depot.fleet.all_go": True,
        "depot.site.grid.max_import_kw": None,
        "depot.site.chargers.points": 7,
        "depot.site.building.profile": "l25",
    }
    place = {"id": "A", "lon": 9, "lat": 50, "trucks": 3, "changes": changes}
    (found,) = read_depot_places(section(tmp_path, places=[place]))
    depot = found.study.depot
    assert (depot.opens, depot.horizon_min, depot.fleet.all_go) == ("10:15", 300.5, True)
    assert depot.site.grid.max_import_kw is None
    assert depot.site.chargers.points == 7
    assert depot.site.building.profile == "l25"


def test_a_table_says_the_same(tmp_path):
    (tmp_path / "depots.csv").write_text(
        "id;name;trucks;lon;lat;depot.opens;depot.site.chargers.points;depot.fleet.all_go\n"
        "A;ignored;3;9,5;50,0;10:15;7;true\nB;ignored;2;10,5;51,0;;;\n",
        encoding="utf-8",
    )
    first, second = read_depot_places(section(tmp_path, table="depots.csv"))
    assert (first.place.id, first.place.trucks) == ("A", 3)
    assert (first.place.lon, first.place.lat) == (9.5, 50.0)
    assert first.study.depot.opens == "10:15"
    assert first.study.depot.site.chargers.points == 7
    assert first.study.depot.fleet.all_go
    plain = second.study.depot
    assert (plain.opens, plain.site.chargers.points, plain.fleet.all_go) == ("07:00", 1, False)


def test_faults_of_all_depots_are_told_at_once(tmp_path):
    at = {"lon": 9, "lat": 50, "trucks": 3}
    places = [
        {"id": "A", "changes": {"depot.site.chargers.points": -1}} | at,
        {"id": "B", "changes": {"depot.site.tariff.name": "none-such"}} | at,
        {"id": "C"} | at,
    ]
    with pytest.raises(ScenarioError) as told:
        read_depot_places(section(tmp_path, places=places))
    assert len(told.value.faults) == 2
    assert told.value.faults[0].startswith("A: ")
    assert "points: expected a whole number from 0 to 1000; found -1" in told.value.faults[0]
    assert told.value.faults[1].startswith("B: ")


def test_half_a_truck_is_refused(tmp_path):
    (tmp_path / "depots.csv").write_text("id,trucks,lon,lat\nA,2.5,9,50\n", encoding="utf-8")
    with pytest.raises((InputDataError, ScenarioError), match=r"trucks must be whole .* row 2"):
        read_depot_places(section(tmp_path, table="depots.csv"))


def test_a_thousand_trucks_or_one_is_not_guessed(tmp_path):
    (tmp_path / "depots.csv").write_text("id;trucks;lon;lat\nA;1.000;9.5;50\n", encoding="utf-8")
    with pytest.raises(InputDataError, match="is it 1 or 1000"):
        read_depot_places(section(tmp_path, table="depots.csv"))


def test_columns_of_the_table_may_have_other_names(tmp_path):
    (tmp_path / "depots.csv").write_text("Ort;LKW;lon;lat\nA;3;9,5;50\n", encoding="utf-8")
    table = {"path": "depots.csv", "columns": {"id": "Ort", "trucks": "LKW"}}
    assert read_depot_places(section(tmp_path, table=table))[0].place.trucks == 3
