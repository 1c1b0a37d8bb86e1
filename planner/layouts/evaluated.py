"""What trucks meet at layouts of one's own, in tables and sentences."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from planner.layouts.evaluated_columns import (
    at_site,
    brief_column,
    in_words,
    site_column,
    whole_column,
)
from planner.layouts.met_by_class import HOW_LEARNED, HOW_TAKEN, begun_with
from planner.optimization.class_columns import N_SLOW
from planner.plan.site_origin import site_origin
from planner.plan.unserved_trips import unserved_sentence, unserved_share
from planner.reporting.layout_columns import n_unserved_of
from planner.reporting.layout_files import LAYOUT_COLUMNS, figure_table
from planner.reporting.page_tables import PageColumn, PageTable
from planner.reporting.phrases import verbatim
from planner.tables.language import ENGLISH
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from planner.layouts.met_by_class import MetByClass
    from planner.network.sites import Sites
    from planner.simulation.metrics import LayoutFigures, SiteFigures
    from planner.tables.language import Language

_SHOWN_NAMES, _SHOWN_SITES = 5, 5
# A terminal has no room for the headings of the catalogue beside names of sites.
_SHORT_TITLES = {
    "name": "",
    "n_hpc": "High-power points",
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
    at_sites : SiteFigures
        Figures of each site that ``sites`` does not hold: its peak power, its energy.
    n_visited : int
        Sites where any truck charges at high power.
    unserved_by_reason : dict
        Trips that cannot be driven, by reason.
    by_class : MetByClass or None
        Figures by the class of its points, where the study names two.
    """

    name: str
    figures: LayoutFigures
    sites: pd.DataFrame
    at_sites: SiteFigures
    n_visited: int
    n_trips: int
    unserved_by_reason: dict[str, int]
    by_class: MetByClass | None = None

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

    def connected(self, sites: Sites) -> EvaluatedLayout:
        """The same with the grid connections of sites, which may be other ones than of the run."""
        known_kw = dict(zip(map(str, sites.site_id), sites.grid_connection_kw, strict=True))
        connection_kw = [known_kw[str(site_id)] for site_id in self.sites["site_id"]]
        return replace(self, sites=self.sites.assign(grid_connection_kw=connection_kw))

    def answer(self) -> dict[str, float | int]:
        """Its figures by their names."""
        of_trips = {
            "n_sites": self.n_sites,
            "n_visited_sites": self.n_visited,
            "n_sites_overloaded": len(self.overloaded),
            "n_unserved": self.n_unserved,
            "unserved_share": self.unserved_share,
        }
        by_reason = {n_unserved_of(reason): n for reason, n in self.unserved_by_reason.items()}
        of_classes = {} if self.by_class is None else self.by_class.answer()
        return of_trips | by_reason | asdict(self.figures) | of_classes


class SiteAnswer(NamedTuple):
    """A site that got something else: its key and name, and what its new connection carries."""

    site_id: str
    name: str
    carried: str


def answers(layouts: Sequence[EvaluatedLayout]) -> dict[str, dict[str, float | int]]:
    """Figures of whole layouts by their names, by what the layouts are called."""
    return {one.name: one.answer() for one in layouts}


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
    added : tuple of str
        Names of sites with points that the run does not have.
    beyond_limits : tuple of str
        Names of sites with more points than power or space allow, or fewer than stand there.
    folder : pathlib.Path
        Where the layout was written.
    sites_section : mapping
        Section ``sites`` of the resolved scenario: whose the sites are.
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
    sites_section: Mapping[str, Any]
    knows_queues: bool = False
    notes: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    changed: SiteAnswer | None = None

    def shown(self, language: Language = ENGLISH) -> list[str | PageTable]:
        """What a person reads, in order: sentences and tables."""
        if self.changed is None:
            main = [self._figures(language), *self._worst_sites(language)]
        else:
            main = self._before_and_after(self.changed, language)
        known = self._what_to_know(language)
        notes = [language.own_text(note) for note in self.notes]
        return [*notes, *main, *([""] if known else []), *known]

    def table(self) -> pd.DataFrame:
        """The figures to reckon with, a row per figure: ``figure``, then a column per layout."""
        return figure_table(answers(self.evaluated))

    def _figures(self, language: Language) -> PageTable:
        """The figures, a row per figure and a column per layout."""
        columns = [whole_column(one, language) for one in self.evaluated]
        rows = [
            (in_words(label, language), *(column[label] for column in columns))
            for label in columns[0]
        ]
        return _beside("figures", [language.own_text(one.name) for one in self.evaluated], rows)

    def _before_and_after(self, changed: SiteAnswer, language: Language) -> list[str | PageTable]:
        """One sentence and a small table: the site and all of them, before and after."""
        before, after = self.evaluated[-2:]
        of_site = [at_site(one, changed.site_id) for one in (before, after)]
        rows: list[tuple[str, ...]] = [(language.text("At {site}", site=changed.name), "", "")]
        rows += _side_by_side([site_column(site, language) for site in of_site], language)
        rows += [(language.text("At all sites"), "", "")]
        rows += _side_by_side([brief_column(one, language) for one in (before, after)], language)
        columns = [language.text("before"), language.text("after")]
        table = _beside("before-and-after", columns, rows)
        carried = [language.own_text(changed.carried)] if changed.carried else []
        sentence = _change_sentence(changed.name, of_site, (before, after), language)
        return [*carried, sentence, table]

    def _worst_sites(self, language: Language) -> list[str | PageTable]:
        last = self.evaluated[-1]
        worst = last.worst_sites()
        if worst.empty:
            return []
        heading = language.counted(
            len(worst),
            "Sites where trucks wait most ({layout}): {n} of {all} accounts for {share} of all "
            "waiting.",
            "Sites where trucks wait most ({layout}): {n} of {all} account for {share} of all "
            "waiting.",
            layout=language.own_text(last.name),
            all=language.count(last.n_sites),
            share=language.percent(worst["waiting_share"].sum()),
        )
        columns = [
            replace(column, title=_SHORT_TITLES[column.name])
            for column in LAYOUT_COLUMNS
            if column.name in _SHORT_TITLES
        ]
        named = worst.assign(name=[_name_of(site) for site in worst.to_dict("records")])
        return [f"\n{heading}", PageTable.of("worst-sites", named, columns)]

    def _what_to_know(self, language: Language) -> list[str]:
        """What to know of the layout beside its figures."""
        last = self.evaluated[-1]
        unserved = unserved_sentence(last.n_trips, last.unserved_by_reason, language)
        said = [self._keeping_up(last, language), unserved]
        stop_as_before = not (self.knows_queues or self.closed or self.added)
        if self.changed is not None and stop_as_before and last.overloaded.empty:
            said.append(
                language.text(
                    "Trucks stop where they stop in the run; --replan lets them choose anew."
                )
            )
        if last.by_class is not None:
            known = [HOW_TAKEN, HOW_LEARNED] if self.knows_queues else [HOW_TAKEN]
            known = known if last.by_class.whole.n_slow[0] else []
            n_begun = int((self.evaluated[0].sites[N_SLOW.name] > 0).sum())
            said += [language.own_text(each) for each in (*known, *begun_with(n_begun))]
        if self.closed:
            said.append(
                language.text(
                    "Without high-power points: {sites}; trucks plan their stops anew without "
                    "them.",
                    sites=_sites(self.closed, language),
                )
            )
        if self.added:
            said.append(
                language.text(
                    "Added: {sites}; trucks plan their stops anew with what is there.",
                    sites=_sites(self.added, language),
                )
            )
        if self.beyond_limits:
            said.append(
                language.text(
                    "With more points than power or space allow, or fewer than stand there: "
                    "{sites}.",
                    sites=_sites(self.beyond_limits, language),
                )
            )
        origin = site_origin(self.sites_section, language)
        return [sentence for sentence in [*said, origin] if sentence]

    def _keeping_up(self, last: EvaluatedLayout, language: Language) -> str:
        """Whether the points can give what trucks bring, and what to do where they cannot."""
        overloaded = last.overloaded
        if overloaded.empty:
            return ""
        names = tuple(_name_of(site) for site in overloaded.to_dict("records"))
        waiting = int(overloaded["n_waiting_at_end"].sum())
        said = [
            language.text(
                "This layout cannot keep up at {sites}. On the busiest day trucks bring as many "
                "hours of charging as the points there have, or more.",
                sites=_sites(names, language),
            )
        ]
        if waiting:
            said.append(
                language.counted(
                    waiting,
                    "When the simulated days end, {n} truck still waits there; with more days "
                    "waits would be longer.",
                    "When the simulated days end, {n} trucks still wait there; with more days "
                    "waits would be longer.",
                )
            )
        remedy = (
            "Trucks know these queues already: these sites need more points."
            if self.knows_queues
            else "Trucks that know these queues would stop elsewhere: add --replan."
        )
        return " ".join([*said, language.text(remedy)])


def _sites(names: tuple[str, ...], language: Language) -> str:
    n_sites = language.counted(len(names), "{n} site", "{n} sites")
    return f"{n_sites} ({_listed(names, language)})"


def _listed(names: tuple[str, ...], language: Language) -> str:
    more, shown = len(names) - _SHOWN_NAMES, ", ".join(names[:_SHOWN_NAMES])
    if more <= 0:
        return shown
    return language.text("{names} and {n} more", names=shown, n=language.count(more))


def _name_of(site: Mapping[Any, Any]) -> str:
    name, key = str(site["name"]), str(site["site_id"])
    return name if name == key else f"{name} ({key})"


def _beside(name: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> PageTable:
    """Table of figures by their names, a column per layout."""
    of_layouts = (PageColumn(column, verbatim(column), "figure") for column in columns)
    return PageTable(name, (PageColumn("figure", verbatim("")), *of_layouts), rows)


def _side_by_side(columns: list[dict[str, str]], language: Language) -> list[tuple[str, ...]]:
    return [
        (f"  {language.text(label)}", *(column[label] for column in columns))
        for label in columns[0]
    ]


def _change_sentence(
    name: str,
    of_site: list[pd.Series],
    layouts: tuple[EvaluatedLayout, EvaluatedLayout],
    say: Language,
) -> str:
    n_before, n_after = (int(site["n_hpc"]) if site["n_hpc"] > 0 else 0 for site in of_site)
    if n_before == n_after:
        return say.counted(
            n_after,
            "{site} has {n} high-power point already: nothing changes.",
            "{site} has {n} high-power points already: nothing changes.",
            site=name,
        )
    what = say.counted(
        n_before,
        "With {after} instead of {n} high-power point at {site}",
        "With {after} instead of {n} high-power points at {site}",
        after=say.count(n_after),
        site=name,
    )
    if not any(site["n_sessions_hpc"] > 0 for site in of_site):
        return say.text("{change} nothing changes: no truck charges there.", change=what)
    before, after = (say.minutes(one.figures.mean_wait_min) for one in layouts)
    everywhere = say.text("{after} instead of {before} over all sites", after=after, before=before)
    if n_after == 0:
        return say.text(
            "{change} trucks plan their stops anew without it, and wait {everywhere}.",
            change=what,
            everywhere=everywhere,
        )
    waits = [say.minutes(site[MEAN_WAIT.name]) for site in of_site]
    return say.text(
        "{change} trucks wait {after} instead of {before} on average there, {everywhere}.",
        change=what,
        after=waits[1],
        before=waits[0],
        everywhere=everywhere,
    )
