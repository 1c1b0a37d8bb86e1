"""The simulated days of a plan on a slider: queues that grow and clear at its sites."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np
from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from planner.plan.map_classes import SiteClasses, doubling_limits, size_counts
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.plan.site_course import N_WAITING, SITE_COURSE, STEP_MIN
from planner.reporting.charts.axes import DAYS
from planner.reporting.charts.hours import course_charts
from planner.reporting.charts.look import SCREEN
from planner.reporting.group_data import classes_of
from planner.reporting.packed_figures import packed
from planner.reporting.page_tables import PageColumn
from planner.reporting.phrases import Phrase, phrase
from planner.tables.language import LANGUAGES
from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.time_units import HOURS_PER_DAY
from planner.workbench.map_of_plan import map_of_run
from planner.workbench.rendering import CHART_SCRIPTS, render_workbench

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.layouts.editing import OpenedPlan
    from planner.network.sites import Sites
    from planner.plan.site_course import SiteCourse
    from planner.workbench.edits import Changes, Edits

_PAGES = 2
_SHOWN = SITE_COURSE.quantities(N_WAITING, MEAN_WAIT.name, "power_kw")
_POWER = _SHOWN[-1]


def day_routes(edits: Edits) -> APIRouter:
    """The page of a plan's days."""
    router = APIRouter()

    @router.get("/day", response_class=HTMLResponse, include_in_schema=False)
    def page(run: str, solution: str = DEFAULT_SOLUTION, changes: str = "") -> str:
        if changes:
            return _page_of_changes(edits.get(changes))
        return _page(edits.opened(run, solution), run)

    return router


@dataclass(frozen=True, slots=True)
class _Shown:
    """Days of a plan, or of what became of it."""

    run: str
    opened: OpenedPlan
    sites: Sites
    n_hpc: NDArray[np.int32]
    course: SiteCourse
    changes: str = ""


@lru_cache(maxsize=_PAGES)
def _page(opened: OpenedPlan, run: str) -> str:
    return _written(_Shown(run, opened, opened.run.sites, opened.plan.n_hpc, opened.course))


def _page_of_changes(changes: Changes) -> str:
    edited = changes.edited  # another request may put one by class in its place meanwhile
    now = edited.now
    course = now.course(learn_queues=changes.knows_queues)
    shown = _Shown(changes.run, edited.opened, now.sites, now.layout.n_hpc, course, changes.key)
    return _written(shown)


def _written(shown: _Shown) -> str:
    opened, run = shown.opened, shown.run
    finished = opened.run.run
    data = _page_data(shown)
    words = ("planner", "export", "load", run, "--by", "site", "--minutes", str(STEP_MIN))
    return render_workbench(
        "compare_day.html",
        data,
        (
            *CHART_SCRIPTS,
            *(
                "packed_figures.js",
                "site_map.js",
                "map_legend.js",
                "edit_map.js",
                "take_pictures.js",
            ),
            *("compare_map.js", "compare_play.js", "compare_day.js"),
        ),
        tab=phrase("Queues by the hour"),
        css="compare",
        name=finished.name,
        run=run,
        solution=opened.solution,
        plans=[(each.name, phrase(each.title)) for each in finished.named_solutions],
        colourings=[(key, Phrase(each["title"])) for key, each in data["classes"].items()],
        days=[
            (number * HOURS_PER_DAY * 60 // STEP_MIN, phrase(DAYS[day % len(DAYS)]))
            for number, day in enumerate(_days(shown.course))
        ],
        changes=shown.changes,
        plan=f"/plan?run={quote(run)}&solution={quote(opened.solution)}"
        + ("&by_class=true" if opened.assumes_classes else "")
        + (f"#changes={shown.changes}" if shown.changes else ""),
        command=shlex.join((*words, "--solution", opened.solution)),
    )


def _days(course: SiteCourse) -> list[int]:
    """Simulated days, numbers from Monday."""
    first = int(course.start_h // HOURS_PER_DAY)
    return list(range(first, first + course.n_steps * STEP_MIN // (60 * HOURS_PER_DAY)))


def _page_data(shown: _Shown) -> dict[str, Any]:
    """What the scripts of the page work on."""
    opened, sites, course = shown.opened, shown.sites, shown.course
    values = {
        N_WAITING.name: course.n_waiting.astype(np.float64),
        MEAN_WAIT.name: course.mean_wait_min,
        _POWER.name: course.power_kw,
    }
    n_hpc, of_run = shown.n_hpc, SiteClasses.of([opened.run.run.sites()])
    longest = int(course.n_waiting.max(initial=1))
    return {
        "study": f"{opened.run.run.name}-day",
        "map": map_of_run(opened.run.run.folder, sites.lon, sites.lat),
        "sites": {"name": sites.name.tolist(), "n_hpc": n_hpc.tolist()},
        "measures": [
            {"key": each.name, "form": each.form, "title": PageColumn.of(each).title.texts}
            for each in _SHOWN
        ],
        "course": packed(values, SITE_COURSE),
        "nSteps": course.n_steps,
        "busiestStep": _busiest(course),
        "startMin": round(60 * course.start_h),
        "stepMin": STEP_MIN,
        "classes": {
            each.name: classes_of(
                PageColumn.of(each).title, doubling_limits(_largest(values[each.name])), each.form
            )
            for each in _SHOWN
        },
        "mostPoints": int(n_hpc.max(initial=of_run.most_points)),
        "pointSizes": of_run.legend_points,
        "mostWaiting": longest,
        "waitingSizes": size_counts(longest),
        "chartData": {"course": _rows(course)},
        "charts": {
            language.code: {
                name: SCREEN.dressed(chart)
                for name, chart in course_charts(_hours(course), language).items()
            }
            for language in LANGUAGES
        },
    }


def _busiest(course: SiteCourse) -> int:
    """Step at which most trucks wait, or where none ever does, most power is drawn."""
    waiting = course.n_waiting.sum(axis=1)
    return int(np.argmax(waiting if waiting.any() else course.power_kw.sum(axis=1)))


def _largest(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Largest figure of each site: most sites have none most of the time."""
    return np.asarray(np.nan_to_num(values).max(axis=0))


def _hours(course: SiteCourse) -> tuple[int, int]:
    first = round(course.start_h)
    return first, first + course.n_steps * STEP_MIN // 60


def _rows(course: SiteCourse) -> list[dict[str, float]]:
    """Figures of all sites together, a row per step."""
    hour = course.start_h + np.arange(course.n_steps) * STEP_MIN / 60.0
    waiting, power_mw = course.n_waiting.sum(axis=1), course.power_kw.sum(axis=1) / 1000.0
    return [
        {"hour": at, N_WAITING.name: n, "power_mw": mw}
        for at, n, mw in zip(
            hour.tolist(), waiting.tolist(), power_mw.round(2).tolist(), strict=True
        )
    ]
