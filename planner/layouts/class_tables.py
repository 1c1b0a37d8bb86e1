"""Tables of mixes of two classes of high-power points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.optimization.class_columns import CLASS_FRONT, CLASS_SITES
from planner.optimization.pareto import non_dominated
from planner.simulation.class_figures import class_figures
from planner.simulation.metrics import ratio_or_nan
from planner.tables.layout_quantities import OPERATOR_COST, SYSTEM_COST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.costs.layout_costs import LayoutCosts
    from planner.costs.site_costs import SiteCosts, SiteLoad
    from planner.network.sites import Sites
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.class_demand import ClassDemand
    from planner.simulation.class_figures import ClassFigures
    from planner.simulation.class_queues import ClassLayout, ClassResult

_CLASSES = np.array(["none", "fast", "slow", "both"], dtype=object)
_NOT_TOLD = ("energy_fast_kwh", "energy_slow_kwh")


@dataclass(frozen=True, slots=True)
class PricedMix:
    """A mix, simulated in full and priced.

    Parameters
    ----------
    kind : str
        fast, mixed or slow; swapped or given.
    figures : ClassFigures
        Of all sites together.
    costs : tuple of LayoutCosts
        With all factors central, low and high.
    by_site : SiteCosts
        Of each site, factors central.
    """

    kind: str
    layout: ClassLayout
    result: ClassResult
    served: ChargingDemand
    figures: ClassFigures
    load: SiteLoad
    costs: tuple[LayoutCosts, LayoutCosts, LayoutCosts]
    by_site: SiteCosts

    @property
    def system_eur_day(self) -> float:
        """Cost to all, EUR a day."""
        return float(self.costs[0].system_cost_eur_day[0])

    def row(self, name: str) -> dict[str, object]:
        """Its row of ``CLASS_FRONT``."""
        central, low, high = self.costs
        row: dict[str, object] = {"kind": self.kind, "plan": name}
        row |= {column: values[0] for column, values in figure_columns(self.figures).items()}
        for quantity in (OPERATOR_COST, SYSTEM_COST):
            for end, each in (("", central), ("_low", low), ("_high", high)):
                row[f"{quantity.name}{end}"] = getattr(each, quantity.name)[0]
        row["operator_eur_day"] = central.operator_eur_day[0]
        row["lost_eur_day"] = central.waiting_eur_day[0]
        row["investment_eur"] = self.by_site.investment_eur.sum()
        return row


def figure_columns(figures: ClassFigures) -> dict[str, NDArray[np.generic]]:
    """Figures as columns of tables."""
    names = [name for name in figures.__dataclass_fields__ if name not in _NOT_TOLD]
    return {name: getattr(figures, name) for name in names}


def mix_table(
    mixes: list[PricedMix], beside: list[PricedMix]
) -> tuple[pd.DataFrame, dict[str, PricedMix]]:
    """Mixes that none of their kind beats, and the plans that have a name.

    Parameters
    ----------
    beside : list of PricedMix
        Others, all named after their kind.
    """
    rows, named = [], {}
    for kind in dict.fromkeys(each.kind for each in mixes):
        of_kind = [each for each in mixes if each.kind == kind]
        points = np.array(
            [(each.figures.mean_lost_min[0], each.costs[0].operator_eur_day[0]) for each in of_kind]
        )
        kept = [of_kind[at] for at in non_dominated(points)]
        best = min(kept, key=lambda each: each.system_eur_day)
        named[kind] = best
        rows += [each.row(kind if each is best else "") for each in kept]
    for each in beside:
        named[each.kind] = each
        rows.append(each.row(each.kind))
    return pd.DataFrame(rows)[CLASS_FRONT.column_names], named


def site_table(
    sites: Sites, trucks: ClassDemand, named: dict[str, PricedMix], days_a_year: float
) -> pd.DataFrame:
    """Sites of the named plans."""
    tables = []
    for name, each in named.items():
        figures = class_figures(trucks, each.layout, each.result, each.served, by_site=True)
        year_kwh = each.load.energy_kwh_day * days_a_year
        tables.append(
            pd.DataFrame(
                {
                    "plan": name,
                    "site_id": sites.site_id,
                    "name": sites.name,
                    "road": sites.road,
                    "n_hpc": figures.n_fast + figures.n_slow,
                    "classes": _CLASSES[
                        (figures.n_fast > 0) + 2 * (figures.n_slow > 0).astype(np.int64)
                    ],
                    "n_lpc": each.layout.n_lpc.astype(np.int64),
                    **figure_columns(figures),
                    "peak_kw": each.load.peak_kw,
                    OPERATOR_COST.name: ratio_or_nan(each.by_site.eur_year.sum(axis=1), year_kwh),
                    "lon": sites.lon,
                    "lat": sites.lat,
                }
            )
        )
    return pd.concat(tables, ignore_index=True)[CLASS_SITES.column_names]
