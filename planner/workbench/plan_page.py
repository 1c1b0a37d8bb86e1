"""The page of a plan: its map, whose sites are changed with the mouse."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from planner.plan.map_classes import SiteClasses
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.reporting.phrases import Phrase, phrase
from planner.tables.layout_quantities import MEAN_WAIT
from planner.workbench.class_points import kinds, switch
from planner.workbench.map_of_plan import map_of_run
from planner.workbench.plan_state import (
    BOUNDS,
    columns,
    connections_of,
    map_colours,
    meaning_of_plan,
    site_figures_of,
    wait_changes,
    words,
)
from planner.workbench.rendering import render_workbench

if TYPE_CHECKING:
    from planner.layouts.editing import OpenedPlan
    from planner.workbench.edits import Edits

_PAGES = 3
_TAKEN = ("take_pictures.js", "take_layout.js")


def plan_page_routes(edits: Edits) -> APIRouter:
    """The page of a plan."""
    router = APIRouter()

    @router.get("/plan", response_class=HTMLResponse, include_in_schema=False)
    def plan(run: str, solution: str = DEFAULT_SOLUTION, *, by_class: bool = False) -> str:
        opened = edits.opened(run, solution)
        return _page(opened.by_class if by_class else opened, run)

    return router


@lru_cache(maxsize=_PAGES)
def _page(opened: OpenedPlan, run: str) -> str:
    finished = opened.run.run
    data = _page_data(opened, run)
    has_report = (finished.folder / "report.html").is_file()
    return render_workbench(
        "plan.html",
        data,
        (
            "site_map.js",
            "map_legend.js",
            "edit_map.js",
            "site_search.js",
            "new_site.js",
            *_TAKEN,
            "plan.js",
        ),
        tab=phrase("Change a plan"),
        css="plan",
        name=finished.name,
        run=run,
        question=Phrase.of(finished.question),
        colourings=[(key, Phrase(each["title"])) for key, each in data["classes"].items()],
        bounds=BOUNDS,
        words=words(each.name for each in finished.named_solutions),
        kinds=kinds(opened),
        slower=switch(opened),
        has_overnight=bool(opened.plan.n_lpc.any()),
        solution=opened.solution,
        plans=[
            (each.name, phrase(each.title), meaning_of_plan(each.name))
            for each in finished.named_solutions
        ],
        report=f"/files/{quote(run)}/report.html" if has_report else "",
    )


def _page_data(opened: OpenedPlan, run: str) -> dict[str, Any]:
    """What the scripts of the page work on."""
    plan = opened.at(opened.plan)
    sites = opened.run.sites
    site_classes = SiteClasses.of([opened.run.run.sites()])
    return {
        "run": run,
        "solution": opened.solution,
        "byClass": opened.classes is not None,
        "slowKw": opened.assumed_kw,
        "name": opened.run.run.name,
        "map": map_of_run(opened.run.run.folder, sites.lon, sites.lat),
        "sites": {
            "site_id": sites.site_id.tolist(),
            "name": sites.name.tolist(),
            "road": sites.road.tolist(),
        },
        "plan": {
            "n_hpc": opened.plan.n_hpc.tolist(),
            "n_lpc": opened.plan.n_lpc.tolist(),
            "n_slow": opened.plan.n_slow.tolist(),
            "sites": site_figures_of(opened.index_of, plan),
            "connections": connections_of(opened, opened.plan, sites.grid_connection_kw),
        },
        "wait": MEAN_WAIT.name,
        "columns": columns(opened),
        "kinds": {key: title.texts for key, title in kinds(opened).items()},
        "classes": map_colours(site_classes, plan),
        "waitChanges": wait_changes(),
        "mostPoints": int(opened.plan.n_hpc.max(initial=site_classes.most_points)),
        "pointSizes": site_classes.legend_points,
    }
