import gzip
import math

import numpy as np
import pytest

from planner.demand.matsim_plans import PlanFilter, read_matsim_plans
from planner.errors import InputDataError

CRS = "EPSG:25832"
DOCTYPE = '<!DOCTYPE population SYSTEM "http://www.matsim.org/files/dtd/population_v6.dtd">'
ALL = PlanFilter()


def population(*persons, attributes=""):
    return f'<?xml version="1.0"?>{DOCTYPE}<population>{attributes}{"".join(persons)}</population>'


def plan(*elements, selected="yes"):
    return f'<plan selected="{selected}">{"".join(elements)}</plan>'


def activity(kind="loaded", x=500_000, y=5_500_000, **attributes):
    further = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<activity type="{kind}" x="{x}" y="{y}"{further}/>'


def leg(mode="truck", trav_time=None, **attributes):
    further = "".join(f' {key}="{value}"' for key, value in attributes.items())
    route = f'<route type="links" trav_time="{trav_time}">1 2</route>' if trav_time else ""
    return f'<leg mode="{mode}"{further}>{route}</leg>'


def person(*plans, name="p1", subpopulation=None):
    attribute = (
        f'<attributes><attribute name="subpopulation" class="java.lang.String">{subpopulation}'
        "</attribute></attributes>"
        if subpopulation
        else ""
    )
    return f'<person id="{name}">{attribute}{"".join(plans)}</person>'


def truck(name="p1", **start):
    start = {"end_time": "10:30:00"} | start
    return person(plan(activity(**start), leg(), activity(y=6_000_000)), name=name)


@pytest.fixture
def read(tmp_path):
    def run(text, crs=CRS, chosen=ALL, initial_soc=None):
        path = tmp_path / "plans.xml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_matsim_plans(path, crs, chosen, initial_soc)

    return run


def test_a_trip_leads_from_one_activity_to_the_next(read):
    records, notices = read(population(truck(), truck("p2", kind="unloaded", end_time="49:00:00")))
    assert records.departure_h.tolist() == [10.5, 49.0]
    assert records.is_loaded.tolist() == [1, 0]
    np.testing.assert_allclose(records.origin_lon, 9.0, atol=1e-9)
    assert (records.destination_lat > records.origin_lat + 4.0).all()
    assert notices == ()


def test_the_selected_plan_alone_counts(read):
    other = plan(activity(end_time="01:00:00"), leg(), activity(), selected="no")
    chosen = plan(activity(end_time="02:00:00"), leg(), activity())
    records, _ = read(population(person(other, chosen, other)))
    assert records.departure_h.tolist() == [2.0]


def test_stages_belong_to_the_trip_and_chains_make_several(read):
    day = plan(
        activity("depot", end_time="06:00:00"),
        leg("walk", trav_time="00:10:00"),
        activity("truck interaction", max_dur="00:00:00"),
        leg("truck", trav_time="02:00:00"),
        activity("unloading", max_dur="00:30:00"),
        leg("truck", dep_time="23:59:59"),
        activity("depot"),
    )
    records, _ = read(population(person(day)))
    # The second departure is arrival and stay: 6:00 + 0:10 + 2:00 + 0:30.
    np.testing.assert_allclose(records.departure_h, [6.0, 8.0 + 40 / 60])
    assert records.is_loaded.tolist() == [-1, -1]


def test_a_leg_says_the_departure_where_the_activity_does_not(read):
    records, _ = read(population(person(plan(activity(), leg(dep_time="07:15"), activity()))))
    assert records.departure_h.tolist() == [7.25]


def test_modes_and_subpopulations_choose(read):
    car = person(plan(activity(end_time="08:00:00"), leg("car"), activity()), name="car")
    freight = person(
        plan(activity(end_time="09:00:00"), leg("truck"), activity()),
        name="freight",
        subpopulation="freight",
    )
    text = population(car, freight)
    assert read(text, chosen=PlanFilter(modes=("truck",)))[0].departure_h.tolist() == [9.0]
    chosen = PlanFilter(subpopulations=("freight",))
    assert read(text, chosen=chosen)[0].departure_h.tolist() == [9.0]
    with pytest.raises(InputDataError, match=r"none to use\. It holds no trip of the chosen"):
        read(text, chosen=PlanFilter(modes=("bike",)))


def test_the_file_says_its_own_coordinate_system(read):
    attributes = (
        '<attributes><attribute name="coordinateReferenceSystem" class="java.lang.String">GK4'
        "</attribute></attributes>"
    )
    here = activity(x=4_500_000, y=5_800_000, end_time="01:00:00")
    there = activity(x=4_500_000, y=5_400_000)
    records, _ = read(population(person(plan(here, leg(), there)), attributes=attributes), crs=None)
    np.testing.assert_allclose(records.origin_lon, 12.0, atol=0.01)


def test_gzip_and_version_5_are_read(read):
    text = population(truck()).replace("activity", "act")
    assert read(gzip.compress(text.encode()))[0].n_records == 1


def test_initial_charge_comes_by_person(read):
    records, _ = read(population(truck("a"), truck("b")), initial_soc={"b": 0.7})
    assert math.isnan(records.initial_soc_share[0])
    assert records.initial_soc_share[1] == 0.7


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (person(name="bad"), "persons without a selected plan"),
        (person(plan(selected="no"), plan(selected="no"), name="bad"), "without a selected plan"),
        (truck("bad").replace(' x="500000"', ""), "an end without x and y"),
        (truck("bad").replace(' end_time="10:30:00"', ""), "trips without a departure time"),
        (truck("bad", x="west"), "an end or a time that is not a number"),
        (truck("bad", x="NaN"), "an end or a time that is not a number"),
        (truck("bad", end_time="noon"), "an end or a time that is not a number"),
        (truck("bad", end_time="-05:00:00"), "an end or a time that is not a number"),
    ],
)
def test_what_is_no_trip_is_counted_and_named(read, broken, reason):
    records, notices = read(population(truck("good"), broken))
    assert records.n_records == 1
    (notice,) = notices
    assert reason in notice
    assert "plans.xml: 1 " in notice
    assert "(person bad); left out." in notice


def test_an_end_off_the_globe_is_counted(read):
    records, notices = read(population(truck("good"), truck("bad", x="1e30")))
    assert records.n_records == 1
    assert (
        "1 trips with an end that its coordinates cannot place on the globe (trip 2)" in notices[0]
    )


BOMB = population(truck()).replace(
    'population_v6.dtd">', 'population_v6.dtd" [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
)


@pytest.mark.parametrize(
    ("text", "crs", "message"),
    [
        ("", CRS, "the file is empty"),
        (population(), CRS, "expected trips between activities, found none"),
        (population(truck())[:-30], CRS, "not well-formed XML"),
        (gzip.compress(population(truck()).encode())[:-20], CRS, "cut off or damaged"),
        (BOMB, CRS, "DOCTYPE declares entities"),
        ("<network><nodes/></network>", CRS, "expected <population> as the outermost element"),
        (population(truck()), None, "does not say its coordinate system; set demand.crs"),
        (population(truck()), "Atlantis", r"demand.crs: expected a coordinate .*'Atlantis'"),
        (population(truck(x=9, y=50)), CRS, "found degrees such as"),
        (population(truck(x="1e30")), CRS, "no end can be placed on the globe"),
    ],
)
def test_broken_files_are_named(read, text, crs, message):
    with pytest.raises(InputDataError, match=message):
        read(text, crs=crs)
