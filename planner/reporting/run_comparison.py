"""``planner compare``: finished runs side by side, over levels, with published figures beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from planner.errors import RunDirectoryError
from planner.reporting.compared_runs import series_labels
from planner.reporting.figure_page import (
    PageSection,
    render_figure_page,
    write_chart_images,
)
from planner.reporting.figure_texts import ALL_FIGURES, BRIEF_FIGURES, figure_cells, headings
from planner.reporting.intervals import interval_of
from planner.reporting.level_chart import LevelAxis, level_chart
from planner.reporting.plan_results import DEFAULT_SOLUTION
from planner.reporting.published_figures import (
    PUBLISHED,
    SOURCE,
    own_figures,
    own_texts,
    published_texts,
)
from planner.reporting.shown_tables import ShownTable
from planner.run_directory import replacing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from planner.reporting.compared_runs import ComparedRun


def comparison_table(runs: Sequence[ComparedRun]) -> pd.DataFrame:
    """Figures of all named solutions by series and level.

    Runs that differ in nothing but their seed are replications: their mean is given, with its
    confidence interval.

    Parameters
    ----------
    runs : sequence of ComparedRun
        The runs.

    Returns
    -------
    DataFrame
        ``series``, ``level``, ``solution_name``, ``n_runs``, and for each figure its mean and
        ``_low`` and ``_high``; by series in the order given, then by level.
    """
    labels = series_labels(runs)
    groups: dict[tuple[str, float], list[ComparedRun]] = {}
    for run, label in zip(runs, labels, strict=True):
        groups.setdefault((label, run.level_share), []).append(run)
    order = list(dict.fromkeys(labels))
    rows = []
    for (label, level), of_both in sorted(
        groups.items(), key=lambda group: (order.index(group[0][0]), group[0][1])
    ):
        for name in of_both[0].summary["solutions"]:
            figures = pd.DataFrame([_figures(run, name) for run in of_both])
            rows.append(
                {"series": label, "level": level, "solution_name": name, "n_runs": len(of_both)}
                | _intervals(figures)
            )
    return pd.DataFrame(rows)


def _level_text(level_share: float) -> str:
    return f"{100 * level_share:g}\N{NO-BREAK SPACE}%"


def _figures(run: ComparedRun, name: str) -> dict[str, float]:
    solution, of_range = run.summary["solutions"][name], run.summary["solutions"]
    return {
        "n_hpc": solution["n_hpc"],
        "n_hpc_cpo": of_range["cpo"]["n_hpc"],
        "n_hpc_logistics": of_range["logistics"]["n_hpc"],
        "n_lpc": solution["n_lpc"],
        "mean_wait_min": solution["mean_wait_min"],
        "p95_wait_min": solution["p95_wait_min"],
        "tcu": solution["tcu"],
        "ecu_year_5_days_share": solution["ecu_year_5_days_share"],
        "ecu_year_6_days_share": solution["ecu_year_6_days_share"],
        "energy_mwh": solution["energy_hpc_mwh"] + solution["energy_lpc_mwh"],
        "energy_gwh": (solution["energy_hpc_mwh"] + solution["energy_lpc_mwh"]) / 1000.0,
        "lpc_energy_share": solution["lpc_energy_share"],
        "n_unserved": run.summary["n_unserved"],
    }


def _intervals(figures: pd.DataFrame) -> dict[str, float]:
    values = {}
    for figure in figures.columns:
        interval = interval_of(figures[figure].to_numpy(dtype=float))
        values[figure] = interval.mean
        values[f"{figure}_low"] = max(interval.low, 0.0)
        values[f"{figure}_high"] = interval.high
    return values


def shown_comparison(table: pd.DataFrame, *, brief: bool = False) -> ShownTable:
    """Balanced plans as a reader is shown them.

    Parameters
    ----------
    table : DataFrame
        From :func:`comparison_table`.
    brief : bool
        Whether to show no more figures than a terminal has room for.

    Returns
    -------
    ShownTable
    """
    figures = BRIEF_FIGURES if brief else ALL_FIGURES
    balanced = table[table["solution_name"] == DEFAULT_SOLUTION]
    rows = [
        (
            row["series"] or "all",
            _level_text(row["level"]),
            str(row["n_runs"]),
            *figure_cells(row, figures),
        )
        for row in balanced.to_dict("records")
    ]
    return ShownTable(("Series", "Level", "Runs", *headings(figures)), tuple(rows), 3)


def published_and_ours(runs: Sequence[ComparedRun]) -> ShownTable:
    """Published figures beside ours, for the levels that have any.

    Parameters
    ----------
    runs : sequence of ComparedRun
        The runs; of replications the mean is held against the figures.

    Returns
    -------
    ShownTable
        Without rows where no level has published figures.
    """
    groups: dict[tuple[str, float], list[ComparedRun]] = {}
    for run, label in zip(runs, series_labels(runs), strict=True):
        groups.setdefault((label, run.level_share), []).append(run)
    rows = []
    for (label, level_share), replications in groups.items():
        network = replications[0].network
        published = published_texts(level_share, network)
        if not published:
            continue
        ours = own_texts([own_figures(run.summary, run.front) for run in replications])
        level = _level_text(level_share)
        rows += [
            (label or "all", level, network, what, text, ours[what])
            for what, text in published.items()
        ]
    columns = ("Series", "Level", "Published for", "Figure", "Published", "Ours")
    return ShownTable(columns, tuple(rows), 4)


def write_comparison(
    runs: Sequence[ComparedRun], folder: Path, *, with_published: bool | None = None
) -> pd.DataFrame:
    """Write ``comparison.csv``, ``comparison.html`` and ``comparison.svg``.

    Parameters
    ----------
    runs : sequence of ComparedRun
        The runs.
    folder : pathlib.Path
        Where to write; made where it does not exist.
    with_published : bool, optional
        Whether published figures for Germany stand beside; by default where all runs are of the
        built-in Germany.

    Returns
    -------
    DataFrame
        From :func:`comparison_table`.

    Raises
    ------
    RunDirectoryError
        If the folder cannot be written.
    """
    if with_published is None:
        with_published = all(run.is_builtin for run in runs)
    table = comparison_table(runs)
    axis = LevelAxis("Electrification level", is_number=True, is_share=True)
    chart = level_chart(table, axis, PUBLISHED if with_published else ())
    hint = "Balanced plans, or any other that is chosen below."
    if with_published:
        hint += f" Grey: published figures, a bar where a range is given ({SOURCE})."
    sections = [
        PageSection("Figures over the levels", hint, chart),
        PageSection(
            "Balanced plans",
            "Runs that differ in their seed alone are replications: mean, with half the width of "
            "its 95 % confidence interval.",
            shown_comparison(table),
        ),
    ]
    if with_published and (beside := published_and_ours(runs)).rows:
        sections.append(PageSection("Published and ours", f"Published: {SOURCE}.", beside))
    levels = ", ".join(_level_text(level) for level in sorted(set(table["level"])))
    page = render_figure_page(
        "comparison",
        "How do the runs compare?",
        f"{len(runs)} runs in {table['series'].nunique()} series, at {levels} electric trucks.",
        tuple(sections),
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / "comparison.csv") as path:
            table.to_csv(path, index=False, lineterminator="\n")
        with replacing(folder / "comparison.html") as path:
            path.write_text(page, encoding="utf-8")
        with replacing(folder / "comparison.svg") as path:
            write_chart_images(chart, path)
    except OSError as error:
        msg = f"{folder}: cannot be written ({error.strerror}); name another folder with --out"
        raise RunDirectoryError(msg) from error
    return table
