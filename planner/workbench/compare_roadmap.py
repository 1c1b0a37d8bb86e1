"""The years of a roadmap on a slider: what each builds, and what trucks meet then."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

import numpy as np
from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from planner.errors import RunDirectoryError
from planner.plan.map_classes import size_counts
from planner.plan.roadmap_columns import ROADMAP, ROADMAP_AHEAD, ROADMAP_REGRET, ROADMAP_SITES
from planner.reporting.gis.plan_map import read_layers
from planner.reporting.gis.roadmap_map import ROADMAP_MAP, year_key
from planner.reporting.page_tables import PageColumn
from planner.reporting.phrases import Phrase, phrase
from planner.reporting.roadmap_report import PAGE, regret_sentence, year_sentence
from planner.said import said
from planner.tables.forms import written
from planner.tables.language import LANGUAGES
from planner.tables.table_files import read_parquet
from planner.workbench.compare_sites import (
    AllSites,
    colour_classes,
    largest_points,
    measures,
    site_values,
)
from planner.workbench.folder import inside
from planner.workbench.map_of_plan import Background, map_around
from planner.workbench.rendering import render_workbench

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from planner.tables.language import Language

IS_NEW = "is_new"
"""What colours the map first: what the year builds."""
_STANDS, _GROWS, _NEW = range(3)
_TOLD = ROADMAP.without("year", "run")


class ReadRoadmap(NamedTuple):
    """A finished roadmap as its folder tells it.

    Parameters
    ----------
    years : DataFrame
        ``ROADMAP``.
    built : DataFrame
        ``ROADMAP_SITES``.
    plans : list of DataFrame
        Sites of the plan that is built in each year, with the columns of its map.
    backgrounds : list of Background
        Roads with the flows of each year.
    """

    years: pd.DataFrame
    built: pd.DataFrame
    plans: list[pd.DataFrame]
    backgrounds: list[Background]

    @classmethod
    def of(cls, folder: Path) -> ReadRoadmap:
        """Read a roadmap.

        Raises
        ------
        RunDirectoryError
            If the folder is none, or not finished.
        """
        tables = (folder / f"{table.name}.parquet" for table in (ROADMAP, ROADMAP_SITES))
        paths, geopackage = list(tables), folder / f"{ROADMAP_MAP}.gpkg"
        for path in (*paths, geopackage):
            if not path.is_file():
                msg = said(
                    "{folder}: expected a finished roadmap; found no {name}; run it again with "
                    "planner roadmap",
                    folder=str(folder),
                    name=path.name,
                )
                raise RunDirectoryError(msg)
        years = read_parquet(paths[0], ROADMAP.column_names)
        built = read_parquet(paths[1], ROADMAP_SITES.column_names)
        plans, backgrounds = [], []
        for year in years["year"]:
            layer = f"sites_{year_key(year)}"
            sites = read_layers(geopackage, (layer,))[layer]
            points = sites.geometry
            plans.append(sites.drop(columns="geometry").assign(lon=points.x, lat=points.y))
            backgrounds.append(Background.of(geopackage, f"network_{year_key(year)}"))
        return cls(years, built, plans, backgrounds)

    def newly_built(self, year: str, sites: AllSites) -> dict[str, list[int]]:
        """High-power points that a year adds to each site, and which sites grow or are new."""
        of_year = self.built[self.built["year"] == year].set_index("site_id")
        of_year = of_year.reindex(sites.sites.index)
        added = of_year[["new_hpc", "new_lpc"]].sum(axis=1).to_numpy()
        in_all = of_year[["n_hpc", "n_lpc"]].sum(axis=1).to_numpy()
        kind = np.where(added > 0, np.where(added == in_all, _NEW, _GROWS), _STANDS)
        more_hpc = of_year["new_hpc"].fillna(0).astype(int)
        return {"moreHpc": more_hpc.tolist(), IS_NEW: kind.tolist()}


def roadmap_routes(root: Path) -> APIRouter:
    """The page of a roadmap."""
    router = APIRouter()

    @router.get("/roadmap", response_class=HTMLResponse, include_in_schema=False)
    def page(run: str) -> str:
        return _page(ReadRoadmap.of(inside(root, run)), run, root)

    return router


def _page(roadmap: ReadRoadmap, run: str, root: Path) -> str:
    data = _page_data(roadmap)
    runs = [f"{run}/{year_run}" for year_run in roadmap.years["run"]]
    report = f"{run}/{PAGE}"
    return render_workbench(
        "compare_roadmap.html",
        data,
        (
            *("site_map.js", "map_legend.js", "edit_map.js", "take_pictures.js"),
            *("compare_map.js", "compare_play.js", "compare_roadmap.js"),
        ),
        tab=phrase("Years of a roadmap"),
        css="compare",
        run=run,
        colourings=[(key, Phrase(each["title"])) for key, each in data["classes"].items()],
        years=roadmap.years["year"].tolist(),
        rows=_rows(roadmap.years),
        ahead=_ahead(inside(root, run)),
        report=f"/files/{quote(report)}" if inside(root, report).is_file() else "",
        compare=f"/compare?{urlencode([('runs', each) for each in runs])}",
        plans=[f"/plan?{urlencode({'run': each})}" for each in runs],
        days=[f"/day?{urlencode({'run': each})}" for each in runs],
    )


def _page_data(roadmap: ReadRoadmap) -> dict[str, Any]:
    """What the scripts of the page work on."""
    sites = AllSites.of(roadmap.plans)
    figures = [sites.figures(plan) for plan in roadmap.plans]
    maps = map_around(roadmap.backgrounds, sites.lon, sites.lat)
    last = maps[-1]
    most = largest_points(figures)
    return {
        "sites": sites.told(),
        "measures": measures(),
        "map": last | {"mostTrucks": max(road[2] for each in maps for road in each["roads"])},
        "years": [
            {
                "year": year,
                "sentence": Phrase.of(partial(year_sentence, row)).texts,
                "figures": site_values(of_year),
                # A year with other roads of its own has no flows on those of the last one.
                "flows": [road[2] for road in drawn["roads"]]
                if len(drawn["roads"]) == len(last["roads"])
                else None,
                **roadmap.newly_built(year, sites),
            }
            for (_, row), year, of_year, drawn in zip(
                roadmap.years.iterrows(), roadmap.years["year"], figures, maps, strict=True
            )
        ],
        "classes": {IS_NEW: _classes_of_new()} | colour_classes(figures),
        "mostPoints": most,
        "pointSizes": size_counts(most),
    }


def _classes_of_new() -> dict[str, Any]:
    """Classes of what a year builds."""
    labels = phrase("stands as before"), phrase("gets more points"), phrase("new site")
    return {
        "title": phrase("What the year builds").texts,
        "limits": [_STANDS + 0.5, _GROWS + 0.5],
        "colours": [0, 2, 4],
        "labels": {each.code: [label.texts[each.code] for label in labels] for each in LANGUAGES},
    }


def _ahead(folder: Path) -> dict[str, Any] | None:
    """Figures of the years planned with foresight and what that saves; None where it has none."""
    years, regret = (folder / f"{table.name}.parquet" for table in (ROADMAP_AHEAD, ROADMAP_REGRET))
    if not (years.is_file() and regret.is_file()):
        return None
    saved = read_parquet(regret, ROADMAP_REGRET.column_names)
    rows = _rows(read_parquet(years, ROADMAP_AHEAD.column_names))
    return {"sentence": Phrase.of(partial(regret_sentence, saved)), "rows": rows}


def _rows(years: pd.DataFrame) -> list[tuple[Phrase, list[Phrase]]]:
    """Figures of the years: a row each, without those that no year has."""

    def said(value: Any, quantity: Any) -> Phrase:
        def write(language: Language) -> str:
            return written(value, quantity.form, language)

        return Phrase.of(write)

    return [
        (PageColumn.of(each).title, [said(value, each) for value in years[each.name]])
        for each in _TOLD
        if years[each.name].notna().any()
    ]
