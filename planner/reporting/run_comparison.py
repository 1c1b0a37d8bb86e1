"""``planner compare``: finished runs side by side, over levels, with published figures beside."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.errors import RunDirectoryError
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
    published_texts,
)
from planner.reporting.shown_tables import ShownTable
from planner.run_directory import MANIFEST, read_manifest, replacing

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOT_A_SERIES = {"name", "description", "seed", "demand.electrification_share"}
_MOST_KEYS_IN_A_LABEL = 2


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """What a comparison needs of a run.

    Parameters
    ----------
    folder : pathlib.Path
        Its folder.
    name : str
        Name of its study.
    level_share : float
        Its electrification level.
    settings : dict
        Its scenario by key path, without level and seed.
    summary : dict
        The ``summary`` of its ``run.json``.
    """

    folder: Path
    name: str
    level_share: float
    settings: dict[str, str]
    summary: dict[str, Any]

    @property
    def network(self) -> str:
        """Which published sites it is held against: its own of the built-in ones, else policy."""
        if self.settings.get("sites.source") == '"builtin"':
            return str(json.loads(self.settings["sites.network"]))
        return "policy"

    @property
    def is_builtin(self) -> bool:
        """Whether it is of the built-in Germany."""
        return self.settings.get("network.source") == '"builtin"'

    @property
    def front(self) -> pd.DataFrame:
        """Its Pareto front."""
        return pd.read_parquet(self.folder / "front.parquet")


def read_runs(folders: Sequence[Path]) -> list[FinishedRun]:
    """Read what a comparison needs of runs and of all runs of sweeps.

    Parameters
    ----------
    folders : sequence of pathlib.Path
        Folders of finished runs, or of sweeps.

    Returns
    -------
    list of FinishedRun

    Raises
    ------
    RunDirectoryError
        If a folder is neither, the sweep is not finished, or a run has not what this version
        writes.
    """
    return [_read(run) for folder in folders for run in _runs_in(folder)]


def _runs_in(folder: Path) -> list[Path]:
    """The runs that a sweep's table lists, or the folder itself."""
    if (folder / "sweep.csv").is_file():
        listed = pd.read_csv(folder / "sweep.csv", usecols=["run"])["run"]
        return [folder / run for run in dict.fromkeys(listed)]
    if (folder / "sweep.json").is_file():
        msg = f"{folder}: a sweep that is not finished; go on with the same 'planner sweep' first"
        raise RunDirectoryError(msg)
    return [folder]


def _read(folder: Path) -> FinishedRun:
    manifest = read_manifest(folder)
    try:
        scenario = manifest["scenario"]
        level_share = float(scenario["demand"]["electrification_share"])
        manifest["summary"]["solutions"][DEFAULT_SOLUTION]["ecu_year_6_days_share"]
        return FinishedRun(
            folder=folder,
            name=str(manifest["name"]),
            level_share=level_share,
            settings={
                key: value for key, value in _flat(scenario).items() if key not in _NOT_A_SERIES
            },
            summary=manifest["summary"],
        )
    except (KeyError, TypeError) as error:
        msg = f"{folder / MANIFEST}: expected the key {error}; run the scenario again"
        raise RunDirectoryError(msg) from error


def comparison_table(runs: Sequence[FinishedRun]) -> pd.DataFrame:
    """Figures of all named solutions by series and level.

    Runs that differ in nothing but their seed are replications: their mean is given, with its
    confidence interval.

    Parameters
    ----------
    runs : sequence of FinishedRun
        The runs.

    Returns
    -------
    DataFrame
        ``series``, ``level``, ``solution_name``, ``n_runs``, and for each figure its mean and
        ``_low`` and ``_high``; by series in the order given, then by level.
    """
    labels = series_labels(runs)
    groups: dict[tuple[str, float], list[FinishedRun]] = {}
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


def series_labels(runs: Sequence[FinishedRun]) -> list[str]:
    """What tells each run from those of other series: settings other than level and seed.

    Parameters
    ----------
    runs : sequence of FinishedRun
        The runs.

    Returns
    -------
    list of str
        The values of the settings that differ where these are one or two, else the names of the
        studies; with the number of the series where that is ambiguous.
    """
    keys = sorted({key for run in runs for key in run.settings})
    differing = [key for key in keys if len({run.settings.get(key) for run in runs}) > 1]
    kinds = [tuple(run.settings.get(key, "") for key in differing) for run in runs]
    if len(differing) <= _MOST_KEYS_IN_A_LABEL:
        texts = [_label(differing, kind) for kind in kinds]
    else:
        texts = [run.name for run in runs]
    kinds_of: dict[str, list[tuple[str, ...]]] = {}
    for text, kind in zip(texts, kinds, strict=True):
        if kind not in kinds_of.setdefault(text, []):
            kinds_of[text].append(kind)
    return [
        text if len(kinds_of[text]) == 1 else f"{text} ({kinds_of[text].index(kind) + 1})"
        for text, kind in zip(texts, kinds, strict=True)
    ]


def _label(keys: list[str], values: tuple[str, ...]) -> str:
    parts = []
    for key, text in zip(keys, values, strict=True):
        value = json.loads(text) if text else "-"
        name = key.rsplit(".", 1)[-1]
        parts.append(Path(value).name if isinstance(value, str) else f"{name} {text}")
    return ", ".join(parts)


def _flat(settings: dict[str, Any], above: str = "") -> dict[str, str]:
    """Nested settings by key path, values as JSON."""
    flat: dict[str, str] = {}
    for key, value in settings.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{above}{key}.")
        else:
            flat[above + key] = json.dumps(value, sort_keys=True)
    return flat


def _level_text(level_share: float) -> str:
    return f"{100 * level_share:g}\N{NO-BREAK SPACE}%"


def _figures(run: FinishedRun, name: str) -> dict[str, float]:
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


def published_and_ours(runs: Sequence[FinishedRun]) -> ShownTable:
    """Published figures beside ours, for the levels that have any.

    Parameters
    ----------
    runs : sequence of FinishedRun
        The runs; the first of each series and level is held against the figures.

    Returns
    -------
    ShownTable
        Without rows where no level has published figures.
    """
    rows: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for run, label in zip(runs, series_labels(runs), strict=True):
        published = published_texts(run.level_share, run.network)
        ours = own_figures(run.summary, run.front) if published else {}
        for what, text in published.items():
            level = _level_text(run.level_share)
            row = (label or "all", level, run.network, what, text, ours[what])
            rows.setdefault((label, level, what), row)
    columns = ("Series", "Level", "Published for", "Figure", "Published", "Ours")
    return ShownTable(columns, tuple(rows.values()), 4)


def write_comparison(
    runs: Sequence[FinishedRun], folder: Path, *, with_published: bool | None = None
) -> pd.DataFrame:
    """Write ``comparison.csv``, ``comparison.html`` and ``comparison.svg``.

    Parameters
    ----------
    runs : sequence of FinishedRun
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
