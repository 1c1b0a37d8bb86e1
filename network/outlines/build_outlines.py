"""Build europe.geojson, the outlines of countries, from Natural Earth.

Run it with the world map that QGIS brings along (on Debian from the package ``qgis-providers`` or
``qgis-common``), or with Natural Earth's own 1:10m countries where they have the columns ``iso_a2``
and ``NAME``. The same source gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pyogrio
import shapely

WORLD_MAP = Path("/usr/share/qgis/resources/data/world_map.gpkg")
# East of 32 degrees borders are disputed, and a planner's map is no place to take sides.
EXTENT = shapely.box(-11.0, 34.0, 32.0, 71.5)
TOLERANCE = 0.03
GRID = 0.001


def main() -> None:
    """Clip, simplify and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, nargs="?", default=WORLD_MAP)
    source = parser.parse_args().source
    countries = pyogrio.read_dataframe(
        source, layer="countries", columns=["iso_a2", "NAME"], bbox=EXTENT.bounds
    )
    countries = countries[countries["NAME"].notna()].sort_values("NAME")
    inside = shapely.intersection(countries.geometry.to_numpy(), EXTENT)
    # Neighbours are simplified together, so that they still share their border.
    outlines = shapely.set_precision(shapely.coverage_simplify(inside, TOLERANCE), GRID)
    features = [
        json.dumps(
            {
                "type": "Feature",
                "properties": {"iso_a2": iso, "name": name},
                "geometry": json.loads(shapely.to_geojson(shapely.normalize(outline))),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for iso, name, outline in zip(countries["iso_a2"], countries["NAME"], outlines, strict=True)
        if not outline.is_empty
    ]
    path = Path(__file__).with_name("europe.geojson")
    path.write_text(
        '{"type":"FeatureCollection","features":[\n' + ",\n".join(features) + "\n]}\n",
        encoding="utf-8",
    )
    n_points = int(shapely.get_num_coordinates(outlines).sum())
    print(f"{len(features)} countries, {n_points} points, {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
