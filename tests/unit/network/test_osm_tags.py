import pytest

from planner.network.osm_tags import (
    closed_to_trucks,
    driving_directions,
    lanes_per_direction,
    road_classes,
    road_reference,
    truck_free_speed_kmh,
)

MOTORWAY = {"highway": "motorway"}


@pytest.mark.parametrize(
    ("tags", "speed_kmh"),
    [
        ({}, 130.0),
        ({"maxspeed": "100"}, 100.0),
        ({"maxspeed": "none"}, 130.0),
        ({"maxspeed": "60 mph"}, 96.56),
        ({"maxspeed": "100;80"}, 80.0),
        ({"maxspeed": "DE:motorway"}, 130.0),
        ({"maxspeed": "0"}, 130.0),
        ({"maxspeed": "120", "maxspeed:hgv": "80"}, 80.0),
        ({"maxspeed": "60", "maxspeed:hgv": "80"}, 60.0),
        ({"maxspeed:hgv": "signals"}, 130.0),
        ({"highway": "motorway_link"}, 60.0),
    ],
)
def test_the_lower_limit_makes_the_speed(tags, speed_kmh):
    assert truck_free_speed_kmh(MOTORWAY | tags) == pytest.approx(speed_kmh, abs=0.01)


@pytest.mark.parametrize(
    ("tags", "closing"),
    [
        ({}, None),
        ({"hgv": "no"}, "hgv=no"),
        ({"access": "no", "hgv": "designated"}, None),
        ({"hgv": "destination"}, "hgv=destination"),
        ({"access": "private"}, "access=private"),
        ({"access": "no", "motor_vehicle": "yes"}, None),
        ({"motor_vehicle": "no"}, "motor_vehicle=no"),
    ],
)
def test_the_most_specific_tag_decides_whether_trucks_may_drive(tags, closing):
    assert closed_to_trucks(MOTORWAY | tags) == closing


@pytest.mark.parametrize(
    ("tags", "directions"),
    [
        ({}, (True, False)),
        ({"highway": "motorway_link"}, (True, False)),
        ({"highway": "motorway_link", "oneway": "no"}, (True, True)),
        ({"highway": "trunk"}, (True, True)),
        ({"highway": "trunk", "junction": "roundabout"}, (True, False)),
        ({"oneway": "-1"}, (False, True)),
        ({"oneway": "reversible"}, (False, False)),
    ],
)
def test_motorways_are_one_way_unless_a_tag_says_otherwise(tags, directions):
    assert driving_directions(MOTORWAY | tags) == directions


def test_of_several_references_the_first_names_the_road():
    assert road_reference(MOTORWAY | {"ref": "A 7;E 45"}) == "A7"
    assert road_reference(MOTORWAY) == ""
    assert road_reference({"highway": "trunk_link", "ref": "B 3"}) == "access ramp"


def test_trunk_roads_are_read_on_request():
    assert road_classes(include_trunk=False) == ("motorway", "motorway_link")
    assert "trunk_link" in road_classes(include_trunk=True)


@pytest.mark.parametrize(
    ("tags", "lanes"),
    [
        ({}, 0),
        ({"lanes": "3"}, 3),
        ({"lanes": "2;3"}, 0),
        ({"lanes": "4", "oneway": "no"}, 2),
        ({"lanes": "3", "oneway": "no"}, 2),
    ],
)
def test_lanes_count_in_each_direction(tags, lanes):
    assert lanes_per_direction(MOTORWAY | tags) == lanes
