"""Build states.geojson, outlines of the federal states, from Natural Earth.

Run it with the world map that QGIS brings along (see ``network/outlines/README.md``). The same
source gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pyogrio
import shapely

WORLD_MAP = Path("/usr/share/qgis/resources/data/world_map.gpkg")
TOLERANCE = 0.05
GRID = 0.001


def main() -> None:
    """Choose, simplify and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, nargs="?", default=WORLD_MAP)
    states = pyogrio.read_dataframe(
        parser.parse_args().source, layer="states_provinces", where="iso_a2 = 'DE'"
    ).sort_values("name")
    # Neighbours are simplified together, so that they still share their border.
    outlines = shapely.coverage_simplify(states.geometry.to_numpy(), TOLERANCE)
    outlines = shapely.set_precision(outlines, GRID)
    features = [
        json.dumps(
            {
                "type": "Feature",
                "properties": {"name": name},
                "geometry": json.loads(shapely.to_geojson(shapely.normalize(outline))),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for name, outline in zip(states["name"], outlines, strict=True)
    ]
    path = Path(__file__).with_name("states.geojson")
    path.write_text(
        '{"type":"FeatureCollection","features":[\n' + ",\n".join(features) + "\n]}\n",
        encoding="utf-8",
    )
    print(f"{len(features)} states, {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
