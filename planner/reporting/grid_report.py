"""What grid operators are told, as people open it: page, tables, order list, map for QGIS."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from planner.grid.columns import GRID_GROUPS, GRID_SITES, PASSING_SHARE, PASSING_YEAR
from planner.grid.needs import ALL, GROUPINGS, NOW
from planner.reporting.charts.grid import SHOWN, STATE_TITLES, connection_map
from planner.reporting.charts.look import SCREEN
from planner.reporting.gis.export import write_map_with
from planner.reporting.gis.plan_map import read_plan_map
from planner.reporting.gis.point_layer import point_layer
from planner.reporting.group_tables import GROUPING_TITLES
from planner.reporting.page_rendering import render_page
from planner.reporting.page_roads import page_roads
from planner.reporting.page_sections import Chart, Lines, Section, Table, Text, hint
from planner.reporting.page_tables import PageColumn, PageTable
from planner.reporting.phrases import Phrase, figure, own_phrase, phrase
from planner.reporting.spreadsheet_columns import ASSUMPTION_COLUMNS, DEFINITION_COLUMNS
from planner.reporting.workbook import new_book
from planner.tables.language import LANGUAGES
from planner.tables.table_files import write_csv_and_parquet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from planner.grid.connection_rules import ConnectionClass
    from planner.grid.needs import GridNeeds
    from planner.plan.finished_run import FinishedRun
    from planner.tables.language import Language
    from planner.tables.table import Quantity

PAGE, MAP, BOOK = "grid.html", "grid", "order-list.xlsx"
_OF_GROUPS = GRID_GROUPS.without("level", "level_share", "grouping", "group")
_OF_SITES = GRID_SITES.without(
    "site_id",
    "lon",
    "lat",
    "region",
    "n_hpc",
    "n_lpc",
    "lead_time_months_low",
    "lead_time_months_high",
    "lead_time_sure",
    "source",
)
_BRIEF = GRID_GROUPS.quantities(
    "n_sites", "requested_kw", "simultaneous_peak_kw", "sum_of_site_peaks_kw", "to_request_kw"
)
_N_BRIEF, _ALL_ROWS = 8, 10_000
_MW = 1000.0


def write_grid(
    needs: GridNeeds, run: FinishedRun, title: str, folder: Path, language: Language
) -> None:
    """Write tables, page, order list and map.

    Parameters
    ----------
    run : FinishedRun
        The run of the highest level, whose map lies below.
    title : str
        Study and plan.
    folder : pathlib.Path
        An existing folder.
    language : Language
        Of order list and map; the page has all.
    """
    write_csv_and_parquet(needs.tables(), folder)
    _write_book(needs, title, folder / BOOK, language)
    layers = {"grid_sites": point_layer(needs.sites)}
    write_map_with(layers, read_plan_map(run), folder, MAP, language)
    (folder / PAGE).write_text(_page(needs, run, title), encoding="utf-8")


def sentences(needs: GridNeeds, language: Language) -> list[str]:
    """Say for a person what the grid has to give."""
    whole = dict(needs.highest(ALL).iloc[0])
    level = needs.levels[-1]
    orders = needs.orders()
    now = orders[orders["state"] == NOW]

    def mw(kw: float) -> str:
        return language.count(kw / _MW)

    lines = [
        language.text(
            "At {level} the {n} sites together draw {peak} MW at most; their own peaks, which do "
            "not come at the same moment, add up to {sum} MW.",
            level=_level_words(level.label, level.share, language),
            n=language.count(float(whole["n_sites"])),
            peak=mw(whole["simultaneous_peak_kw"]),
            sum=mw(whole["sum_of_site_peaks_kw"]),
        )
    ]
    if not pd.isna(whole["requested_kw"]):
        figures = {
            "requested": mw(whole["requested_kw"]),
            "share": language.percent(float(whole["peak_share"])),
        }
        if most := _most(needs, language):
            told = language.text(
                "Requested are {requested} MW, of which the simultaneous peak takes {share}: "
                "{most}.",
                most=most,
                **figures,
            )
        else:
            told = language.text(
                "Requested are {requested} MW, of which the simultaneous peak takes {share}.",
                **figures,
            )
        lines.append(told)
    if pd.isna(whole["requested_kw"]):
        return [*lines, language.text("Of no site it is known what is requested of the grid.")]
    if not len(orders):
        return [*lines, language.text("No site needs more than was requested for it.")]
    lines.append(
        language.counted(
            len(orders),
            "{n} site needs {more} MW more than was requested; requests due by {year}: {now}.",
            "{n} sites need more than was requested, {more} MW together; at {now} of them the "
            "request is due by {year}.",
            more=language.number(float(orders["to_request_kw"].sum()) / _MW, 1),
            now=language.count(len(now)),
            year=str(needs.this_year),
        )
    )
    return [*lines, *_years_in_words(needs, language)]


def _years_in_words(needs: GridNeeds, language: Language) -> list[str]:
    """Say between which levels years are taken, since others make other requests due."""
    shares = [level.share for level in needs.levels]
    if any(map(pd.isna, shares)):
        return []
    return [
        language.counted(
            len(shares),
            "Years are taken in proportion from no electric trucks to this one level; with runs "
            "of levels in between, more or fewer requests may be due.",
            "Years are taken in proportion between the {n} levels of these runs ({levels}); with "
            "others, more or fewer requests may be due.",
            levels=", ".join(language.percents(*shares)),
        )
    ]


def brief_groups(needs: GridNeeds) -> PageTable | None:
    """The main figures of the operators, or regions, of whom most is requested, for a terminal."""
    grouping = _brief_grouping(needs)
    return None if grouping is None else _groups(needs, grouping, _BRIEF, _N_BRIEF)


def rest_of_groups(needs: GridNeeds, language: Language) -> str:
    """Say how many groups a terminal does not show, and where they stand; empty without any."""
    grouping = _brief_grouping(needs)
    rows = None if grouping is None else needs.highest(grouping).iloc[_N_BRIEF:]
    if rows is None or rows.empty:
        return ""
    return language.text(
        "and {n} more with {mw} MW still to request, in {page} and in {book}",
        n=language.count(len(rows)),
        mw=language.number(float(rows["to_request_kw"].sum()) / _MW, 1),
        page=PAGE,
        book=BOOK,
    )


def _brief_grouping(needs: GridNeeds) -> str | None:
    known = (each for each in reversed(GROUPINGS) if len(needs.highest(each)))
    return next(known, None)


def _groups(
    needs: GridNeeds,
    grouping: str,
    figures: Sequence[Quantity] = _OF_GROUPS,
    most: int = _ALL_ROWS,
) -> PageTable:
    """Groups of a grouping at the highest level; without when peaks pass where none does."""
    rows = needs.highest(grouping).head(most)
    is_told = {
        PASSING_SHARE.name: rows[PASSING_SHARE.name].notna().any(),
        PASSING_YEAR.name: (rows[PASSING_YEAR.name] != "").any(),
    }
    shown = [each for each in figures if is_told.get(each.name, True)]
    table = PageTable.of(f"grid-{grouping.replace('_', '-')}", rows, shown)
    heading = PageColumn("group", phrase(GROUPING_TITLES[grouping]))
    cells = [
        (own_phrase(str(group)), *row) for group, row in zip(rows["group"], table.rows, strict=True)
    ]
    return PageTable(table.name, (heading, *table.columns), cells)


def _most(needs: GridNeeds, language: Language) -> str:
    """The three operators of whom most is requested, with the peak of their sites."""
    of_operators = needs.highest("grid_operator_hv")
    rows = of_operators if len(of_operators) else needs.highest("region")
    most = rows.dropna(subset=["requested_kw"]).head(3)
    return "; ".join(
        language.text(
            "{who} {requested} MW, peak {peak} MW",
            who=language.own_text(str(row["group"])),
            requested=language.count(float(row["requested_kw"]) / _MW),
            peak=language.count(float(row["simultaneous_peak_kw"]) / _MW),
        )
        for row in most.to_dict("records")
    )


def _level_words(label: str, share: float, language: Language) -> str:
    if pd.isna(share):
        return label
    return language.text("{share} electric trucks", share=language.percent(share))


def _page(needs: GridNeeds, run: FinishedRun, title: str) -> str:
    sites = needs.sites[["lon", "lat", "state", *(each.name for each in SHOWN)]].round(4)
    dots = [
        {str(key): None if pd.isna(value) else value for key, value in row.items()}
        for row in sites.to_dict("records")
    ]
    charts = {each.code: {"map": SCREEN.dressed(connection_map(each))} for each in LANGUAGES}
    return render_page(
        {"study": title, "chartData": {"roads": page_roads(run), "sites": dots}, "charts": charts},
        kind="grid connections",
        name=title,
        question=phrase("What do the sites need of the grid, and what has to be requested?"),
        answer=Phrase.of(lambda language: " ".join(sentences(needs, language))),
        sections=_sections(needs),
    )


def _sections(needs: GridNeeds) -> list[Section]:
    states = {"state": {name: phrase(title) for name, title in STATE_TITLES.items()}}
    classes = {str(each.name): phrase(each.name) for each in needs.rules.classes}
    words = states | {"connection_class": classes}
    orders = PageTable.of("grid-orders", needs.orders(), _OF_SITES, words)
    peak = phrase(
        "The simultaneous peak is that of the summed load of a group, at one moment; the sum of "
        "the sites' peaks is what their connections must add up to. Losses of charging are not "
        "counted. What the planner estimates for its own sites is no request."
    )
    year = phrase(
        "Assumed: the year follows from a path of electric trucks ({path}), between the levels of "
        "these runs in proportion, and a request is due as long before as the connection takes.",
        path=Phrase.of(partial(_path_in_words, needs)),
    )
    listed = phrase(
        "The file {file} holds these sites and all others as sheets for the operators.", file=BOOK
    )
    nothing = Text(phrase("No site needs more than was requested for it."))
    asked = Table(orders, "tall") if orders.rows else nothing
    groups = [
        Section(
            phrase(GROUPING_TITLES[each]),
            (*_unpassed(needs, each), Table(_groups(needs, each), "tall")),
        )
        for each in reversed(GROUPINGS)
        if len(needs.highest(each))
    ]
    return [
        Section(phrase("Where connections carry the peak"), (Text(peak), Chart("map"), hint(year))),
        *groups,
        Section(phrase("What has to be requested"), (hint(listed), asked)),
        Section(
            phrase("Kinds of connections"),
            (
                Lines([(phrase(each.name), _rule(needs, each)) for each in needs.rules.classes]),
                hint(_uptake_source(needs)),
            ),
        ),
    ]


def _unpassed(needs: GridNeeds, grouping: str) -> list[Text]:
    """Say that no peak passes its request where the table has no columns of it."""
    rows = needs.highest(grouping)
    if rows["requested_kw"].isna().all() or rows[PASSING_SHARE.name].notna().any():
        return []
    return [hint(phrase("No simultaneous peak of these passes what is requested."))]


def _path_in_words(needs: GridNeeds, language: Language) -> str:
    path = needs.rules.uptake.share_of_year
    return ", ".join(f"{year}: {language.percent(share)}" for year, share in path.items())


def _uptake_source(needs: GridNeeds) -> Phrase:
    uptake = needs.rules.uptake
    return phrase(
        "Powers between kinds: assumed. Path of electric trucks: {sure}; {source}.",
        sure=phrase(uptake.sure),
        source=uptake.source,
    )


def _rule(needs: GridNeeds, chosen: ConnectionClass) -> Phrase:
    """When a kind is taken, how long it takes and who says so."""
    lead = chosen.lead_time_months
    from_mw = needs.rules.from_kw(chosen) / _MW
    return phrase(
        "above {mw} MW; {central} months, {low} to {high}; {sure}: {source}",
        mw=figure(from_mw),
        central=figure(lead.central),
        low=figure(lead.low),
        high=figure(lead.high),
        sure=phrase(chosen.sure),
        source=chosen.source,
    )


def _write_book(needs: GridNeeds, title: str, path: Path, language: Language) -> None:
    """Order list, all sites, groups along the levels, rules and meanings as sheets."""
    states = {name: language.text(text) for name, text in STATE_TITLES.items()}

    def told(sites: pd.DataFrame) -> pd.DataFrame:
        kinds = [language.own_text(each) for each in sites["connection_class"]]
        sure = [language.own_text(each) for each in sites["lead_time_sure"]]
        return sites.assign(
            state=sites["state"].map(states), connection_class=kinds, lead_time_sure=sure
        )

    groupings = {name: language.text(GROUPING_TITLES[name]) for name in (ALL, *GROUPINGS)}
    groups = needs.groups.assign(
        grouping=needs.groups["grouping"].map(groupings),
        group=[language.own_text(str(each)) for each in needs.groups["group"]],
    )
    rules = pd.DataFrame(
        [
            (language.own_text(each.name), _rule(needs, each).texts[language.code], "", each.source)
            for each in needs.rules.classes
        ],
        columns=[column.name for column in ASSUMPTION_COLUMNS],
    )
    meanings = pd.DataFrame(
        [
            (language.text(sheet), column.heading(language), column.name, column.meaning)
            for sheet, table in (("Order list", GRID_SITES), ("By operator", GRID_GROUPS))
            for column in table.columns
        ],
        columns=[column.name for column in DEFINITION_COLUMNS],
    )
    with new_book(path, language, title) as book:
        for name, table, columns in (
            ("Order list", told(needs.orders()), GRID_SITES.columns),
            ("By operator", groups, GRID_GROUPS.columns),
            ("All sites", told(needs.sites), GRID_SITES.columns),
            ("Kinds of connections", rules, ASSUMPTION_COLUMNS),
            ("Definitions", meanings, DEFINITION_COLUMNS),
        ):
            book.table_sheet(language.text(name), table, columns)
