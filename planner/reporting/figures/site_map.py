"""The map as a figure: roads by trucks, sites by points and utilisation, with a scale bar."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd
import shapely

from planner.network.country_outlines import planned
from planner.plan.map_classes import (
    CLASS_COLOURS,
    USE,
    SiteClasses,
    class_colours,
    class_labels,
    largest_round,
)
from planner.plan.map_places import names_source
from planner.plan.point_floor import floor_of
from planner.plan.site_origin import site_origin
from planner.reporting.charts.axes import title_of
from planner.reporting.charts.look import INK, LABEL_PT, PAPER, ROAD_COLOUR, SOFT_INK, legible
from planner.reporting.charts.map_frame import frame_around, shown_places, vertices
from planner.reporting.figures.rendering import Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd

    from planner.plan.finished_run import FinishedRun
    from planner.reporting.charts.map_frame import MapFrame
    from planner.tables.language import Language
    from planner.tables.terms import NamedSolution

    Layers = Mapping[str, gpd.GeoDataFrame]

MAP_LAYERS = ("network", "sites", "places", "countries")
"""Layers of the run's map that are drawn."""
MAP_WIDTH_MM = 120.0
_LEGENDS_BELOW_MM = 105.0
"""In narrower maps the legends stand below: beside, they would take half of the width."""
_SEA, _LAND, _OUR_LAND, _BORDER_LINE = "#e9f0f4", "#f1f1ef", "#fdfdfb", "#a9adb0"
_EDGE_PT = 0.7
_WIDEST_ROAD_PT, _ROAD_WIDTHS = 2.6, 24
_SITE_SIZE = 8.0
"""Area of a site's circle per point, square points."""
_N_PLACES, _HALO_PT = 18, 2.0


def map_figure(
    run: FinishedRun,
    layers: Layers,
    solution: NamedSolution,
    language: Language,
    width_mm: float = MAP_WIDTH_MM,
) -> Figure:
    """Figure of the sites of a named plan on the roads.

    Parameters
    ----------
    layers : mapping of str to GeoDataFrame
        :data:`MAP_LAYERS` of the run's map, perhaps more.
    width_mm : float
        Its width, on which depends where the legends stand.
    """
    of_all = run.sites()
    of_run = SiteClasses.of([of_all])
    sites = of_all[of_all["solution_name"] == solution.name]
    frame = frame_around([layers["network"], layers["sites"]])
    caption = language.text(
        "Sites of the plan “{plan}”: {n_hpc} high-power charging points (HPC), of which one per "
        "visited site: {floor}; {n_lpc} for overnight charging; roads by electric trucks per day "
        "in both directions. {study}.",
        floor=language.count(floor_of(run.summary)),
        plan=run.titles(language)[solution.name],
        n_hpc=language.count(sites["n_hpc"].sum()),
        n_lpc=language.count(sites["n_lpc"].sum()),
        study=run.study_in_words(language),
    )
    caption = f"{caption} {site_origin(run.scenario['sites'], language)}"
    if names := names_source(layers["places"]):
        caption = f"{caption} {language.text('Names of towns: {names}.', names=names)}"
    shapes = {"roads": _road_lines(frame, layers)} | _land(frame, layers)
    most_trucks = float(shapes["roads"]["trucks"].max())
    # Drawn more than once, and Altair would check every one of thousands of rows.
    outlines = {name: _rows(data) for name, data in shapes.items()}
    legends = (
        {"orient": "bottom", "direction": "horizontal", "columnPadding": 5, "labelOffset": 2}
        if width_mm < _LEGENDS_BELOW_MM
        else {"orient": "right"}
    )
    framed = partial(_framed, frame, sites, of_run, most_trucks, legends, language)
    draw = partial(_draw, frame, layers, framed, outlines, language)
    outline = partial(_outline, frame, framed)
    return Figure("map", width_mm, caption, draw, outline=outline)


def _framed(
    frame: MapFrame,
    sites: pd.DataFrame,
    of_run: SiteClasses,
    most_trucks: float,
    legends: dict[str, Any],
    language: Language,
) -> list[alt.Chart]:
    """The edge of the map, and what has a legend."""
    return [
        _roads(frame, most_trucks, legends, language),
        _edge(frame),
        _sites(frame, sites, of_run, legends, language),
    ]


def _draw(
    frame: MapFrame,
    layers: Layers,
    framed: Callable[[], list[alt.Chart]],
    outlines: dict[str, list[dict[Any, Any]]],
    language: Language,
    width: float,
) -> dict[str, Any]:
    drawn = [
        _area(frame, "neighbours", _LAND, 0.4),
        _area(frame, "land", _OUR_LAND, 0.7),
        *framed(),
        *_places(frame, layers, width, language),
        *_scale_bar(frame, width, language),
    ]
    return _layered(frame, drawn, outlines, width)


def _outline(
    frame: MapFrame, framed: Callable[[], list[alt.Chart]], width: float
) -> dict[str, Any]:
    """The edge of the map and its legends: all else lies inside."""
    return _layered(frame, framed(), {"roads": []}, width)


def _layered(
    frame: MapFrame,
    drawn: list[alt.Chart],
    outlines: dict[str, list[dict[Any, Any]]],
    width: float,
) -> dict[str, Any]:
    chart = (
        alt.layer(*drawn)
        .properties(
            width=width,
            height=width * frame.height_km / frame.width_km,
            view=alt.ViewConfig(fill=_SEA, stroke=None),
        )
        .resolve_scale(strokeWidth="independent", size="independent", color="independent")
    )
    spec = PAPER.dressed(chart)
    spec["datasets"] |= outlines
    return spec


def _rows(data: pd.DataFrame) -> list[dict[Any, Any]]:
    rows: list[dict[Any, Any]] = data.astype(object).where(data.notna(), None).to_dict("records")
    return rows


def _x(frame: MapFrame) -> alt.X:
    encoded: alt.X = alt.X("x:Q").axis(None)
    return encoded.scale(domain=[frame.left, frame.right], nice=False)


def _y(frame: MapFrame) -> alt.Y:
    encoded: alt.Y = alt.Y("y:Q").axis(None)
    return encoded.scale(domain=[frame.bottom, frame.top], nice=False)


def _land(frame: MapFrame, layers: Layers) -> dict[str, pd.DataFrame]:
    """Planned countries and others; where no outlines are known all of the map is land."""
    countries = layers["countries"]
    shapes = frame.shapes(countries)
    if shapely.is_empty(shapes).all():
        sheet = shapely.box(frame.left, frame.bottom, frame.right, frame.top)
        return {"land": vertices(np.array([sheet])), "neighbours": vertices(np.array([]))}
    is_ours = planned(countries["n_sites"].to_numpy())
    return {"land": vertices(shapes[is_ours]), "neighbours": vertices(shapes[~is_ours])}


def _area(frame: MapFrame, name: str, fill: str, line: float) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(alt.NamedData(name))
        .mark_line(interpolate="linear-closed", fill=fill, stroke=_BORDER_LINE, strokeWidth=line)
        .encode(x=_x(frame), y=_y(frame), order="order:Q")
    )
    return chart


def _edge(frame: MapFrame) -> alt.Chart:
    """Edge of the map, over the borders of land that ends there.

    Nothing is clipped: land is cut and all else fits, and each clip costs a layer of a PNG.
    """
    corners = {"x": [frame.left], "x2": [frame.right], "y": [frame.bottom], "y2": [frame.top]}
    chart: alt.Chart = (
        alt.Chart(pd.DataFrame(corners))
        .mark_rect(fill=None, stroke=SOFT_INK, strokeWidth=_EDGE_PT)
        .encode(x=_x(frame), y=_y(frame), x2="x2:Q", y2="y2:Q")
    )
    return chart


def _road_lines(frame: MapFrame, layers: Layers) -> pd.DataFrame:
    """Roads with their trucks, rounded up to a few widths.

    Lines of the same width are one path: a picture of thousands of paths is slow.
    """
    network = layers["network"]
    network = network[network["road"] != "access"]
    data = vertices(frame.shapes(network))
    trucks = network["trucks_per_day"].to_numpy()
    step = max(float(trucks.max(initial=0.0)), 1.0) / _ROAD_WIDTHS
    return data.assign(trucks=step * np.ceil(trucks[data["shape"]] / step)).drop(columns="shape")


def _roads(frame: MapFrame, most: float, legends: dict[str, Any], language: Language) -> alt.Chart:
    width = (
        alt.StrokeWidth("trucks:Q")
        .title(language.text("Electric trucks per day"))
        .scale(type="linear", domain=[0, most], range=[0.3, _WIDEST_ROAD_PT])
        .legend(
            values=largest_round(most, 3),
            format=",d",
            symbolType="stroke",
            symbolSize=160,
            **legends,
        )
    )
    chart: alt.Chart = (
        alt.Chart(alt.NamedData("roads"))
        .mark_line(color=ROAD_COLOUR, strokeCap="round", strokeJoin="round")
        .encode(x=_x(frame), y=_y(frame), order="order:Q", strokeWidth=width)
    )
    return chart


def _sites(
    frame: MapFrame,
    sites: pd.DataFrame,
    of_run: SiteClasses,
    legends: dict[str, Any],
    language: Language,
) -> alt.Chart:
    limits, most = of_run.limits(USE), of_run.most_points
    built = sites[sites["n_hpc"] > 0].sort_values("n_hpc", ascending=False, kind="stable")
    x, y = frame.positions(built["lon"].to_numpy(), built["lat"].to_numpy())
    data = pd.DataFrame(
        {
            "x": x.round(2),
            "y": y.round(2),
            "n_hpc": built["n_hpc"].to_numpy(float),
            "use": np.searchsorted(limits, built[USE.name].fillna(0.0)),
        }
    )
    size = (
        alt.Size("n_hpc:Q")
        .title(language.text("High-power points"))
        .scale(type="linear", domain=[0, most], range=[0, _SITE_SIZE * most])
        .legend(
            values=of_run.legend_points,
            format=",d",
            symbolFillColor=PAPER.plain,
            symbolStrokeWidth=0,
            **legends,
        )
    )
    named = class_labels(limits, USE.form, language)
    labels = ",".join(f"'{label}'" for label in named)
    colours = [CLASS_COLOURS[colour] for colour in class_colours(len(named))]
    colour = (
        alt.Color("use:O")
        .title(title_of(USE, language))
        .scale(domain=list(range(len(named))), range=colours)
        .legend(labelExpr=f"[{labels}][datum.value]", symbolSize=60, symbolStrokeWidth=0, **legends)
    )
    chart: alt.Chart = (
        alt.Chart(data)
        .mark_circle(opacity=0.92, stroke="white", strokeWidth=0.35)
        .encode(x=_x(frame), y=_y(frame), size=size, color=colour)
    )
    return chart


def _places(frame: MapFrame, layers: Layers, width: float, language: Language) -> list[alt.Chart]:
    """Names of towns, with a light edge that keeps them legible on roads and sites."""
    size_km = LABEL_PT * frame.width_km / width
    towns = shown_places(layers["places"], frame, _N_PLACES, size_km, language)
    base = alt.Chart(towns).encode(x=_x(frame), y=_y(frame), text="name:N")
    return [
        *legible(base, _HALO_PT, fontSize=LABEL_PT, dy=-5),
        base.mark_square(size=5, color=INK, opacity=1),
    ]


def _scale_bar(frame: MapFrame, width: float, language: Language) -> list[alt.Chart]:
    km = largest_round(frame.width_km / 4.0, 1)[0]
    pt = frame.width_km / width
    left, level = frame.left + 8.0 * pt, frame.bottom + 8.0 * pt
    ends = pd.DataFrame({"x": [left], "x2": [left + km], "y": [level]})
    bar = alt.Chart(ends).encode(x=_x(frame), y=_y(frame))
    text = alt.Chart(
        pd.DataFrame({"x": [left + km / 2.0], "y": [level], "label": [f"{language.count(km)} km"]})
    )
    named = text.encode(x=_x(frame), y=_y(frame), text="label:N")
    return [
        bar.mark_rule(strokeWidth=1.4, color=INK).encode(x2="x2:Q"),
        *legible(named, _HALO_PT, fontSize=LABEL_PT, dy=-5),
    ]
