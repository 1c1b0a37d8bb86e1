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
    def run(text, crs=CRS, chosen=ALL, initial_soc=None, network=None):
        path = tmp_path / "plans.xml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_matsim_plans(path, crs, chosen, initial_soc, network)

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
    with pytest.raises(InputDataError, match=r"no legs of mode bike; there are car \(1\), truck"):
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
    assert notice.startswith("plans.xml: left out: ")
    assert "(1: bad)." in notice


def test_an_end_off_the_globe_is_counted(read):
    records, notices = read(population(truck("good"), truck("bad", x="1e30")))
    assert records.n_records == 1
    assert "an end that its coordinates cannot place on the globe (1: 2)" in notices[0]


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


def drive(mode="truck", distance=None, vehicle=None, **attributes):
    """A leg with a route of which the travel time is not known."""
    further = "".join(f' {key}="{value}"' for key, value in attributes.items())
    stated = f' distance="{distance}"' if distance else ""
    driven = f' vehicleRefId="{vehicle}"' if vehicle else ""
    return f'<leg mode="{mode}"{further}><route trav_time="undefined"{stated}{driven}/></leg>'


@pytest.mark.parametrize("travel_time", ["undefined", "-Infinity"])
def test_an_unknown_travel_time_is_taken_from_the_distance_before_a_stay(read, travel_time):
    """6:00, 40 km at 80 km/h, a stay of 10 min; the drive of no length then takes no time."""
    day = plan(
        activity(end_time="06:00:00"),
        drive(distance=40_000.0).replace("undefined", travel_time),
        activity(max_dur="00:10:00"),
        drive(distance=0.0),
        activity(max_dur="03:30:00"),
        drive(distance=65_000.0),
        activity(),
    )
    records, notices = read(population(person(day)))
    np.testing.assert_allclose(records.departure_h, [6.0, 6.0 + 40 / 60, 10.0 + 10 / 60])
    (notice,) = notices
    assert "trips that depart after a drive whose time the plans do not state (2)" in notice
    assert "from its distance, at 80 km/h." in notice


def test_a_plan_begins_at_midnight_with_a_stay(read):
    day = plan(activity(max_dur="03:00:00"), leg(), activity(y=5_580_000, max_dur="1:00:00"), leg())
    records, _ = read(population(person(day.replace("</plan>", activity() + "</plan>"))))
    # Without a route the way is 1.3 times the straight 80 km.
    np.testing.assert_allclose(records.departure_h, [3.0, 3.0 + 1.3 + 1.0])


def test_straight_ways_in_degrees_are_measured_on_the_globe(read):
    stops = [activity(x=9, y=50 + n, max_dur="00:00:00") for n in range(3)]
    day = plan(stops[0], leg(), stops[1], leg(), stops[2])
    records, _ = read(population(person(day)), crs="EPSG:4326")
    np.testing.assert_allclose(records.departure_h, [0.0, 1.3 * 111.2 / 80], rtol=1e-3)


def test_a_stated_departure_goes_before_an_estimated_one(read):
    later = drive(distance=1000, dep_time="12:00:00")
    day = plan(activity(end_time="06:00:00"), drive(distance=40_000), activity(max_dur="1:00:00"))
    day = day.replace("</plan>", f"{later}{activity()}</plan>")
    records, notices = read(population(person(day)))
    assert records.departure_h.tolist() == [6.0, 12.0]
    assert notices == ()


def test_stages_take_the_time_that_they_state(read):
    day = plan(
        activity(end_time="06:00:00"),
        leg(trav_time="01:00:00"),
        activity("car charging interaction", max_dur="00:45:00"),
        leg(trav_time="01:00:00"),
        activity(max_dur="00:15:00"),
        leg(),
        activity(),
    )
    assert read(population(person(day)))[0].departure_h.tolist() == [6.0, 9.0]


@pytest.mark.parametrize(
    ("vehicle", "truck_of"),
    [
        ("p1", {}),
        ("p1_truck", {}),
        ("veh_7", {"attribute": '{"car": "x", "truck": "veh_7"}'}),
        ("veh_8", {"route": "veh_8"}),
    ],
)
def test_the_initial_charge_is_found_by_the_ids_that_matsim_gives(read, vehicle, truck_of):
    driving = plan(activity(end_time="1:00"), drive(vehicle=truck_of.get("route")), activity())
    driver = person(driving, subpopulation="freight")
    if "attribute" in truck_of:
        mapped = (
            '<attribute name="vehicles" class="org.matsim.vehicles.PersonVehicles">'
            f"{truck_of['attribute']}</attribute></attributes>"
        )
        driver = driver.replace("</attributes>", mapped)
    records, notices = read(population(driver), initial_soc={vehicle: 0.5, "other": 0.9})
    assert records.initial_soc_share.tolist() == [0.5]
    (notice,) = notices
    assert (
        "vehicles of demand.vehicles with an initialSoc that belong to no trip (1: other)" in notice
    )


def test_vehicles_of_nobody_are_told(read):
    with pytest.raises(InputDataError, match=r"persons such as p1; vehicles such as q1_truck"):
        read(population(truck()), initial_soc={"q1_truck": 0.5})


def test_an_attribute_vehicles_that_is_no_json_is_named_with_its_person(read):
    wrong = '<attribute name="vehicles" class="x">{"truck": 7}</attribute></attributes>'
    whole = population(truck()).replace('<person id="p1">', f'<person id="p1"><attributes>{wrong}')
    with pytest.raises(InputDataError, match="person p1: expected an attribute vehicles such as"):
        read(whole, initial_soc={"p1": 0.5})


def test_a_subpopulation_that_is_not_there_is_named_with_those_that_are(read):
    goods = person(plan(activity(end_time="1:00"), leg(), activity()), subpopulation="freight")
    text = population(goods, goods, truck("other"))
    with pytest.raises(InputDataError) as caught:
        read(text, chosen=PlanFilter(subpopulations=("longDistanceFreight",)))
    assert "no persons of subpopulation longDistanceFreight" in str(caught.value)
    assert "there are freight (2), none stated (1)." in str(caught.value)
    _, notices = read(text, chosen=PlanFilter(subpopulations=("freight", "long")))
    assert any("no persons of subpopulation long; there are" in said for said in notices)


@pytest.mark.parametrize(
    ("outermost", "says"),
    [
        ("carriers", "freight extension.*output_plans"),
        ('carriers xmlns="http://www.matsim.org/files/dtd"', "freight extension.*output_plans"),
        ("plans", "version 4 or older; convert it to version 6"),
        ("network", "a MATSim network; it is the path of network"),
        ("events", "events of a MATSim run"),
        ("facilities", "MATSim facilities"),
        ("osm", "OpenStreetMap"),
        ("html", "web page; download"),
        ("strange", "found <strange>; check it"),
    ],
)
def test_another_kind_of_xml_is_answered_with_what_it_is(read, outermost, says):
    with pytest.raises(InputDataError, match=rf"expected <population> .*{says}"):
        read(f"<{outermost}>{truck()}</{outermost.split()[0]}>")


def link_alone(link, **attributes):
    further = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<activity type="loaded" link="{link}"{further}/>'


ON_LINKS = person(plan(link_alone("l1", end_time="01:00:00"), leg(), link_alone("l2")))


@pytest.fixture
def network(tmp_path):
    def write(crs=None, factor=1.0):
        attribute = f'<attribute name="coordinateReferenceSystem" class="x">{crs}</attribute>'
        nodes = {"a": (500_000, 5_500_000), "b": (500_000, 5_600_000), "c": (500_000, 6_000_000)}
        text = "".join(
            f'<node id="{name}" x="{x * factor}" y="{y * factor}"/>'
            for name, (x, y) in nodes.items()
        )
        links = '<link id="l1" from="a" to="b"/><link id="l2" from="b" to="c"/>'
        links += '<link id="gone" from="b" to="z"/>'
        path = tmp_path / "network.xml"
        head = f"<attributes>{attribute}</attributes>" if crs else ""
        path.write_text(f"<network>{head}<nodes>{text}</nodes><links>{links}</links></network>")
        return path

    return write


def test_activities_with_a_link_alone_lie_in_its_middle(read, network):
    whole, _ = read(
        population(
            person(plan(activity(y=5_550_000, end_time="1:00"), leg(), activity(y=5_800_000)))
        )
    )
    records, notices = read(population(ON_LINKS), network=network())
    assert records.origin_lat == pytest.approx(whole.origin_lat)
    assert records.destination_lat == pytest.approx(whole.destination_lat)
    assert "activities without x and y (2)" in notices[0]


def test_the_network_says_the_system_where_the_plans_do_not(read, network):
    records, _ = read(population(ON_LINKS), crs=None, network=network(CRS))
    np.testing.assert_allclose(records.origin_lon, 9.0, atol=1e-9)


def test_a_network_in_another_system_is_turned_into_that_of_the_plans(read, network):
    mixed = person(plan(activity(y=5_550_000, end_time="1:00"), leg(), link_alone("l2")))
    path = network("EPSG:25832")
    in_degrees = path.read_text()
    for x, y, lon, lat in (
        (500_000.0, 5_600_000.0, 9.0, 50.55),
        (500_000.0, 6_000_000.0, 9.0, 54.15),
    ):
        in_degrees = in_degrees.replace(f'x="{x}" y="{y}"', f'x="{lon}" y="{lat}"')
    path.write_text(in_degrees.replace("EPSG:25832", "EPSG:4326"))
    records, _ = read(population(mixed), network=path)
    np.testing.assert_allclose(records.destination_lon, 9.0, atol=1e-6)
    np.testing.assert_allclose(records.destination_lat, 52.35, atol=0.01)


def test_what_to_add_is_told_where_activities_have_links_alone(read, network):
    with pytest.raises(
        InputDataError, match=r"Name the MATSim network of the plans as demand\.net"
    ):
        read(population(ON_LINKS))
    for link in ("l9", "gone"):
        elsewhere = person(plan(link_alone(link, end_time="1:00"), leg(), link_alone(link)))
        with pytest.raises(InputDataError, match="give the network of the same run"):
            read(population(elsewhere), network=network())


def test_the_time_of_a_drive_between_links_is_estimated_from_their_places(read, network):
    day = plan(
        link_alone("l1", end_time="06:00:00"),
        leg(),
        link_alone("l2", max_dur="00:30:00"),
        leg(),
        link_alone("l1"),
    )
    records, _ = read(population(person(day)), network=network())
    assert records.departure_h[1] > 9.5
