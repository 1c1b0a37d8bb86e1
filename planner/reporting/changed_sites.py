"""What changes at the sites between compared runs: sections of the page, table, map for QGIS."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from math import isnan
from typing import TYPE_CHECKING

import pandas as pd

from planner.plan.map_places import names_source
from planner.plan.site_changes import CHANGES_LAYER, SITE_CHANGES, site_changes
from planner.reporting.charts.changes import changes_map
from planner.reporting.comparison_answer import comparison_answer, group_names, run_groups
from planner.reporting.gis.plan_map import GEOPACKAGE, MapView, PlanMap, makers, read_layers
from planner.reporting.gis.point_layer import point_layer
from planner.reporting.page_sections import Chart, Heading, Section, Table, hint
from planner.reporting.page_tables import Figure, PageColumn, PageTable
from planner.reporting.phrases import Phrase, phrase, verbatim
from planner.runs.manifests import read_manifest
from planner.tables.forms import decimals
from planner.tables.language import ENGLISH
from planner.tables.layout_quantities import N_HPC

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import altair as alt
    import geopandas as gpd

    from planner.plan.compared_runs import ComparedRun
    from planner.reporting.page_tables import Cell
    from planner.tables.language import Language
    from planner.tables.table import Quantity

COMPARISON_MAP = "comparison"
"""Name of the map's files in the folder of a comparison."""
_BASE_LAYERS = ("countries", "network", "roads", "places")
MINUS = "\N{MINUS SIGN}"
_MOST_ON_PAGE = 3
_MOST_ROWS = 15
_SHOWN = SITE_CHANGES.without("site_id", "lon", "lat")
_CHANGES = {"n_hpc_change", "mean_wait_change_min"}


@dataclass(frozen=True, slots=True)
class ChangedSites:
    """Changes against the first of some runs, and what lies around.

    Parameters
    ----------
    names : list of str
        What the first and each other run, or group of draws, is called.
    tables : list of DataFrame
        ``SITE_CHANGES`` of each but the first.
    layers : dict of str to GeoDataFrame
        Countries, roads and places of the first.
    """

    runs: Sequence[ComparedRun]
    names: list[str]
    tables: list[pd.DataFrame]
    layers: dict[str, gpd.GeoDataFrame]

    @classmethod
    def of(cls, runs: Sequence[ComparedRun]) -> ChangedSites | None:
        """Read them; None where there is nothing to compare, or runs have no site in common."""
        groups = list(run_groups(runs).values())
        files = [run.folder / name for run in runs for name in ("sites.parquet", GEOPACKAGE)]
        if len(groups) == 1 or not all(file.is_file() for file in files):
            return None
        tables = [site_changes(groups[0], group) for group in groups[1:]]
        if not any(table[["n_hpc_before", N_HPC.name]].all(axis=1).any() for table in tables):
            return None
        layers = read_layers(groups[0][0].folder / GEOPACKAGE, _BASE_LAYERS)
        return cls(runs, group_names(runs, ENGLISH), tables, layers)

    def titles(self, language: Language) -> list[str]:
        """What each change is called."""
        return [
            language.text("{other} instead of {base}", other=name, base=self.names[0])
            for name in self.names[1:]
        ]

    def table(self) -> pd.DataFrame:
        """All changes, one below the other."""
        parts = [
            table.assign(base=self.names[0], compared=name)
            for name, table in zip(self.names[1:], self.tables, strict=True)
        ]
        return pd.concat(parts)[["base", "compared", *SITE_CHANGES.column_names]]

    def section(self) -> Section:
        """Part of the page: map and table of the largest changes of the first few."""
        parts: list[object] = [
            hint(
                phrase(
                    "Balanced plans, site by site. The map for QGIS beside this page "
                    "(comparison.qgz) has a layer for each change; comparison_sites.csv has all "
                    "sites."
                )
            )
        ]
        for number, table in enumerate(self.tables[:_MOST_ON_PAGE]):
            title = Phrase.of(partial(self._title, number))
            parts += [Heading(title), Chart(f"changes-{number}")]
            changed = table[table["n_hpc_change"].round(9) != 0]
            told = Phrase.of(partial(_told, len(changed)))
            parts += [hint(told) if changed.empty else Table(_largest(changed, number), hint=told)]
        if names := names_source(self.layers["places"]):
            parts.append(hint(phrase("Names of towns: {names}.", names=names)))
        return Section(phrase("What changes at the sites"), parts, "changes")

    def _title(self, number: int, language: Language) -> str:
        return self.titles(language)[number]

    def charts(self) -> dict[str, Callable[[Language], alt.LayerChart]]:
        """Maps of the section by their names."""
        behind = [self.layers[name] for name in ("roads", "countries", "places")]
        return {
            f"changes-{number}": partial(changes_map, table, *behind)
            for number, table in enumerate(self.tables[:_MOST_ON_PAGE])
        }

    def map(self, language: Language) -> PlanMap:
        """The changes as layers for QGIS, a view for each."""
        layers, views = dict(self.layers), []
        for name, title, table in zip(
            self.names[1:], self.titles(language), self.tables, strict=True
        ):
            key = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
            layer = f"{CHANGES_LAYER}_{key}"
            layers[layer] = point_layer(table)
            figures = {"n_hpc_change": float(table["n_hpc_change"].sum())}
            views.append(MapView(key, title, layer, "network", figures, is_change=True))
        manifests = [read_manifest(run.folder) for run in self.runs]
        sources = [maker for each in manifests for maker in makers(each["scenario"])]
        return PlanMap(
            name=COMPARISON_MAP,
            description=comparison_answer(self.runs, language),
            level_share=None,
            views=tuple(views),
            default=views[0],
            sources=tuple(dict.fromkeys(sources)),
            layers=layers,
            site_sections=tuple(each["scenario"]["sites"] for each in manifests),
        )


def _told(n_changed: int, language: Language) -> str:
    """What sites a table of the largest changes has."""
    if n_changed > _MOST_ROWS:
        return language.text(
            "Of {all} sites with more or fewer high-power points the {n} with the largest change.",
            all=language.count(n_changed),
            n=_MOST_ROWS,
        )
    if not n_changed:
        return language.text("No site has more or fewer high-power points.")
    return language.counted(
        n_changed,
        "The only site with more or fewer high-power points.",
        "All {n} sites with more or fewer high-power points.",
    )


def _largest(table: pd.DataFrame, number: int) -> PageTable:
    rows: list[Sequence[Cell]] = [
        tuple(_cell(row[each.name], each) for each in _SHOWN)
        for row in table.head(_MOST_ROWS).to_dict("records")
    ]
    columns = tuple(PageColumn.of(each, with_unit=True) for each in _SHOWN)
    return PageTable(f"changes-{number}", columns, rows)


def _cell(value: str | float, quantity: Quantity) -> Cell:
    if isinstance(value, str):
        return verbatim(value)
    return Figure(Phrase.of(partial(_written, float(value), quantity)), float(value))


def _written(value: float, quantity: Quantity, language: Language) -> str:
    """Figure, a change with its sign."""
    text = language.number(abs(value), decimals(quantity.form))
    is_change = quantity.name in _CHANGES
    if not is_change or text == language.number(0.0, decimals(quantity.form)):
        return text
    return text if isnan(value) else f"{'+' if value > 0.0 else MINUS}{text}"
