"""``planner compare``: finished runs side by side, over levels, with published figures beside."""

from __future__ import annotations

from functools import partial
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from planner.files.spreadsheet_texts import write_csv_file
from planner.plan.compared_runs import (
    changed_files,
    read_runs,
    series_labels,
    without_copies,
)
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.plan.published_figures import PUBLISHED
from planner.plan.run_columns import OBJECTIVE_FIGURES
from planner.plan.site_origin import site_origins
from planner.plan.unserved_trips import unserved_share
from planner.reporting.changed_sites import COMPARISON_MAP, ChangedSites
from planner.reporting.charts.fronts import NamedFront
from planner.reporting.charts.levels import LevelAxis, level_chart
from planner.reporting.comparison_answer import (
    comparison_answer,
    group_names,
    run_groups,
    shown_differences,
)
from planner.reporting.figure_page import render_figure_page, write_chart_images
from planner.reporting.figure_texts import (
    BRIEF_FIGURES,
    figure_cells,
    figure_columns,
    known_figures,
)
from planner.reporting.figures.formats import PictureFormat
from planner.reporting.figures.plan_figures import fronts_figure
from planner.reporting.figures.run_figures import FOLDER, write_figures
from planner.reporting.gis.export import translated, write_map
from planner.reporting.intervals import interval_of
from planner.reporting.level_sections import (
    fronts_section,
    levels_section,
    published_sections,
    table_section,
)
from planner.reporting.page_tables import PageColumn, PageTable
from planner.reporting.phrases import Phrase, percent, phrase, verbatim
from planner.runs.disk_faults import told_of
from planner.runs.durable_files import replacing
from planner.tables.language import ENGLISH
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.plan.compared_runs import ComparedRun
    from planner.plan.published_figures import PublishedFigure
    from planner.reporting.page_sections import Section
    from planner.reporting.page_tables import Cell
    from planner.tables.language import Language


def comparison_table(runs: Sequence[ComparedRun]) -> pd.DataFrame:
    """Figures of all named solutions by series and level.

    Runs that differ in nothing but their seed are replications: their mean is given, with its
    confidence interval.

    Returns
    -------
    DataFrame
        ``series``, ``level``, ``solution_name``, ``n_runs``, and for each figure its mean and
        ``_low`` and ``_high``; by series in the order given, then by level.
    """
    order = list(dict.fromkeys(series_labels(runs)))
    rows = []
    for (label, level), of_both in sorted(
        run_groups(runs).items(), key=lambda group: (order.index(group[0][0]), group[0][1])
    ):
        for name in of_both[0].summary["solutions"]:
            figures = pd.DataFrame([_figures(run, name) for run in of_both])
            rows.append(
                {"series": label, "level": level, "solution_name": name, "n_runs": len(of_both)}
                | _intervals(figures)
            )
    return pd.DataFrame(rows)


def _figures(run: ComparedRun, name: str) -> dict[str, float]:
    solution, of_range = run.summary["solutions"][name], run.summary["solutions"]
    is_replanned = name == DEFAULT_SOLUTION
    replanning = run.summary.get("replanning", {}) if is_replanned else {}
    reference = run.summary.get("reference", {}) if is_replanned else {}
    energy_mwh = solution["energy_hpc_mwh"] + solution["energy_lpc_mwh"]
    return {
        "n_hpc": solution["n_hpc"],
        "n_hpc_cpo": of_range["cpo"]["n_hpc"],
        "n_hpc_logistics": of_range["logistics"]["n_hpc"],
        "n_visited_sites": run.summary.get("n_visited_sites", nan),
        "n_lpc": solution["n_lpc"],
        MEAN_WAIT.name: solution[MEAN_WAIT.name],
        f"replanned_{MEAN_WAIT.name}": replanning.get("mean_wait_after_min", nan),
        "p95_wait_min": solution["p95_wait_min"],
        "tcu": solution["tcu"],
        **{each.name: solution.get(each.name, nan) for each in OBJECTIVE_FIGURES},
        "ecu_year_5_days_share": solution["ecu_year_5_days_share"],
        "ecu_year_6_days_share": solution["ecu_year_6_days_share"],
        "energy_mwh": energy_mwh,
        "energy_gwh": energy_mwh / 1000.0,
        "lpc_energy_share": solution["lpc_energy_share"],
        "sessions_per_hpc_day": solution.get("sessions_per_hpc_day", nan),
        "mean_extra_duration_share": reference.get("mean_extra_duration_share", nan),
        "mean_extra_km": reference.get("mean_extra_km", nan),
        "n_unserved": run.summary["n_unserved"],
        "unserved_share": unserved_share(run.summary["n_unserved"], run.summary["n_trips"]),
    }


def _intervals(figures: pd.DataFrame) -> dict[str, float]:
    values = {}
    for figure in figures.columns:
        interval = interval_of(figures[figure].to_numpy(dtype=float))
        values[figure] = interval.mean
        values[f"{figure}_low"] = max(interval.low, 0.0)
        values[f"{figure}_high"] = interval.high
    return values


def compare_folders(folders: Sequence[str | Path]) -> pd.DataFrame:
    """Lay finished runs, and the runs of finished sweeps, side by side.

    Returns
    -------
    DataFrame
        From :func:`comparison_table`; a copy in another folder is no replication.

    Raises
    ------
    RunDirectoryError
        If a folder is neither, or not complete.
    """
    return comparison_table(without_copies(read_runs([Path(folder) for folder in folders]))[0])


def shown_comparison(table: pd.DataFrame, *, brief: bool = False) -> PageTable:
    """Balanced plans as a reader is shown them.

    Without the columns of series and number of runs where there is one series alone, or no
    replication.

    Parameters
    ----------
    table : DataFrame
        From :func:`comparison_table`.
    brief : bool
        Whether to show no more figures than a terminal has room for.
    """
    figures = (*BRIEF_FIGURES, "unserved_share") if brief else known_figures(table)
    balanced = table[table["solution_name"] == DEFAULT_SOLUTION]
    rows: list[Sequence[Cell]] = [
        (
            verbatim(row["series"]) if row["series"] else phrase("all"),
            percent(row["level"]),
            str(row["n_runs"]),
            *figure_cells(row, figures, brief=brief),
        )
        for row in balanced.to_dict("records")
    ]
    columns = (
        PageColumn("series", phrase("Series")),
        PageColumn("level", phrase("Level")),
        PageColumn("n_runs", phrase("Runs")),
        *figure_columns(figures),
    )
    says_nothing = {"series"} if not balanced["series"].any() else set()
    if not _has_replications(balanced):
        says_nothing.add("n_runs")
    return PageTable("balanced", columns, rows).without(says_nothing)


def _has_replications(table: pd.DataFrame) -> bool:
    return bool((table["n_runs"] > 1).any())


def write_comparison(
    runs: Sequence[ComparedRun],
    folder: Path,
    *,
    with_published: bool | None = None,
    language: Language = ENGLISH,
) -> pd.DataFrame:
    """Write ``comparison.csv``, ``comparison.html``, ``comparison.svg`` and ``figures``.

    Parameters
    ----------
    folder : pathlib.Path
        Where to write; made where it does not exist.
    with_published : bool, optional
        Whether published figures for Germany stand beside; by default where all runs are of the
        built-in Germany.

    Returns
    -------
    DataFrame
        From :func:`comparison_table`.
    """
    if with_published is None:
        with_published = all(run.is_builtin for run in runs)
    table = comparison_table(runs)
    axis = LevelAxis("Electrification level", is_number=True, is_share=True)
    networks = {run.network for run in runs}
    published = tuple(
        figure for figure in PUBLISHED if with_published and figure.network in networks
    )
    labels = series_labels(runs)
    differences = differences_sections(runs)
    sections = [
        *differences,
        run_fronts_section(runs, axis.title, published),
        levels_section(table, axis, published),
        table_section(
            phrase("Balanced plans"),
            phrase(
                "Runs that differ in their seed alone are replications: mean, with half the width "
                "of its 95 % confidence interval."
            )
            if _has_replications(table)
            else None,
            shown_comparison(table),
        ),
    ]
    if published:
        sections += published_sections(runs, labels)
    changed = ChangedSites.of(runs)
    if changed is not None:
        sections.insert(len(differences) + 1, changed.section())
    page = render_figure_page(
        "comparison",
        phrase("How do the runs compare?"),
        Phrase.of(partial(_answer, runs)),
        sections,
        {} if changed is None else changed.charts(),
    )
    with told_of(folder, "name another folder with --out"):
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / "comparison.csv") as path:
            write_csv_file(table, path)
        with replacing(folder / "comparison.html") as path:
            path.write_text(page, encoding="utf-8")
        with replacing(folder / "comparison.svg") as path:
            chart = level_chart(table, axis, published, language)
            write_chart_images(chart, language.text("Balanced plans"), path)
        if changed is not None:
            with replacing(folder / "comparison_sites.csv") as path:
                write_csv_file(changed.table(), path)
            write_map(translated(changed.map(language), language), folder, COMPARISON_MAP, language)
        named = language.text("Runs {names}", names=", ".join(group_names(runs, language)))
        fronts = _named_fronts(runs, labels, language)
        write_figures(
            (fronts_figure(fronts, axis.title, named, language),),
            folder / FOLDER,
            (PictureFormat.SVG, PictureFormat.PNG),
            language,
        )
    return table


def differences_sections(runs: Sequence[ComparedRun]) -> list[Section]:
    """What differs between the scenarios of runs; no section where nothing does."""
    differing = shown_differences(runs)
    told = (
        phrase(
            "Keys whose values are not the same in all runs; every other key is. Where SHA-256 "
            "stands behind a path, the file there was changed between the runs."
        )
        if changed_files(runs)
        else phrase("Keys whose values are not the same in all runs; every other key is.")
    )
    if not differing.rows:
        return []
    return [table_section(phrase("What differs between the scenarios"), told, differing)]


def run_fronts_section(
    runs: Sequence[ComparedRun],
    level_title: str,
    published: tuple[PublishedFigure, ...] = (),
) -> Section:
    """Fronts of runs over each other, those of replications as one with its spread."""
    labels = series_labels(runs)
    return fronts_section(
        partial(_named_fronts, runs, labels),
        level_title,
        published,
        has_spread=len(run_groups(runs)) < len(runs),
    )


def _answer(runs: Sequence[ComparedRun], language: Language) -> str:
    said = comparison_answer(runs, language)
    return f"{said} {site_origins([run.sites for run in runs], language)}"


def _named_fronts(
    runs: Sequence[ComparedRun], labels: Sequence[str], language: Language
) -> list[NamedFront]:
    return [
        NamedFront.of_table(label, language.percent(run.level_share), run.network, run.front)
        for run, label in sorted(
            zip(runs, labels, strict=True), key=lambda pair: pair[0].level_share
        )
    ]
