"""The one door to figures of a run: all of them, in the formats, language and width asked for."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from planner.plan.input_sources import input_sources
from planner.reporting.figures.formats import PictureFormat
from planner.reporting.figures.plan_figures import (
    front_figure,
    hours_figure,
    trip_extra_figure,
)
from planner.reporting.figures.rendering import picture
from planner.reporting.figures.site_map import MAP_LAYERS, MAP_WIDTH_MM, map_figure
from planner.reporting.gis.plan_map import GEOPACKAGE, read_layers
from planner.runs.disk_faults import told_of
from planner.runs.durable_files import replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from planner.plan.finished_run import FinishedRun
    from planner.reporting.figures.drawing import Drawing
    from planner.reporting.figures.rendering import Figure
    from planner.tables.language import Language

FOLDER = "figures"
"""Folder of the figures in a run's or a sweep's folder."""
CAPTIONS = "captions.txt"


def run_figures(
    run: FinishedRun,
    language: Language,
    *,
    solution: str | None = None,
    width_mm: float | None = None,
) -> tuple[Figure, ...]:
    """Figures of a run: front, map, hours and what charging adds to the trips.

    Parameters
    ----------
    solution : str, optional
        Named solution that the map shows; the default one without it.
    width_mm : float, optional
        Width they will be drawn at; each at the one that suits it without it.

    Raises
    ------
    RunDirectoryError
        If the run lacks a table or has no such solution.
    """
    shown = run.default_solution if solution is None else run.solution(solution)
    layers = read_layers(run.folder / GEOPACKAGE, MAP_LAYERS)
    return (
        front_figure(run, language),
        map_figure(run, layers, shown, language, width_mm or MAP_WIDTH_MM),
        hours_figure(run, language),
        trip_extra_figure(run, language),
    )


def sources_line(scenario_sources: Iterable[str], language: Language) -> str:
    """Who is to be named below figures, in a line."""
    named = "; ".join(dict.fromkeys(scenario_sources))
    return language.text("Data: {sources}", sources=named) if named else ""


def run_sources(run: FinishedRun, language: Language) -> list[str]:
    """Sources of a run's inputs with their licences."""
    return [
        ", ".join(
            part
            for part in (language.own_text(source.attribution or source.title), source.licence)
            if part
        )
        for source in input_sources(run.scenario)
    ]


def write_figures(
    figures: Iterable[Figure],
    folder: Path,
    formats: Sequence[PictureFormat],
    language: Language,
    *,
    width_mm: float | None = None,
    sources: str = "",
    by: Drawing | None = None,
) -> list[Path]:
    """Write figures and their captions.

    Parameters
    ----------
    folder : pathlib.Path
        Where to; made where it does not exist.
    formats : sequence of PictureFormat
        Kinds of files.
    width_mm : float, optional
        Width of all; each has the one that suits it without it.
    sources : str
        A line on who is to be named, for the captions.
    by : Drawing, optional
        Who draws; this process by default.

    Returns
    -------
    list of Path
        The files written.
    """
    with told_of(folder, "choose another --out"):
        return _written(figures, folder, formats, language, width_mm, sources, by)


def _written(
    figures: Iterable[Figure],
    folder: Path,
    formats: Sequence[PictureFormat],
    language: Language,
    width_mm: float | None,
    sources: str,
    by: Drawing | None,
) -> list[Path]:
    written: list[Path] = []
    captions: list[str] = []
    folder.mkdir(parents=True, exist_ok=True)
    for figure in figures:
        drawn = picture(figure, width_mm or figure.width_mm, language, by)
        for picture_format in formats:
            path = folder / f"{figure.name}.{picture_format}"
            drawn.write(path, picture_format)
            written.append(path)
        captions.append(f"{figure.name}\n{figure.caption}\n")
    text = "\n".join([*captions, f"{sources}\n"] if sources else captions)
    with replacing(folder / CAPTIONS) as path:
        path.write_text(text, encoding="utf-8")
    return [*written, folder / CAPTIONS]


def write_run_figures(
    run: FinishedRun,
    language: Language,
    by: Drawing | None = None,
    is_ended: Callable[[], bool] = bool,
) -> list[Path]:
    """Write the figures that every run has: SVG and PNG in its folder.

    Parameters
    ----------
    by : Drawing, optional
        Who draws; this process by default.
    is_ended : callable, optional
        Asked before each figure whether nobody waits for the rest; by default somebody does.

    Returns
    -------
    list of Path
        The files written.
    """
    return write_figures(
        takewhile(lambda _: not is_ended(), run_figures(run, language)),
        run.folder / FOLDER,
        (PictureFormat.SVG, PictureFormat.PNG),
        language,
        sources=sources_line(run_sources(run, language), language),
        by=by,
    )
