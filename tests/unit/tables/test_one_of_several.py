"""Sentences of so many things, where it is one."""

from types import SimpleNamespace as Of

import numpy as np
import pytest

from planner.layouts.targets import _enough
from planner.optimization.least_points import WaitTarget
from planner.reporting.depot_report import depot_answer, depot_question
from planner.reporting.national_depot_headline import depots_start
from planner.tables.language import ENGLISH
from tests.languages import GERMAN


def depot(n_trucks, n_stops):
    return Of(inputs=Of(problem=Of(trucks=[None] * n_trucks, n_stops=n_stops)))


@pytest.mark.parametrize(
    ("n_trucks", "n_stops", "english", "german"),
    [
        (
            *(1, 1, "How does 1 electric truck serve 1 stop, and when does it charge?"),
            "Wie beliefert 1 Elektro-Lkw 1 Kunden, und wann lädt er?",
        ),
        (
            *(2, 30, "How do 2 electric trucks serve 30 stops, and when do they charge?"),
            "Wie beliefern 2 Elektro-Lkw 30 Kunden, und wann laden sie?",
        ),
    ],
)
def test_a_depot_of_one_truck_asks_of_one(n_trucks, n_stops, english, german):
    asked = depot(n_trucks, n_stops)
    assert [depot_question(asked, each) for each in (ENGLISH, GERMAN)] == [english, german]


@pytest.mark.parametrize(
    ("n_stops", "n_left", "english", "german"),
    [
        (
            *(1, 0, "One truck serves the only stop with 7.0 kWh and 0 recharges. "),
            "Ein Lkw bedient den einzigen Kunden mit 7,0 kWh und 0 Zwischenladungen. ",
        ),
        (1, 1, "The only stop remains unserved. ", "Der einzige Kunde bleibt unbedient. "),
        (
            *(2, 0, "1 truck serves all 2 stops with 7.0 kWh and 0 recharges. "),
            "1 Lkw bedient alle 2 Kunden mit 7,0 kWh und 0 Zwischenladungen. ",
        ),
    ],
)
def test_the_only_stop_of_a_depot_is_not_all_of_them(n_stops, n_left, english, german):
    power = Of(grid_energy_kwh=9.0, grid_peak_kw=5.0)
    tours = [None] * (n_left == 0)
    driven = Of(tours=tours, unserved=[None] * n_left, energy_kwh=7.0)
    day = Of(dispatch=driven, n_recharges=0, cost_total=3.0, power=power)
    asked = depot(1, n_stops)
    asked.inputs.tariff = Of(currency="EUR")
    asked.chosen, asked.days = day, Of(dispatch_first=day, uncoordinated=day)
    assert depot_answer(asked, ENGLISH).startswith(english)
    assert depot_answer(asked, GERMAN).startswith(german)


@pytest.mark.parametrize(
    ("n_hpc", "english", "german"),
    [
        ([1, 0], "1 high-power charging point at 1 site is", "1 Hochleistungsladepunkt an 1 Stand"),
        ([9, 0], "9 high-power charging points at 1 site are", "9 Hochleistungsladepunkte an 1 St"),
        ([9, 2], "11 high-power charging points at 2 sites are", "11 Hochleistungsladepunkte an 2"),
    ],
)
def test_points_of_one_site_are_enough_at_one(n_hpc, english, german):
    target = WaitTarget(mean_min=5.0)
    said = [_enough(np.array(n_hpc), target, each) for each in (ENGLISH, GERMAN)]
    assert said[0].startswith(english)
    assert said[1].startswith(german)


@pytest.mark.parametrize(("n_depots", "where"), [(1, "at 1 depot. "), (3, "at 3 depots. ")])
def test_trips_of_one_depot_start_at_one(n_depots, where):
    shares = ("arrival_soc_share", "departure_soc_share", "soc_share_without_depots")
    told = dict.fromkeys(shares, 0.5) | {"n_departures": 7, "n_depots": n_depots}
    assert f"7 of 9 trips start {where}" in depots_start({"depots": told, "n_trips": 9}, ENGLISH)
