"""Map of what changes at the sites from one plan to another, on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import geopandas as gpd
import shapely

from planner.plan.site_changes import SITE_CHANGES
from planner.reporting.charts.axes import layered, tip
from planner.reporting.charts.look import CHOSEN, INK, PLAIN, ROAD_COLOUR, TRUCKS_SIDE, legible
from planner.reporting.charts.map_frame import frame_around, shown_places

if TYPE_CHECKING:
    import pandas as pd

    from planner.tables.language import Language

_HEIGHT = 620
_NARROWEST_PX = 330.0
"""Width of the map on a telephone."""
_N_PLACES, _NAME_PX = 14, 12.0
_MARGIN_DEGREES = 0.5
_SIMPLIFIED_DEGREES = 0.01
_LARGEST_PX2 = 700.0
_LEGEND: dict[str, Any] = {"orient": "bottom", "direction": "vertical", "titleLimit": 400}
"""Below and upright: side by side they are wider than a telephone."""
_TOLD = SITE_CHANGES.without("site_id", "lon", "lat")


def changes_map(
    changes: pd.DataFrame,
    roads: gpd.GeoDataFrame,
    countries: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    language: Language,
) -> alt.LayerChart:
    """Sites with more and with fewer points: area by how many, colour by which.

    Parameters
    ----------
    changes : DataFrame
        ``SITE_CHANGES``.
    roads, countries : GeoDataFrame
        Lines and areas behind, EPSG:4326.
    places : GeoDataFrame
        Towns, of which the largest have names, as far apart as a telephone needs.
    """
    text = language.text
    words = {1: text("more points"), 0: text("as many points"), -1: text("fewer points")}
    signs = changes["n_hpc_change"].round(9).map(lambda change: (change > 0) - (change < 0))
    data = changes.assign(kind=signs.map(words), size=changes["n_hpc_change"].abs())
    most = max(float(data["size"].max()), 1.0)
    sites = (
        alt.Chart(data)
        .mark_circle(opacity=0.85, stroke="white", strokeWidth=0.5)
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            size=alt.Size("size:Q")
            .title(text("Points more or fewer"))
            .scale(domain=[0, most], range=[12, _LARGEST_PX2])
            .legend(**_LEGEND, format=",.0f", tickCount=min(int(most), 3), symbolFillColor=PLAIN),
            color=alt.Color("kind:N")
            .title(None)
            .scale(domain=list(words.values()), range=[CHOSEN, PLAIN, TRUCKS_SIDE])
            .legend(**_LEGEND),
            tooltip=[tip(each, language) for each in _TOLD],
        )
    )
    # Roads without a name are in no layer of roads: sites tell then where the country is.
    lon, lat = changes["lon"], changes["lat"]
    of_sites = (lon.min(), lat.min(), lon.max(), lat.max())
    bounds = of_sites if roads.empty else roads.total_bounds
    around = shapely.box(*bounds).buffer(_MARGIN_DEGREES, join_style="mitre")
    borders = shapely.intersection(shapely.boundary(countries.geometry.to_numpy()), around)
    behind = [_lines(borders, PLAIN, 0.6), _lines(roads.geometry.to_numpy(), ROAD_COLOUR, 1.4)]
    chart = layered(
        [*behind, sites, *_names(places, around, language)],
        height=_HEIGHT,
        description=text("Map of the sites that have more or fewer points."),
    )
    return chart.project(type="mercator")


def _names(
    places: gpd.GeoDataFrame, around: shapely.Polygon, language: Language
) -> list[alt.Chart]:
    """Names of towns with a light edge, as on other maps."""
    frame = frame_around([gpd.GeoDataFrame(geometry=[around], crs="EPSG:4326")])
    km_per_px = max(frame.width_km / _NARROWEST_PX, frame.height_km / _HEIGHT)
    towns = shown_places(places, frame, _N_PLACES, _NAME_PX * km_per_px, language)
    base = alt.Chart(towns[["name", "lon", "lat"]]).encode(longitude="lon:Q", latitude="lat:Q")
    return [
        *legible(base.encode(text="name:N"), 3.0, fontSize=_NAME_PX, dy=-9),
        base.mark_square(size=12, color=INK, opacity=1),
    ]


def _lines(lines: Any, colour: str, width: float) -> alt.Chart:
    """Lines as one feature: as areas they would need a sense of rotation."""
    whole = shapely.set_precision(shapely.union_all(lines), _SIMPLIFIED_DEGREES / 10.0)
    simple = shapely.simplify(whole, _SIMPLIFIED_DEGREES)
    feature = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(simple)}
    data = alt.InlineData(values=[feature])
    chart: alt.Chart = alt.Chart(data).mark_geoshape(filled=False, stroke=colour, strokeWidth=width)
    return chart
