"""What trucks meet at layouts of one's own, in tables and sentences."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from planner.plan.run_columns import FLOOR
from planner.plan.unserved_trips import unserved_sentence, unserved_share
from planner.reporting.layout_files import LAYOUT_COLUMNS
from planner.reporting.page_tables import PageColumn, PageTable
from planner.reporting.phrases import verbatim
from planner.tables.language import ENGLISH
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from planner.simulation.metrics import LayoutFigures

_SHOWN_NAMES, _SHOWN_SITES = 5, 5
# A terminal has no room for the headings of the catalogue beside names of sites.
_SHORT_TITLES = {
    "name": "",
    "n_hpc": "points",
    MEAN_WAIT.name: "mean wait",
    "p95_wait_min": "95th percentile",
    "waiting_share": "of all waiting",
    "load_share": "load, busiest day",
}


@dataclass(frozen=True, slots=True)
class EvaluatedLayout:
    """A layout and what trucks meet there.

    Parameters
    ----------
    name : str
        What it is called, for example ``"your layout"`` or ``"trucks know it"``.
    figures : LayoutFigures
        Figures of the whole layout.
    sites : DataFrame
        Figures of each site, from :func:`~planner.reporting.layout_files.layout_table`.
    n_visited : int
        Sites where any truck charges at high power.
    unserved_by_reason : dict
        Trips that cannot be driven, by reason.
    """

    name: str
    figures: LayoutFigures
    sites: pd.DataFrame
    n_visited: int
    n_trips: int
    unserved_by_reason: dict[str, int]

    @property
    def n_sites(self) -> int:
        """Sites with points."""
        return int((self.sites["n_hpc"] > 0).sum())

    @property
    def n_unserved(self) -> int:
        """Trips that cannot be driven."""
        return sum(self.unserved_by_reason.values())

    @property
    def unserved_share(self) -> float:
        """Trips that cannot be driven, as a share of all."""
        return unserved_share(self.n_unserved, self.n_trips)

    @property
    def overloaded(self) -> pd.DataFrame:
        """Sites that cannot keep up with what comes, the most loaded first."""
        overloaded = self.sites[self.sites["keeps_up"] == "no"]
        return overloaded.sort_values("load_share", ascending=False, kind="stable")

    def worst_sites(self) -> pd.DataFrame:
        """The few sites where trucks wait most in all; none where nobody waits."""
        waited = self.sites[self.sites["waiting_share"] > 0.0]
        ordered = waited.sort_values("waiting_share", ascending=False, kind="stable")
        return ordered.head(_SHOWN_SITES)

    def answer(self) -> dict[str, float | int]:
        """Its figures by their names."""
        of_trips = {
            "n_sites": self.n_sites,
            "n_visited_sites": self.n_visited,
            "n_sites_overloaded": len(self.overloaded),
            "n_unserved": self.n_unserved,
            "unserved_share": self.unserved_share,
        }
        by_reason = {
            f"n_unserved_{reason.replace(' ', '_')}": n
            for reason, n in self.unserved_by_reason.items()
        }
        return of_trips | by_reason | asdict(self.figures)


class SiteAnswer(NamedTuple):
    """A site that got something else: its key and name, and what its new connection carries."""

    site_id: str
    name: str
    carried: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A layout beside the plan of the run that it was tried on.

    Parameters
    ----------
    evaluated : tuple of EvaluatedLayout
        The run's plan, the layout, and the layout once trucks know its queues where that was
        asked. Where one site got something else, the last two are before and after it, with
        trucks that know as much.
    closed : tuple of str
        Names of sites without points that trucks of the run stop at.
    beyond_limits : tuple of str
        Names of sites with more points than power or space allow, or fewer than stand there.
    folder : pathlib.Path
        Where the layout was written.
    origin : str
        Whose the sites are, a sentence.
    knows_queues : bool
        Whether trucks know the queues of the last layout.
    notes : tuple of str
        How the layout was read.
    changed : SiteAnswer or None
        The site that got something else.
    """

    evaluated: tuple[EvaluatedLayout, ...]
    closed: tuple[str, ...]
    beyond_limits: tuple[str, ...]
    folder: Path
    origin: str
    knows_queues: bool = False
    notes: tuple[str, ...] = ()
    changed: SiteAnswer | None = None

    def shown(self) -> list[str | PageTable]:
        """What a person reads, in order: sentences and tables."""
        if self.changed is None:
            main = [self._figures(), *self._worst_sites()]
        else:
            main = self._before_and_after(self.changed)
        known = self._what_to_know()
        return [*self.notes, *main, *([""] if known else []), *known]

    def table(self) -> pd.DataFrame:
        """The figures to reckon with, a row per figure: ``figure``, then a column per layout."""
        columns = {one.name: one.answer() for one in self.evaluated}
        return pd.DataFrame(columns).rename_axis("figure").reset_index()

    def _figures(self) -> PageTable:
        """The figures, a row per figure and a column per layout."""
        columns = [_column(one) for one in self.evaluated]
        rows = [(label, *(column[label] for column in columns)) for label in columns[0]]
        return _beside("figures", [one.name for one in self.evaluated], rows)

    def _before_and_after(self, changed: SiteAnswer) -> list[str | PageTable]:
        """One sentence and a small table: the site and all of them, before and after."""
        before, after = self.evaluated[-2:]
        at_site = [_at_site(one, changed.site_id) for one in (before, after)]
        rows: list[tuple[str, ...]] = [(f"At {changed.name}", "", "")]
        rows += _side_by_side([_site_column(site) for site in at_site])
        rows += [("At all sites", "", "")]
        rows += _side_by_side([_brief_column(one) for one in (before, after)])
        table = _beside("before-and-after", ["before", "after"], rows)
        said = [changed.carried] if changed.carried else []
        return [*said, _change_sentence(changed.name, at_site, (before, after)), table]

    def _worst_sites(self) -> list[str | PageTable]:
        last = self.evaluated[-1]
        worst = last.worst_sites()
        if worst.empty:
            return []
        say = ENGLISH
        of_all = say.percent(worst["waiting_share"].sum())
        heading = (
            f"\nSites where trucks wait most ({last.name}): {len(worst)} of "
            f"{say.count(last.n_sites)} account for {of_all} of all waiting."
        )
        columns = [
            replace(column, title=_SHORT_TITLES[column.name])
            for column in LAYOUT_COLUMNS
            if column.name in _SHORT_TITLES
        ]
        named = worst.assign(name=[_name_of(site) for site in worst.to_dict("records")])
        return [heading, PageTable.of("worst-sites", named, columns)]

    def _what_to_know(self) -> list[str]:
        """What to know of the layout beside its figures."""
        last = self.evaluated[-1]
        said = [self._keeping_up(last), unserved_sentence(last.n_trips, last.unserved_by_reason)]
        stop_as_before = not self.knows_queues and not self.closed
        if self.changed is not None and stop_as_before and last.overloaded.empty:
            said.append("Trucks stop where they stop in the run; --replan lets them choose anew.")
        if self.closed:
            said.append(
                f"{_sites(self.closed)} without high-power points: trucks plan their stops anew "
                "without them."
            )
        if self.beyond_limits:
            said.append(
                f"{_sites(self.beyond_limits)} with more points than power or space allow, or "
                "fewer than stand there."
            )
        return [sentence for sentence in [*said, self.origin] if sentence]

    def _keeping_up(self, last: EvaluatedLayout) -> str:
        """Whether the points can give what trucks bring, and what to do where they cannot."""
        overloaded = last.overloaded
        if overloaded.empty:
            return ""
        names = tuple(_name_of(site) for site in overloaded.to_dict("records"))
        waiting = int(overloaded["n_waiting_at_end"].sum())
        queue = (
            f" When the simulated days end, {ENGLISH.count(waiting)} trucks still wait there; with "
            "more days waits would be longer."
            if waiting
            else ""
        )
        remedy = "Trucks that know these queues would stop elsewhere: add --replan."
        if self.knows_queues:
            remedy = "Trucks know these queues already: these sites need more points."
        return (
            f"This layout cannot keep up at {_count_of_sites(names)}: {_listed(names)}. On the "
            "busiest day trucks bring as many hours of charging as the points there have, or "
            f"more.{queue} {remedy}"
        )


def _sites(names: tuple[str, ...]) -> str:
    return f"{_count_of_sites(names)} ({_listed(names)})"


def _count_of_sites(names: tuple[str, ...]) -> str:
    return "1 site" if len(names) == 1 else f"{ENGLISH.count(len(names))} sites"


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - _SHOWN_NAMES
    tail = f" and {more} more" if more > 0 else ""
    return ", ".join(names[:_SHOWN_NAMES]) + tail


def _name_of(site: Mapping[Any, Any]) -> str:
    name, key = str(site["name"]), str(site["site_id"])
    return name if name == key else f"{name} ({key})"


def _column(one: EvaluatedLayout) -> dict[str, str]:
    figures, say = one.figures, ENGLISH
    return {
        "sites with points": say.count(one.n_sites),
        "high-power points": say.count(figures.n_hpc),
        FLOOR.title: say.count(one.n_visited),
        "overnight points": say.count(figures.n_lpc),
        "mean wait": say.minutes(figures.mean_wait_min),
        "95th percentile of waits": say.minutes(figures.p95_wait_min),
        "waits over 15 min": say.percent(figures.long_wait_share),
        "use in time": say.percent(figures.tcu_share),
        "use in energy": say.percent(figures.ecu_share),
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
    "use in time",
    "as a share of all trips",
)


def _brief_column(one: EvaluatedLayout) -> dict[str, str]:
    column = _column(one)
    named = {"as a share of all trips": "trips that cannot be driven"}
    return {named.get(label, label): column[label] for label in _BRIEF}


def _at_site(one: EvaluatedLayout, site_id: str) -> pd.Series:
    """Figures of a site; all unknown where it is closed."""
    return one.sites.set_index("site_id", drop=False).reindex([site_id]).iloc[0]


def _site_column(site: pd.Series) -> dict[str, str]:
    say = ENGLISH
    is_open = site["n_hpc"] > 0
    return {
        "high-power points": say.count(site["n_hpc"] if is_open else 0),
        "sessions": say.count(site["n_sessions_hpc"] if is_open else 0),
        "mean wait": say.minutes(site[MEAN_WAIT.name]),
        "95th percentile of waits": say.minutes(site["p95_wait_min"]),
        "use in time": say.percent(site["utilisation_share"]),
        "load, busiest day": say.percent(site["load_share"]),
    }


def _beside(name: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> PageTable:
    """Table of figures by their names, a column per layout."""
    of_layouts = (PageColumn(column, verbatim(column), "figure") for column in columns)
    return PageTable(name, (PageColumn("figure", verbatim("")), *of_layouts), rows)


def _side_by_side(columns: list[dict[str, str]]) -> list[tuple[str, ...]]:
    return [(f"  {label}", *(column[label] for column in columns)) for label in columns[0]]


def _change_sentence(
    name: str, at_site: list[pd.Series], layouts: tuple[EvaluatedLayout, EvaluatedLayout]
) -> str:
    say = ENGLISH
    n_before, n_after = (int(site["n_hpc"]) if site["n_hpc"] > 0 else 0 for site in at_site)
    all_waits = [one.figures.mean_wait_min for one in layouts]
    everywhere = (
        f"{say.minutes(all_waits[1])} instead of {say.minutes(all_waits[0])} over all sites"
    )
    if n_before == n_after:
        return f"{name} has {say.count(n_after)} high-power points already: nothing changes."
    what = f"With {say.count(n_after)} instead of {say.count(n_before)} high-power points at {name}"
    if not any(site["n_sessions_hpc"] > 0 for site in at_site):
        return f"{what} nothing changes: no truck charges there."
    if n_after == 0:
        return f"{what} trucks plan their stops anew without it, and wait {everywhere}."
    waits = [say.minutes(site[MEAN_WAIT.name]) for site in at_site]
    return f"{what} trucks wait {waits[1]} instead of {waits[0]} on average there, {everywhere}."
