"""The order of a run's sites while it is looked for: the set as it stands, on a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import numpy as np
from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from planner.layouts.rank_work import found_so_far
from planner.plan.finished_run import PLAN, read_finished_run
from planner.reporting.phrases import phrase
from planner.reporting.rank_report import PAGE
from planner.runs.manifests import work_beside
from planner.runs.noted_progress import noted_progress
from planner.workbench.folder import inside, is_at_work
from planner.workbench.map_of_plan import map_of_run
from planner.workbench.progress_words import in_words
from planner.workbench.rendering import render_workbench

if TYPE_CHECKING:
    from pathlib import Path


def order_address(folder: str) -> str:
    """Address of the page of an order, by the folder that it goes to, below its run's."""
    return f"/order?{urlencode({'folder': folder})}"


def order_routes(root: Path) -> APIRouter:
    """The page of an order that is looked for, and what it asks again and again."""
    router = APIRouter()

    @router.get("/order", response_class=HTMLResponse, include_in_schema=False)
    def page(folder: str) -> str:
        place = _place_of_order(root, folder)
        run = place.parent
        name = read_finished_run(run, PLAN).name
        found = found_so_far(place)
        data: dict[str, Any] = {"folder": folder, "sites": None}
        if found is not None:
            sites = found["sites"]
            lon, lat = (np.array([each[key] for each in sites], float) for key in ("lon", "lat"))
            data["sites"] = {"name": [each["name"] or each["site_id"] for each in sites]}
            data["map"] = map_of_run(run, lon, lat)
        return render_workbench(
            "order.html",
            data,
            (
                *("site_map.js", "map_legend.js", "edit_map.js", "take_pictures.js"),
                *("compare_map.js", "order.js"),
            ),
            tab=phrase("Which sites come first?"),
            css="compare",
            name=name,
            run=run.relative_to(root).as_posix(),
            has_map=found is not None,
        )

    @router.get("/api/order", include_in_schema=False)
    def so_far(folder: str) -> dict[str, Any]:
        place = _place_of_order(root, folder)
        found = found_so_far(place)
        is_running = is_at_work(place)
        how_far = noted_progress(work_beside(place)) if is_running else None
        is_done = not is_running and not work_beside(place).is_dir() and (place / PAGE).is_file()
        return {
            "isRunning": is_running,
            "page": f"/files/{quote(f'{folder}/{PAGE}')}" if is_done else None,
            "progress": None if how_far is None else in_words(how_far).texts,
            "first": None if found is None else found["first"],
            "isOpen": None if found is None else [each["is_open"] for each in found["sites"]],
        }

    return router


def _place_of_order(root: Path, folder: str) -> Path:
    """The folder that an order goes to.

    Raises
    ------
    HTTPException
        If nothing was ever at work there, and no order lies in it.
    """
    place = inside(root, folder)
    if not (is_at_work(place) or work_beside(place).is_dir() or (place / PAGE).is_file()):
        raise HTTPException(404)
    return place
