"""Figures of layouts as people read them, by their names: whole, in brief, of one site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.optimization.class_columns import N_SLOW
from planner.plan.run_columns import FLOOR
from planner.said import Said
from planner.tables.forms import written
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    import pandas as pd

    from planner.layouts.evaluated import EvaluatedLayout
    from planner.tables.language import Language


def whole_column(one: EvaluatedLayout, say: Language) -> dict[str, str]:
    """All figures of a layout by their English names."""
    figures = one.figures
    by_class = [] if one.by_class is None else one.by_class.rows()
    return {
        "sites with points": say.count(one.n_sites),
        "high-power points": say.count(figures.n_hpc),
        FLOOR.title: say.count(one.n_visited),
        **{row.title: written(row.value, row.form, say) for row in by_class},
        "overnight points": say.count(figures.n_lpc),
        "mean wait": say.minutes(figures.mean_wait_min),
        "95th percentile of waits": say.minutes(figures.p95_wait_min),
        "waits over 15 min": say.percent(figures.long_wait_share),
        "utilisation in time, TCU": say.percent(figures.tcu_share),
        "utilisation in energy, ECU": say.percent(figures.ecu_share),
        "MWh at high power": say.count(figures.energy_hpc_mwh),
        "MWh overnight": say.count(figures.energy_lpc_mwh),
        "found no overnight point": say.count(figures.n_lpc_rejected),
        "trips that cannot be driven": say.count(one.n_unserved),
        "as a share of all trips": say.percent(one.unserved_share),
    }


_BRIEF = (
    "high-power points",
    FLOOR.title,
    "mean wait",
    "95th percentile of waits",
    "waits over 15 min",
    "utilisation in time, TCU",
    "as a share of all trips",
)


def brief_column(one: EvaluatedLayout, language: Language) -> dict[str, str]:
    """The few figures that stand beside those of one site."""
    column = whole_column(one, language)
    named = {"as a share of all trips": "trips that cannot be driven"}
    return {named.get(label, label): column[label] for label in _BRIEF}


def at_site(one: EvaluatedLayout, site_id: str) -> pd.Series:
    """Figures of a site; all unknown where it is closed."""
    return one.sites.set_index("site_id", drop=False).reindex([site_id]).iloc[0]


def site_column(site: pd.Series, say: Language) -> dict[str, str]:
    """Figures of a site by their English names."""
    is_open = site["n_hpc"] > 0
    slower = "of these, slower ones"
    n_slow = {slower: site[N_SLOW.name]} if N_SLOW.name in site else {}
    return {
        "high-power points": say.count(site["n_hpc"] if is_open else 0),
        **{label: say.count(n if is_open else 0) for label, n in n_slow.items()},
        "sessions": say.count(site["n_sessions_hpc"] if is_open else 0),
        "mean wait": say.minutes(site[MEAN_WAIT.name]),
        "95th percentile of waits": say.minutes(site["p95_wait_min"]),
        "utilisation in time, TCU": say.percent(site["utilisation_share"]),
        "load, busiest day": say.percent(site["load_share"]),
    }


def in_words(label: str, language: Language) -> str:
    """Name of a figure in a language."""
    return language.own_text(label) if isinstance(label, Said) else language.text(label)
