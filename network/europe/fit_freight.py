"""Print what the gravity model of European freight is fitted to: the built-in demand of Germany.

For each exponent: the number of trips and the border factor that meet Germany's trips inside and
over its border, how far the distances of trips inside are off, and its transit against the built-in
one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.demand.calibration import DAYS, german_calibration
from planner.demand.country_flows import LEAST_INSIDE_KM, REFERENCE_KM
from planner.demand.country_places import places_of_europe
from planner.demand.european_freight import european_freight
from planner.demand.passing import ways_between
from planner.network.european_roads import european_roads
from planner.scenario.bundled import bundled_path


def main() -> None:
    """Compare exponents."""
    roads, known = european_roads(), german_calibration()
    places = places_of_europe(roads.graph, ["DE"], european_freight())
    ways = ways_between(roads.graph, places.node_idx, roads.inside(["DE"]))
    home, km = places.is_home, ways.total_km
    long = np.isfinite(km) & (km >= known.min_distance_km)
    pull = np.outer(places.million, places.million)
    domestic, border = np.outer(home, home), np.logical_xor.outer(home, home)
    through = np.outer(~home, ~home) & (ways.inside_km >= LEAST_INSIDE_KM)
    through &= places.country[:, None] != places.country[None, :]
    edges = known.distance_bin_edges_km
    by_bin = np.asarray(known.domestic_trips_percent)
    per_week = known.trips_per_week * by_bin.sum() / 100.0
    over_border = known.trips_per_week - per_week
    transit = pd.read_csv(bundled_path("network/germany/transit.csv"))["trucks_per_working_day"]
    transit_per_week = transit.sum() * 5.0 / sum(known.day_share(day) for day in DAYS[:5])
    print("exponent  trips a week  border factor  distances off, %  transit, share")
    for exponent in np.arange(0.5, 3.01, 0.25):
        trips = np.where(long, pull * (np.where(long, km, 1.0) / REFERENCE_KM) ** -exponent, 0.0)
        inside = trips[domestic]
        share = np.histogram(km[domestic], bins=edges, weights=inside)[0] / inside.sum()
        off = 50.0 * np.abs(share - by_bin / by_bin.sum()).sum()
        factor = per_week / inside.sum()
        at_border = over_border / (factor * trips[border].sum())
        passing = factor * at_border * trips[through].sum() / transit_per_week
        print(f"{exponent:8.2f}  {factor:12.0f}  {at_border:13.3f}  {off:16.1f}  {passing:14.2f}")


if __name__ == "__main__":
    main()
