"""Tables of the report that are the same for every plan of the front."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from planner.plan.built_points import tells_what_stands
from planner.plan.draw_bands import figure_with_band
from planner.plan.point_floor import with_floor
from planner.plan.published_figures import as_written, own_figures, own_texts
from planner.plan.published_rules import RULES
from planner.plan.published_verdicts import RunBasis, judged
from planner.plan.run_columns import FLOOR
from planner.plan.schemas import (
    BUILT,
    EXTRA,
    FRONT,
    REGISTER,
    SITES,
    comparison_schema,
    objectives_beside,
)
from planner.reporting.charts.chart_data import extra_rows, length_titles, published_of
from planner.reporting.page_tables import Figure, PageColumn, PageTable, page_columns
from planner.reporting.phrases import Phrase, own_phrase, phrase
from planner.tables.language import LANGUAGES
from planner.tables.layout_quantities import MEAN_WAIT, N_HPC, P95_WAIT, TCU

if TYPE_CHECKING:
    import pandas as pd

    from planner.plan.plan_results import PlanResults
    from planner.reporting.map_data import StrandedTrips
    from planner.reporting.page_tables import Cell
    from planner.tables.language import Language
    from planner.tables.table import Quantity


def named_table(results: PlanResults) -> PageTable:
    """Figures of the named solutions."""
    front = with_floor(results.front, results.summary)
    rows = [(named, front.iloc[named.solution]) for named in results.named_solutions]
    shown = FRONT.quantities(N_HPC, MEAN_WAIT, P95_WAIT, TCU, "ecu")
    figures = (shown[0], FLOOR, *shown[1:], *objectives_beside(shown, results.objectives))
    return PageTable(
        "plans",
        (
            PageColumn("plan", phrase("Plan")),
            *page_columns(figures),
        ),
        [
            (phrase(named.title), *(_with_band(row, figure) for figure in figures))
            for named, row in rows
        ],
    )


def _with_band(row: pd.Series, figure: Quantity) -> Cell:
    value = float(row[figure.name])
    # For more bands than that of the mean wait the panel has no room; all are in files and tips.
    if figure != MEAN_WAIT or f"{figure.name}_low" not in row:
        return value
    return Figure(Phrase.of(partial(figure_with_band, row, figure)), value)


def site_table(results: PlanResults) -> PageTable:
    """The sites with their figures in the plan that is shown first.

    What the official list says besides stands where one site is asked for.
    """
    aside = {"solution_name", "site_id", "lon", "lat", *(column.name for column in REGISTER)}
    figures = results.figures_of(results.default_solution.name)
    if not tells_what_stands(figures):
        aside |= {column.name for column in BUILT}
    shown = [column for column in SITES.columns if column.name not in aside]
    origins = {
        "official": phrase("official"),
        "given": phrase("given by you"),
        "computed": phrase("computed"),
    }
    return PageTable.of("sites", figures, shown, {"site_origin": origins})


_DAYS = {day: phrase(day.capitalize()) for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def day_table(results: PlanResults) -> PageTable:
    """Mean wait of the named solutions by day."""
    by_day = results.summary[f"{MEAN_WAIT.name}_by_day"]
    days = list(next(iter(by_day.values())))
    return PageTable(
        "waits-by-day",
        (
            PageColumn("plan", phrase("Plan")),
            *(PageColumn(day, _DAYS[day], "minutes") for day in days),
        ),
        [
            (phrase(named.title), *(_or_nan(by_day[named.name][day]) for day in days))
            for named in results.named_solutions
        ],
    )


def _or_nan(wait_min: float | None) -> float:
    return float("nan") if wait_min is None else wait_min


def length_table(results: PlanResults) -> PageTable | None:
    """What charging adds by length of the trip; None where no trip is served."""
    in_languages = {each.code: length_titles(results.extra, each) for each in LANGUAGES}
    titles = [
        Phrase({code: texts[number] for code, texts in in_languages.items()})
        for number in range(len(extra_rows(results.extra, "length")))
    ]
    column = PageColumn("length_km", phrase("Length of the trip on the network (km)"))
    return _extra_table(results, "length", titles, column)


def region_table(results: PlanResults) -> PageTable | None:
    """What charging adds by region where the trip begins; None where no trip is served."""
    titles = [_region_phrase(row["group"]) for row in extra_rows(results.extra, "origin")]
    return _extra_table(results, "origin", titles, PageColumn("origin", phrase("Trips from")))


def _region_phrase(region: str) -> Phrase:
    """Name of a region; those behind border crossings have the code of their country alone."""
    country = region.removeprefix("border ")
    return own_phrase(region) if country == region else phrase("border {country}", country=country)


def _extra_table(
    results: PlanResults, grouping: str, titles: list[Phrase], first: PageColumn
) -> PageTable | None:
    rows = extra_rows(results.extra, grouping)
    if not rows:
        return None
    columns = (
        first,
        *page_columns(EXTRA.quantities("n_trips", "mean_extra_min")),
        PageColumn("waiting_min", phrase("of which waiting"), "minutes"),
        *page_columns(EXTRA.quantities("mean_extra_duration_share", "mean_extra_km")),
    )
    return PageTable(
        f"extra-by-{grouping}",
        columns,
        [
            (title, *(row[column.key] for column in columns[1:]))
            for title, row in zip(titles, rows, strict=True)
        ],
    )


def cause_table(results: PlanResults) -> PageTable | None:
    """What charging adds by its cause; None where no trip is served."""
    causes = results.summary.get("reference", {}).get("mean_extra_by_cause_min")
    if not causes:
        return None
    titles = {
        "detour": phrase("Detours to sites"),
        "breaks": phrase("Breaks that would not have been due"),
        "rests": phrase("Rests that would not have been due"),
        "intermediate": phrase("Stops for energy alone"),
        "waiting": phrase("Waiting for a free point"),
    }
    return PageTable(
        "extra-by-cause",
        (
            PageColumn("cause", phrase("Cause")),
            *page_columns(EXTRA.quantities("mean_extra_min")),
        ),
        [(titles[cause], minutes) for cause, minutes in causes.items() if cause in titles],
    )


def unserved_table(stranded: list[StrandedTrips]) -> PageTable:
    """Where trips strand, and why."""
    return PageTable(
        "unserved",
        (
            PageColumn("place", phrase("Place")),
            PageColumn("reason", phrase("Reason")),
            *page_columns(EXTRA.quantities("n_trips")),
        ),
        [(each.place, own_phrase(each.reason), each.n_trips) for each in stranded],
    )


def comparison_table(results: PlanResults) -> PageTable | None:
    """How other methods of finding plans did; None where none was tried."""
    if not len(results.comparison):
        return None
    schema = comparison_schema(results.objectives)
    return PageTable(
        "methods",
        page_columns(schema.columns),
        [
            (own_phrase(row["method"]), *(row[name] for name in schema.column_names[1:]))
            for row in results.comparison.to_dict("records")
        ],
    )


def published_table(results: PlanResults) -> PageTable | None:
    """Published figures beside ours with definition and verdict; None where there are none."""
    published = published_of(results)
    if not published:
        return None
    figures = own_figures(results.summary, results.front)
    ours = own_texts([figures])
    level = Phrase.of(lambda language: language.percent(published[0].level_share))
    basis = RunBasis.of(results.scenario)
    return PageTable(
        "published",
        (
            PageColumn("figure", phrase("Figure")),
            PageColumn("level", phrase("Level")),
            PageColumn("definition", phrase("What it counts")),
            PageColumn("published", phrase("Published")),
            PageColumn("ours", phrase("This plan")),
            PageColumn("verdict", phrase("Verdict")),
        ),
        [
            (
                own_phrase(figure.what),
                level,
                phrase(RULES[figure.what].definition),
                Phrase.of(partial(as_written, figure.text)),
                Phrase.of(partial(as_written, ours[figure.what])),
                Phrase.of(judged(figure, figures[figure.what], basis).written),
            )
            for figure in published
        ],
    )


def assumption_table(results: PlanResults) -> PageTable:
    """Inputs and assumptions with their sources."""
    in_languages = {
        each.code: [assumed.in_language(each) for assumed in results.assumptions]
        for each in LANGUAGES
    }

    def told(number: int, cell: str, language: Language) -> str:
        text: str = getattr(in_languages[language.code][number], cell)
        return text

    rows = [
        tuple(
            Phrase.of(partial(told, number, cell)) for cell in ("what", "value", "unit", "source")
        )
        for number in range(len(results.assumptions))
    ]
    return PageTable(
        "assumptions",
        (
            PageColumn("what", phrase("What")),
            PageColumn("value", phrase("Value")),
            PageColumn("unit", phrase("Unit")),
            PageColumn("source", phrase("Source")),
        ),
        rows,
    )


def replanning_table(results: PlanResults) -> PageTable | None:
    """Waits before and after trucks learned the queues; None where they did not."""
    learned = results.summary.get("replanning")
    if not learned:
        return None
    return PageTable(
        "replanning",
        (
            PageColumn("when", phrase("Trucks")),
            *page_columns(FRONT.quantities(MEAN_WAIT, P95_WAIT, "n_lpc_rejected")),
        ),
        [
            (
                phrase(title),
                learned[f"mean_wait_{when}_min"],
                learned[f"p95_wait_{when}_min"],
                learned[f"n_lpc_rejected_{when}"],
            )
            for when, title in (
                ("before", "do not know the queues"),
                ("after", "have learned the queues"),
            )
        ],
    )
