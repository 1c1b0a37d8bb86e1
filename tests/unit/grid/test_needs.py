"""Peaks along levels against what was requested, with figures worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from planner.grid.connection_rules import ConnectionRules, read_connection_rules
from planner.grid.needs import GridNeeds, Level, grid_needs, passing_shares
from planner.network.site_tables import TableDefaults, TableLayout, read_site_table
from tests.unit.afir.test_spacing import A, B, road

if TYPE_CHECKING:
    from pathlib import Path

RULES = read_connection_rules()
REQUESTED = [4000.0, 30_000.0, np.nan, 1000.0]
OPERATORS = ["North", "South", "South", ""]


def level(share: float, peaks: list[float], together: dict[str, float]) -> Level:
    sites = pd.DataFrame(
        {"site_id": list("abcd"), "n_hpc": 2.0, "n_lpc": 1.0, "peak_power_kw": peaks}
    )
    groups = pd.DataFrame(
        {
            "grouping": ["all", *["grid_operator_hv"] * 3],
            "group": ["all", "North", "South", "unknown"],
            "n_sites": [4.0, 1.0, 2.0, 1.0],
            "n_hpc": 2.0,
            "n_lpc": 1.0,
            "energy_day_mwh": 24.0,
            "simultaneous_peak_kw": list(together.values()),
            "sum_of_site_peaks_kw": 1.0,
        }
    )
    return Level(f"{share:.0%}", share, sites, groups)


def needs(this_year: int = 2026) -> GridNeeds:
    """Two levels of four sites: one outgrows its request, one has none, one is never used."""
    places = pd.DataFrame(
        {
            "site_id": list("abcd"),
            **dict.fromkeys(["name", "road", "region", "grid_operator_mv"], ""),
            "lon": 0.0,
            "lat": 50.0,
            "grid_operator_hv": OPERATORS,
            "requested_kw": REQUESTED,
        }
    )
    low = level(0.04, [2000.0, 5000.0, 3000.0, 0.0], {"a": 8e3, "n": 2e3, "s": 7e3, "u": 0.0})
    high = level(0.16, [6000.0, 9000.0, 7000.0, 0.0], {"a": 18e3, "n": 6e3, "s": 15e3, "u": 0.0})
    return grid_needs([low, high], places, RULES, this_year)


def test_a_peak_passes_its_connection_between_two_levels_in_proportion() -> None:
    shares = np.array([0.04, 0.16])
    peaks = np.array([[2000.0, 2000.0, 2000.0, 2000.0], [6000.0, 6000.0, 6000.0, 1000.0]])
    limits = np.array([4000.0, 1000.0, 7000.0, np.nan])
    found = passing_shares(shares, peaks, limits)
    np.testing.assert_allclose(found, [0.10, 0.02, np.nan, np.nan])


def test_years_follow_the_path_and_end_with_it() -> None:
    years = RULES.uptake.years_of(np.array([0.001, 0.04, 0.10, 0.16, 0.99, np.nan]))
    np.testing.assert_allclose(years, [2025.0, 2027.0, 2028.5, 2030.0, np.nan, np.nan])


def test_each_site_is_asked_for_what_it_needs_beyond_its_request() -> None:
    sites = needs().sites.set_index("site_id")
    assert sites["to_request_kw"].tolist() == [2000.0, 0.0, 7000.0, 0.0]
    assert sites["connection_class"].tolist() == [
        "own medium-voltage feeder from the substation",
        "own medium-voltage feeder from the substation",
        "own medium-voltage feeder from the substation",
        "",
    ]
    assert sites.loc["a", "source"].startswith("above 5 MW (assumed); ")
    assert sites.loc["a", "passing_year"] == "2028"
    # 2028.5 less 30 months
    assert sites.loc["a", "request_by_year"] == "2026"
    assert sites["state"].tolist() == ["now", "enough", "now", "unused"]
    assert needs(2025).sites["state"].tolist() == ["later", "enough", "now", "unused"]
    assert needs().orders()["site_id"].tolist() == ["c", "a"]


def test_groups_add_up_their_requests_and_take_the_peak_of_the_summed_load() -> None:
    of_operators = needs().highest("grid_operator_hv").set_index("group")
    assert list(of_operators.index) == ["South", "North", "unknown"]
    assert of_operators["requested_kw"].tolist() == [30_000.0, 4000.0, 1000.0]
    assert of_operators["peak_share"].tolist() == pytest.approx([0.5, 1.5, 0.0])
    assert of_operators["mean_load_share"].tolist() == pytest.approx([1 / 30, 0.25, 1.0])
    assert of_operators["n_sites_beyond"].tolist() == [1, 1, 0]
    assert of_operators["passing_level_share"].tolist() == pytest.approx(
        [np.nan, 0.10, np.nan], nan_ok=True
    )
    whole = needs().highest("all").iloc[0]
    assert whole["to_request_kw"] == needs().sites["to_request_kw"].sum() == 9000.0


@pytest.mark.parametrize(
    ("power_kw", "name"),
    [(300.0, "low voltage"), (301.0, "medium-voltage ring"), (20_001.0, "high voltage, 110 kV"),
     (1e6, "extra-high voltage")],
)  # fmt: skip
def test_a_power_asks_for_the_smallest_kind_that_carries_it(power_kw: float, name: str) -> None:
    assert RULES.class_of(power_kw).name == name


def test_kinds_that_leave_a_power_without_one_are_refused() -> None:
    told = RULES.model_dump()
    with pytest.raises(ValueError, match="the last one without"):
        ConnectionRules.model_validate(told | {"classes": told["classes"][:2]})


def test_the_official_requests_stand_beside_the_operators_that_they_went_to(
    official_sites: Path,
) -> None:
    columns = {"id": "site_id", "road": "motorway"}
    graph = road((A, B, 100.0))
    listed = read_site_table(official_sites, TableLayout(columns), TableDefaults(), graph)
    places = listed.reset_index(drop=True).assign(
        region="", requested_kw=listed["grid_connection_kw"].to_numpy()
    )
    named = places["grid_operator_hv"].replace("", "unknown").drop_duplicates()
    groups = pd.DataFrame(
        {
            "grouping": ["all", *["grid_operator_hv"] * len(named)],
            "group": ["all", *named],
            **dict.fromkeys(
                ["n_sites", "n_hpc", "n_lpc", "energy_day_mwh", "simultaneous_peak_kw",
                 "sum_of_site_peaks_kw"],
                0.0,
            ),
        }
    )  # fmt: skip
    quiet = places[["site_id"]].assign(n_hpc=0.0, n_lpc=0.0, peak_power_kw=0.0)
    found = grid_needs([Level("none", np.nan, quiet, groups)], places, RULES, 2026)
    requested = found.groups.set_index("group")["requested_kw"] / 1000.0
    assert requested["all"] == pytest.approx(2928.64)
    # 543.40 and 489.28 with the names that have a hard blank at their end left out
    assert requested["Westnetz GmbH"] == pytest.approx(543.40 + 7.48)
    assert requested["Avacon Netz GmbH"] == pytest.approx(489.28 + 5.72)
    assert requested["Bayernwerk Netz GmbH"] == pytest.approx(456.28)
    assert requested.drop("all").sum() == pytest.approx(requested["all"])
