"""What trucks meet at a layout by the two classes of its high-power points."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.optimization.class_columns import FAST_KW, N_SLOW, OF_CLASSES, SLOW_KW
from planner.said import counted, said

if TYPE_CHECKING:
    import pandas as pd

    from planner.said import Said
    from planner.scenario.charger_classes import PointClass, TwoClasses
    from planner.simulation.class_figures import ClassFigures
    from planner.tables.forms import Form

HOW_TAKEN = said(
    "A truck takes the class of points at which it leaves earlier, its wait counted. No stop is "
    "planned by the class of points: trucks that knew of slower ones might lose less."
)
HOW_LEARNED = said(
    "Trucks that know the queues have learned one queue of the points of both classes, at the "
    "power of the faster one, and are then simulated by class; who would come where no point has "
    "its connector keeps its stops."
)
_OF_WHOLE = ("n_fast", "n_slow", *(each.name for each in OF_CLASSES))


class WholeFigure(NamedTuple):
    """A figure of a whole layout, with its title."""

    title: str
    form: Form
    value: float


@dataclass(frozen=True, slots=True)
class MetByClass:
    """Figures of a layout of points of two classes.

    Parameters
    ----------
    classes : TwoClasses
        The classes.
    whole, at_sites : ClassFigures
        Of all sites together, and of each.
    """

    classes: TwoClasses
    whole: ClassFigures
    at_sites: ClassFigures

    def answer(self) -> dict[str, float | int]:
        """Figures of the whole by their names; 0 where there are no points or sessions."""
        values = {name: values[0] for name, values in asdict(self.whole).items()}
        powers = {
            FAST_KW.name: self.classes.fast.power_kw,
            SLOW_KW.name: self.classes.slow.power_kw,
        }
        return powers | {name: np.nan_to_num(values[name]).item() for name in _OF_WHOLE}

    def rows(self) -> list[WholeFigure]:
        """Figures of the whole that a person reads, the classes by their names."""
        classes, whole = self.classes, self.whole
        fast, slow = (named(*each) for each in by_name(classes))
        return [
            WholeFigure(said("points of {kind}", kind=fast), "count", whole.n_fast[0]),
            WholeFigure(said("points of {kind}", kind=slow), "count", whole.n_slow[0]),
            WholeFigure(
                "time lost by waits and slower charging", "minutes", whole.mean_lost_min[0]
            ),
            WholeFigure(
                said("sessions at {kind}", kind=slow), "percent", whole.slow_session_share[0]
            ),
            WholeFigure(
                said("utilisation of {kind} in time", kind=fast), "percent", whole.fast_use_share[0]
            ),
            WholeFigure(
                said("utilisation of {kind} in time", kind=slow), "percent", whole.slow_use_share[0]
            ),
        ]

    def beside(self, table: pd.DataFrame) -> pd.DataFrame:
        """A table of sites with slower points behind ``n_hpc``, figures of classes at the end."""
        at_sites = asdict(self.at_sites)
        added = {each.name: at_sites[each.name] for each in (N_SLOW, *OF_CLASSES)}
        behind = [*table.columns].index("n_hpc") + 1
        order = [*table.columns[:behind], N_SLOW.name, *table.columns[behind:]]
        return table.assign(**added)[[*order, *(each.name for each in OF_CLASSES)]]


def begun_with(n_sites: int) -> list[Said]:
    """What to know of a plan in which so many sites have a point of the slower class."""
    if not n_sites:
        return []
    return [
        counted(
            n_sites,
            "In the plan {n} site has a point of the slower class, for trucks that lack the "
            "connector of the faster one.",
            "In the plan {n} sites have a point of the slower class, for trucks that lack the "
            "connector of the faster one.",
        )
    ]


def by_name(classes: TwoClasses) -> tuple[tuple[str, PointClass], tuple[str, PointClass]]:
    """The faster class and the slower one, each with its name."""
    return (classes.fast_name, classes.fast), (classes.slow_name, classes.slow)


def named(name: str, point: PointClass) -> Said:
    """A class as people know it: by its name and its power."""
    return said("{name} {kw} kW", name=name.upper(), kw=point.power_kw)
