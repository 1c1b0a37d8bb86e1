"""Points that stand or are announced, from the federal register and from tables of points."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest

from planner.errors import InputDataError
from planner.network.existing_points import with_existing_points
from planner.network.site_attachment import snap_sites
from planner.network.site_tables import TableDefaults, TableLayout, read_site_table
from planner.scenario.existing_points import ExistingPoints

TITLES = (
    "Ladesäulenregister Bundesnetzagentur",
    "",
    "Hinweis:",
    "Nur Ladeeinrichtungen, deren Betreiber zugestimmt haben;; siehe unten.",
    "Letzte Aktualisierung vom: 01.09.2026",
    "",
)
HEADER = [
    "Ladeeinrichtungs-ID", "Betreiber", "Anzeigename (Karte)", "Status",
    "Art der Ladeeinrichtung", "Anzahl Ladepunkte", "Nennleistung Ladeeinrichtung [kW]",
    "Inbetriebnahmedatum", "Straße", "Hausnummer", "Adresszusatz", "Postleitzahl", "Ort",
    "Breitengrad", "Längengrad", "Standortbezeichnung",
    "Steckertypen1", "Nennleistung Stecker1", "Steckertypen2", "Nennleistung Stecker2",
]  # fmt: skip
MCS, CCS = "DC Megawatt Charging System (MCS)", "DC Fahrzeugkupplung Typ Combo 2 (CCS)"


def station(operator, name, plugs, lat, lon, **other):
    """A row of the register."""
    cells = dict.fromkeys(HEADER, "") | {
        "Betreiber": operator,
        "Anzeigename (Karte)": name,
        "Status": "In Betrieb",
        "Anzahl Ladepunkte": str(len(plugs)),
        "Inbetriebnahmedatum": "03.02.2025",
        "Breitengrad": str(lat).replace(".", ","),
        "Längengrad": str(lon).replace(".", ","),
    }
    for number, (plug, kw) in enumerate(plugs[:2], start=1):
        cells[f"Steckertypen{number}"] = plug
        cells[f"Nennleistung Stecker{number}"] = kw
    return [(cells | other)[name] for name in HEADER]


def register(*rows, titles=TITLES, header=HEADER):
    """The register's file as text."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for line in titles:
        out.write(line + "\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


STATIONS = (
    station("Milence DE", "Hub Süd", [(CCS, "400"), (CCS, "400")], 50.0, 9.26),
    station("Stadtwerk", "Rasthof", [(MCS, "1200; 22"), (f"{CCS}; AC Typ 2", "150")], 50.01, 9.25),
    station("Stadtwerk", "Lkw-Hof\nNord", [(CCS, "350"), ("AC Typ 2 Steckdose", "22")], 50.0, 9.74),
    station("Stadtwerk", "Foodtruckplatz", [(CCS, "400")], 50.0, 9.74),
    station("Milence DE", "Fern", [(CCS, "400"), (CCS, "400")], 51.0, 9.74),
    station("Milence DE", "Zu", [(CCS, "400")], 50.0, 9.74, Status="Außer Betrieb"),
    station("Milence DE", "Ohne Ort", [(CCS, "400")], "", 9.74),
    station(
        "Milence DE", "Vier", [(CCS, ""), (CCS, "")], 50.0, 9.76,
        **{"Anzahl Ladepunkte": "4", "Nennleistung Ladeeinrichtung [kW]": "1600"},
    ),
)  # fmt: skip


@pytest.fixture
def sites(write, west_east_graph):
    text = "id,lon,lat\nA,9.25,50.0\nB,9.75,50.0\nC,9.5,50.0\n"
    table = read_site_table(
        write("sites.csv", text), TableLayout(), TableDefaults("one", 0.4), west_east_graph
    )
    return snap_sites(table, west_east_graph, 10.0, "sites.csv")[0]


@pytest.fixture
def found(write, sites):
    def read(text, name="points.csv", **keys):
        settings = ExistingPoints(path=write(name, text), **keys)
        changed, said = with_existing_points(settings, sites)
        return changed, "; ".join(said)

    return read


def test_truck_stations_of_the_register_are_lower_bounds_at_the_nearest_site(found):
    sites, said = found(register(*STATIONS))
    # A: 2 of Milence at 400 kW and the megawatt one; the station's weaker plug is an overnight one.
    assert sites.existing_hpc.tolist() == [3, 5, 0]
    assert sites.existing_lpc.tolist() == [1, 0, 0]
    assert sites.announced_hpc.tolist() == [0, 0, 0]
    assert "5 of 8 rows of points.csv of 01.09.2026 have" in said
    assert "10 high-power and 1 overnight ones stand" in said
    assert "by a megawatt connector 1, by the operator 3 (Milence), by words in the name 1" in said
    assert "power of 4 points guessed" in said
    assert "places farther than 3 km from every site (1, with 2 high-power and 0 overnight" in said
    assert "Fern (9.740, 51.000)" in said
    assert "left out: stations for trucks without a position (1)" in said
    assert "stations for trucks that are out of use (1)" in said
    assert "less than an overnight point (1)" in said


def test_the_layout_before_2023_in_windows_text_is_read_too(sites, write):
    names = {"Anzeigename (Karte)": "Standortbezeichnung", "Standortbezeichnung": "Alt"}
    header = [names.get(name, name).replace("Nennleistung Stecker1", "P1 [kW]") for name in HEADER]
    path = write("old.csv", "")
    path.write_bytes(register(STATIONS[2], titles=(), header=header).encode("cp1252"))
    changed, _ = with_existing_points(ExistingPoints(path=path), sites)
    assert changed.existing_hpc.tolist() == [0, 1, 0]


def test_points_count_from_the_year_in_which_they_open(found):
    late = station("Milence", "Neu", [(CCS, "400")], 50.0, 9.25, Inbetriebnahmedatum="01.01.2029")
    early, _ = found(register(STATIONS[0], late), year=2028)
    assert early.existing_hpc.tolist() == [2, 0, 0]
    assert early.announced_hpc.tolist() == [1, 0, 0]
    then, _ = found(register(STATIONS[0], late), year=2029)
    assert then.existing_hpc.tolist() == [3, 0, 0]


TABLE = """name,operator,country,lon,lat,chargePoints,maxKw,type,status,opening_year,vehicles
Hub,X,DE,9.25,50.0,4,400,,live,2024,lorry
Night,X,DE,9.25,50.0,6,100,,live,2024,lorry
New,X,DE,9.75,50.0,8,,mcs,announced,2028,lorry
Cars,X,DE,9.75,50.0,8,300,,live,2024,car
Abroad,X,NL,9.75,50.0,8,400,,live,2024,lorry
"""


def test_a_table_of_points_tells_what_stands_and_what_is_announced(found):
    sites, said = found(TABLE, country="de")
    assert sites.existing_hpc.tolist() == [4, 0, 0]
    assert sites.existing_lpc.tolist() == [6, 0, 0]
    assert sites.announced_hpc.tolist() == [0, 8, 0]
    assert "left out: rows that are not for trucks (1)" in said
    assert "left out: rows of other countries (1)" in said


def test_announced_points_may_stand_by_the_year_that_is_planned(found):
    by = {
        year: found(TABLE, country="DE", announced="stand", year=year)[0].existing_hpc[1]
        for year in (2027, 2028)
    }
    assert by == {2027: 0, 2028: 8}


def test_the_table_of_sites_and_the_points_nearby_count_by_the_higher_number(sites, write):
    settings = ExistingPoints(path=write("points.csv", TABLE), country="DE")
    told = replace(sites, existing_hpc=np.array([9, 1, 0]))
    assert with_existing_points(settings, told)[0].existing_hpc.tolist() == [9, 1, 0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<!DOCTYPE html><html>\n<body>gone</body></html>\n", "found a web page in row 1"),
        ("lon,lat,maxKw\n9.5,50.0,\n", "every row needs power_kw, or kind"),
        ("lon,lat,maxKw\n50.0,9.5,400\n50.1,9.4,400\n", "look swapped"),
        ("lon,lat,maxKw\n9.5,50.0,400000\n", "at most 20,000 kW"),
        ("lon,lat,maxKw,country\n9.5,50.0,400,NL\n", "found 'NL'"),
    ],
)
def test_a_file_that_tells_no_points_is_refused(found, text, message):
    with pytest.raises(InputDataError, match=message):
        found(text, country="DE" if "NL" in text else None)


def publication(*sites):
    """A static DATEX II publication."""
    table = {"energyInfrastructureSite": list(sites)}
    told = {"publicationTime": "2026-09-01T00:00:00Z", "energyInfrastructureTable": [table]}
    return {"payload": {"aegiEnergyInfrastructureTablePublication": told}}


def datex_site(lon, plug, watts, vehicle="car", n_points=1):
    """A site with one station; some of its points are counted only."""
    point = {"connector": [{"connectorType": {"value": plug}, "maxPowerAtSocket": watts}]}
    place = {"coordinatesForDisplay": {"latitude": 50.0, "longitude": lon}}
    return {
        "idG": f"S{lon}",
        "locationReference": {"locAreaLocation": place},
        "operator": {"afacAnOrganisation": {"name": {"values": [{"value": "Stadtwerk"}]}}},
        "dedicatedParkingSpaces": [
            {"applicableForVehicles": [{"vehicleType": {"value": vehicle}}]}
        ],
        "energyInfrastructureStation": [
            {
                "totalMaximumPower": n_points * 400_000.0,
                "numberOfRefillPoints": n_points,
                "refillPoint": [{"aegiElectricChargingPoint": point}],
            }
        ],
    }


@pytest.mark.parametrize("in_envelope", [False, True])
def test_a_national_access_point_tells_sites_with_spaces_for_lorries(found, in_envelope):
    told = publication(
        datex_site(9.25, "iec62196T2COMBO", 400_000.0, "lorry", 3),
        datex_site(9.5, "iec62196T2COMBO", 400_000.0),
        datex_site(9.75, "mcs", 1_000_000.0),
    )
    if in_envelope:
        told = {"messageContainer": {"payload": [told["payload"]]}}
    sites, said = found(json.dumps(told), name="afir.json")
    assert sites.existing_hpc.tolist() == [3, 1, 0]
    assert "2 of 3 rows of afir.json of 2026-09-01" in said
    assert "power of 2 points guessed" in said
