"""What a sweep's figures are drawn over, what tells series apart, and how keys are named."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planner.plan.key_names import LEVEL_KEY, value_shown
from planner.reporting.charts.levels import CHART_FIGURES, MORE_FIGURES, LevelAxis
from planner.scenario.sweep import short_names, value_text
from planner.sweeping.tables import axis_columns
from planner.tables.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from planner.scenario.sweep import Combination
    from planner.tables.language import Language


class SweepAxes(NamedTuple):
    """Which key of a sweep the figures are drawn over, and what tells series apart.

    Parameters
    ----------
    level_key : str
        The electrification level where it varies, else the first key of numbers that does, else
        the first key; empty without axes.
    series_keys : tuple of str
        The other keys that vary.
    axis : LevelAxis
        How the level is drawn.
    """

    level_key: str
    series_keys: tuple[str, ...]
    axis: LevelAxis

    @classmethod
    def of(cls, variants: Sequence[Combination]) -> SweepAxes:
        """Choose them for the combinations of a sweep."""
        columns = axis_columns(variants)
        varied = [
            column
            for column in columns
            if len({value_text(variant.axis_values[column.name]) for variant in variants}) > 1
        ]
        numbers = [column for column in varied if column.dtype == "float64"]
        chosen = next((column for column in numbers if column.name == LEVEL_KEY), None)
        chosen = chosen or next(iter([*numbers, *varied, *columns]), None)
        key = chosen.name if chosen else ""
        is_number = chosen is not None and chosen.dtype == "float64"
        title = key.rsplit(".", 1)[-1].replace("_", " ")
        return cls(
            key,
            tuple(column.name for column in varied if column.name != key),
            LevelAxis(
                title="Electrification level" if key == LEVEL_KEY else title,
                is_number=is_number,
                is_share=is_number and key.endswith("share"),
            ),
        )

    def series_of(self, variant: Combination) -> str:
        """Name of a combination's series."""
        return ", ".join(key_and_value(variant, key, ENGLISH) for key in self.series_keys)

    def level_of(self, variant: Combination, language: Language) -> str:
        """Level of a combination as text."""
        if not self.level_key:
            return variant.label
        return value_shown(self.level_key, variant.axis_values[self.level_key], language)


def chart_data(
    summary: pd.DataFrame, variants: Sequence[Combination]
) -> tuple[LevelAxis, pd.DataFrame]:
    """What the chart is drawn from: the level, the series, and the figures.

    Parameters
    ----------
    summary : DataFrame
        From :func:`~planner.sweeping.tables.summary_table`.

    Returns
    -------
    LevelAxis
        See :class:`SweepAxes`.
    DataFrame
        As :func:`~planner.reporting.charts.levels.level_chart` wants it.
    """
    axes = SweepAxes.of(variants)
    of_label = {variant.label: variant for variant in variants}
    data = summary.copy()
    for ending in ("", "_low", "_high"):
        data[f"energy_gwh{ending}"] = data[f"energy_mwh{ending}"] / 1000.0
    data["level"] = data[axes.level_key] if axes.level_key else data["scenario"]
    data["series"] = [axes.series_of(of_label[label]) for label in data["scenario"]]
    for name in ("cpo", "logistics"):
        of_name = data[data["solution_name"] == name].set_index("scenario")["n_hpc"]
        data[f"n_hpc_{name}"] = data["scenario"].map(of_name)
    with_interval = [
        column + ending
        for figure in (*CHART_FIGURES, *MORE_FIGURES)
        for column in figure.columns
        for ending in ("", "_low", "_high")
    ]
    ranges = [column for figure in CHART_FIGURES for column in figure.range_columns]
    wanted = [column for column in (*with_interval, *ranges) if column in data]
    return axes.axis, data[["series", "level", "solution_name", *wanted]]


def key_shown(variant: Combination, key: str, language: Language) -> str:
    """Key as a heading: its last part, and the level by its name."""
    if key == LEVEL_KEY:
        return language.text("Electric trucks")
    return short_names(variant.axis_values)[key].replace("_", " ")


def key_and_value(variant: Combination, key: str, language: Language) -> str:
    """A combination's value of a key, with the key where the value alone says too little."""
    value = variant.axis_values[key]
    shown = value_shown(key, value, language)
    return shown if isinstance(value, str) else f"{key_shown(variant, key, language)} {shown}"


def all_else(variant: Combination, key: str, language: Language) -> str:
    """A combination's other keys and values."""
    others = [other for other in variant.axis_values if other != key]
    return ", ".join(key_and_value(variant, other, language) for other in others)
