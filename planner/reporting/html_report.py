"""The report of a plan: one HTML file that needs nothing but a browser."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from planner.plan.draw_bands import band_sentence
from planner.plan.group_schemas import GROUPS
from planner.plan.groups import ALL
from planner.plan.map_classes import USE
from planner.plan.map_places import map_places, names_source
from planner.plan.point_floor import floor_of
from planner.plan.schemas import FRONT
from planner.plan.site_origin import site_origin
from planner.reporting import report_tables
from planner.reporting.charts.chart_data import published_marks
from planner.reporting.charts.front import FRONT_AXES
from planner.reporting.energy_sentence import energy_sentence
from planner.reporting.group_tables import GROUPING_TITLES, SHOWN_ON_MAP, group_tables
from planner.reporting.headline import answer, question
from planner.reporting.national_depot_page import national_depot_sentences, national_depot_table
from planner.reporting.national_market_headline import (
    MARKET_PAGE,
    national_answer,
    national_question,
)
from planner.reporting.objective_section import objective_section
from planner.reporting.page_data import SCRIPTS, page_data
from planner.reporting.page_rendering import render_page
from planner.reporting.page_sections import (
    Chart,
    Columns,
    Fallback,
    Field,
    Fields,
    Headline,
    Panel,
    PlanChoice,
    Section,
    SiteMap,
    Table,
    Text,
    charted,
    hint,
)
from planner.reporting.page_tables import PageColumn, page_columns
from planner.reporting.phrases import (
    Phrase,
    count,
    phrase,
    sentences,
    verbatim,
)
from planner.reporting.report_background import (
    assumptions_section,
    comparison_section,
    origins_section,
    published_section,
    words_section,
)
from planner.reporting.trip_sections import (
    added_time_section,
    replanning_section,
    unserved_section,
)
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from pathlib import Path

    from planner.plan.plan_results import PlanResults

_HEADLINE_TERMS = {
    "n_hpc": "hpc",
    MEAN_WAIT.name: "uwti",
    "p95_wait_min": "p95_wait",
    "share_wait_over_15_min": "share_wait_over_15",
    "tcu": "tcu",
    "n_lpc": "lpc",
}
"""Figures of the headline, and the terms that define them."""


def write_html_report(results: PlanResults, path: Path) -> None:
    """Write the report.

    Parameters
    ----------
    path : Path
        The file to write, UTF-8, about 2.3 MB for 350 sites and 100 solutions.
    """
    path.write_text(render_html_report(results), encoding="utf-8")


def render_html_report(results: PlanResults) -> str:
    """Text of the report, in all languages; the same for the same results."""
    places = map_places(results)
    data = page_data(results, places)
    fallback = Fallback(
        phrase(
            "This browser is too old to draw the charts, the map and the list of sites: please "
            "open the file in a newer one."
        ),
        phrase(
            "Charts, map and list of sites are drawn by scripts, which are switched off here: "
            "please open the file in a browser."
        ),
    )
    named = [(each.name, phrase(each.title)) for each in results.named_solutions]
    sections = [
        _plans(results, data["longestWait"]),
        objective_section(results),
        _waits(results),
        added_time_section(results),
        _market(results),
        _sites(results),
        _site_hours(),
        _groups(results),
        unserved_section(results),
        _depots(results),
        replanning_section(results),
        published_section(results),
        comparison_section(results),
        assumptions_section(results),
        words_section(results),
        origins_section(
            results,
            has_outlines=data["map"]["hasOutlines"],
            names_of_towns=names_source(places),
        ),
    ]
    return render_page(
        data,
        scripts=SCRIPTS,
        kind="charging plan",
        skip=("plans", phrase("Skip to the plans")),
        name=results.name,
        description=results.description,
        question=Phrase.of(lambda language: question(results, language)),
        answer=Phrase.of(lambda language: answer(results, language)),
        notices=[fallback],
        controls=PlanChoice(named, len(results.front)),
        sections=[section for section in sections if section],
    )


def _plans(results: PlanResults, longest_wait_min: float) -> Section:
    default = results.default_solution
    row = results.front.iloc[default.solution]
    columns = page_columns(FRONT.quantities(*_HEADLINE_TERMS))
    titles = {column.key: column.title for column in columns}
    one_each = phrase("of which one per visited site"), count(floor_of(results.summary))
    titles["n_hpc"] = Phrase(
        {
            code: f"{text}, {one_each[0].texts[code]}: {one_each[1].texts[code]}"
            for code, text in titles["n_hpc"].texts.items()
        }
    )
    headline = Headline(
        [(row[column.key], column.form, titles[column.key]) for column in columns],
        phrase(default.text),
        phrase(default.title),
        list(_HEADLINE_TERMS.items()),
    )
    panels = Columns((_front_panel(results, longest_wait_min), _map_panel(results)))
    return Section(None, (headline, panels), "plans", phrase("Plans"))


def _front_panel(results: PlanResults, longest_wait_min: float) -> Panel:
    told = [phrase("Each dot is a plan; click any.")]
    if n_beyond := int((results.front[MEAN_WAIT.name] > longest_wait_min).sum()):
        beyond = "{n} with longer waits lie outside: the slider reaches them."
        told.append(phrase(beyond, n=count(n_beyond)))
    if "draws" in results.summary:
        told.append(Phrase.of(partial(band_sentence, results.summary)))
    if any(published_marks(results, axis) for axis in FRONT_AXES):
        told.append(phrase("Dashed: published for Germany."))
    axes = (("tcu", phrase("use")), ("n_hpc", phrase("points")))
    against = phrase("Waiting against")
    all_plans = phrase("Download all {n} plans (CSV)", n=count(len(results.front)))
    table = Table(
        report_tables.named_table(results),
        keys=[named.name for named in results.named_solutions],
        more=("front-csv", all_plans),
    )
    return Panel(
        phrase("What a plan costs each side"),
        (hint(sentences(told)), Chart("front"), table),
        level=2,
        field=Field("radio", "axis", against, axes, hint=phrase("Horizontal axis")),
    )


def _map_panel(results: PlanResults) -> Panel:
    colours = (
        ("use", PageColumn.of(USE).title),
        ("wait", PageColumn.of(MEAN_WAIT).title),
        ("grid", phrase("Peak power to grid connection")),
    )
    find = phrase("Find a site on the map")
    # Regions without areas cannot be drawn, but their sites can take the colours.
    groups = [
        (name, phrase(title))
        for name, title in GROUPING_TITLES.items()
        if name != ALL and name in results.front_groups.of_site
    ]
    figures = [(each.name, PageColumn.of(each).title) for each in GROUPS.quantities(*SHOWN_ON_MAP)]
    fields = (
        Field("select", "group-by", phrase("Results by"), [("", phrase("site")), *groups]),
        Field("select", "group-figure", phrase("Colour"), figures),
        Field("checkbox", "layer-flows", phrase("Truck flows"), is_set=True),
        Field("checkbox", "layer-unserved", phrase("Trips that find no site in range")),
        Field("search", "map-search", find, choices="site-names", hint=phrase("Find a site")),
    )
    what_it_is = phrase(
        "Map of the charging sites along the motorways. Arrow keys move, plus and minus zoom; from "
        "a site, arrow keys go to the next one. The list of sites below holds the same figures."
    )
    n_days = len(results.scenario["demand"]["days"])
    energy = Phrase.of(lambda language: energy_sentence(results.summary, n_days, language))
    origin = Phrase.of(lambda language: site_origin(results.scenario["sites"], language))
    return Panel(
        phrase("Where the points are"),
        (Fields(fields), SiteMap(what_it_is), hint(energy), hint(origin)),
        level=2,
        field=Field("select", "colouring", phrase("Colour"), colours),
    )


def _waits(results: PlanResults) -> Section:
    shown = sentences(
        [
            phrase("Hour by hour over the simulated days."),
            phrase("Grey: the named plans."),
            phrase("In colour:"),
        ]
    )
    n_before = results.summary.get("warm_up_days")
    counted = (
        phrase(
            "Waits count where a truck joins a queue within these days. The {n} days before are "
            "simulated too, each as that day of the week is in the demand, so that sites begin as "
            "full as they would be.",
            n=count(n_before),
        )
        if n_before
        else phrase(
            "Waits count where a truck joins a queue within these days. They begin with empty "
            "roads and sites (simulation.warm_up_days is 0)."
        )
    )
    charts = Columns((Panel(None, (Chart("wait"),)), Panel(None, (Chart("use"),))))
    by_day = Panel(phrase("Mean wait by day"), (Table(report_tables.day_table(results)),))
    of_plan = Text(shown, "hint", title="hourly-title")
    return Section(phrase("When trucks wait"), (of_plan, charts, by_day, hint(counted)))


def _market(results: PlanResults) -> Section | None:
    """What the page tells of the plan's market, and where the rest of it is."""
    summary = results.summary.get("market")
    if summary is None:
        return None
    more = phrase("Prices at every site, by hour, and who makes a profit")
    told = Text(Phrase.of(lambda language: national_answer(summary, language)))
    return Section(Phrase.of(national_question), (told, Text(more, href=MARKET_PAGE)), "market")


def _sites(results: PlanResults) -> Section:
    found = phrase("Search sites by name or motorway")
    search = Field("search", "site-search", found, hint=phrase("Search by name or motorway"))
    cut = phrase("The printed list shows the first 30 sites; sites.parquet and plan.xlsx hold all.")
    parts = (
        Text(phrase("Figures over all simulated days, of the plan:"), "hint", title="sites-title"),
        Text(verbatim(""), "hint", name="over-grid"),
        Table(
            report_tables.site_table(results),
            "tall",
            search=search,
            keys=range(results.sites.n_sites),
        ),
        Text(cut, "print-only"),
    )
    return Section(phrase("Sites"), parts)


def _site_hours() -> Section:
    told = phrase(
        "Means of the simulated days by the hour of the day, in the chosen plan. Click a site on "
        "the map or in the list; site_hours.csv holds all sites in the named plans."
    )
    worst = charted(phrase("The ten sites with the longest waits"), "worst")
    one = Panel(
        None,
        (
            Text(verbatim(""), "hint", title="site-hours-title"),
            Chart("site-power"),
            Chart("site-waits"),
        ),
    )
    heading = phrase("Load and waits of a site by the hour")
    return Section(heading, (hint(told), Columns((worst, one))), "site-hours")


def _groups(results: PlanResults) -> Section:
    told = phrase(
        "The simultaneous peak is what the sites of a group draw together at one moment; the peaks "
        "of its sites do not come together and add up to more. The map shows the groups of sites "
        "too; groups.csv and plan.xlsx hold all named plans. Figures of the plan:"
    )
    heading = phrase("By region, motorway, grid operator and vehicle class")
    parts = Text(told, "hint", title="groups-title"), *group_tables(results)
    return Section(heading, parts, "groups")


def _depots(results: PlanResults) -> Section | None:
    table = national_depot_table(results)
    if table is None:
        return None
    told = [Text(sentence) for sentence in national_depot_sentences(results)]
    parts = (*told, Chart("depots"), Table(table, "tall short"))
    return Section(phrase("Depots"), parts, "depots")
