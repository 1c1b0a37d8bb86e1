"""Connections of sites as people open them: a page, a workbook, tables and a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from planner.costs.battery_costs import BatteryCosts
from planner.plan.connection_columns import CONNECTION_TOTALS, SITE_CONNECTIONS
from planner.reporting.charts.connections import SHOWN, least_cost_map
from planner.reporting.charts.look import SCREEN
from planner.reporting.cost_report import SURE
from planner.reporting.gis.export import write_map_with
from planner.reporting.gis.plan_map import read_plan_map
from planner.reporting.gis.point_layer import point_layer
from planner.reporting.page_rendering import render_page
from planner.reporting.page_roads import page_roads
from planner.reporting.page_sections import Chart, Lines, Section, Table, Text, hint
from planner.reporting.page_tables import PageTable
from planner.reporting.phrases import Phrase, figure, own_phrase, phrase
from planner.reporting.workbook import new_book
from planner.tables.language import LANGUAGES
from planner.tables.table_files import write_csv_and_parquet

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from planner.plan.finished_run import FinishedRun
    from planner.plan.site_connections import SiteConnections
    from planner.scenario.infrastructure_costs import Estimate
    from planner.tables.language import Language

PAGE, BOOK, MAP = "connections.html", "connections.xlsx", "connections"
_MW = 1000.0
_OF_BATTERY = (
    "name",
    "road",
    "peak_kw",
    "with_battery_kw",
    "battery_kw",
    "battery_kwh",
    "battery_eur_year",
    "saved_eur_year",
    "eur_year",
    "kind",
    "with_battery_kind",
)
_OF_SHARING = (
    "requested_kw",
    "delayed_kwh_day",
    "late_trucks_day",
    "late_min",
    "latest_min",
    "missing_kwh",
)
_TITLES = {name: field.description or name for name, field in BatteryCosts.model_fields.items()}


def write_connections(
    found: SiteConnections, run: FinishedRun, title: str, folder: Path, language: Language
) -> None:
    """Write tables, page, workbook and map.

    Parameters
    ----------
    title : str
        Study and plan.
    folder : pathlib.Path
        An existing folder.
    language : Language
        Of workbook and map; the page has all.
    """
    write_csv_and_parquet(found.tables(), folder)
    sites = found.sites.assign(
        **{
            name: [language.own_text(each) for each in found.sites[name]]
            for name in ("kind", "with_battery_kind")
        }
    )
    totals = found.totals.assign(end=[language.text(end) for end in found.totals["end"]])
    with new_book(folder / BOOK, language, title) as book:
        book.table_sheet(language.text("Sites"), sites, SITE_CONNECTIONS.columns)
        book.table_sheet(language.text("How sure that is"), totals, CONNECTION_TOTALS.columns)
    write_map_with(connection_layers(sites), read_plan_map(run), folder, MAP, language)
    (folder / PAGE).write_text(_page(found, run, title), encoding="utf-8")


def connection_layers(sites: pd.DataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Sites by their connections of least cost, and those of them where a battery pays.

    Parameters
    ----------
    sites : DataFrame
        ``SITE_CONNECTIONS``, kinds in the language of the map.
    """
    layer = point_layer(sites)
    return {"connection_sites": layer, "site_batteries": layer[layer["battery_kwh"] > 0.0]}


def _page(found: SiteConnections, run: FinishedRun, title: str) -> str:
    names = ["lon", "lat", *(each.name for each in SHOWN)]
    dots = [
        {str(key): None if pd.isna(value) else value for key, value in row.items()}
        for row in found.sites[names].round(4).to_dict("records")
    ]
    charts = {each.code: {"map": SCREEN.dressed(least_cost_map(each))} for each in LANGUAGES}
    return render_page(
        {
            "study": title,
            "chartData": {"roads": page_roads(run), "sites": dots},
            "charts": charts,
        },
        kind="grid connections",
        name=title,
        description=run.description,
        question=phrase("What do connections cost, and where does a battery cost less than power?"),
        answer=Phrase.of(lambda language: " ".join(sentences(found, language))),
        sections=_sections(found),
    )


def sentences(found: SiteConnections, language: Language) -> list[str]:
    """Say for a person where batteries pay, and what sharing the power requested costs trucks."""
    of = {str(row["end"]): row for row in found.totals.to_dict("records")}
    central = of["central"]

    def mw(kw: float) -> str:
        return language.count(float(kw) / _MW)

    def million(eur: float) -> str:
        return language.number(float(eur) / 1e6, 1)

    lines = [
        language.text(
            "At {n} of {sites} sites that draw power a battery costs less than the power it "
            "saves: {mwh} MWh and {battery} MW together, {build} million EUR to build. "
            "Connections then add up to {with_kw} MW in place of {without} MW.",
            n=language.count(int(central["n_batteries"])),
            sites=language.count(len(found.sites)),
            mwh=language.count(float(central["battery_mwh"])),
            battery=mw(central["battery_kw"]),
            build=million(central["battery_investment_eur"]),
            with_kw=mw(central["with_batteries_kw"]),
            without=mw(central["sum_of_peaks_kw"]),
        ),
        language.text(
            "That saves {saved} million EUR a year ({low} where batteries are dear, {high} where "
            "they are cheap) of {all} for connections, energy and grid fees.",
            saved=million(central["saved_eur_year"]),
            low=million(of["high"]["saved_eur_year"]),
            high=million(of["low"]["saved_eur_year"]),
            all=million(central["eur_year"]),
        ),
    ]
    shared = _shared(found)
    if found.sites["requested_kw"].isna().all():
        lines.append(language.text("Of no site it is known what is requested of the grid."))
    elif shared.empty:
        lines.append(language.text("What is requested carries every moment's power."))
    else:
        late = shared["late_trucks_day"] > 0.0
        lines.append(
            language.text(
                "Where points share what is requested, {sites} sites give {mwh} MWh a day later; "
                "{trucks} trucks a day at {late} sites are held up by that, the longest {longest}.",
                sites=language.count(len(shared)),
                mwh=language.number(float(shared["delayed_kwh_day"].sum()) / _MW, 1),
                trucks=language.count(float(shared["late_trucks_day"].sum())),
                late=language.count(int(late.sum())),
                longest=language.minutes(float(shared["latest_min"].max())),
            )
        )
    return lines


def _shared(found: SiteConnections) -> pd.DataFrame:
    """Sites that give energy later where they share what is requested, the most first."""
    some = found.sites[found.sites["delayed_kwh_day"] > 0.0]
    return some.sort_values(["delayed_kwh_day", "site_id"], ascending=[False, True])


def _sections(found: SiteConnections) -> list[Section]:
    with_battery = found.sites[found.sites["battery_kwh"] > 0.0].sort_values(
        ["saved_eur_year", "site_id"], ascending=[False, True]
    )
    kinds = {
        name: {str(kind): own_phrase(str(kind)) for kind in found.sites[name].unique()}
        for name in ("kind", "with_battery_kind")
    }
    of_battery = SITE_CONNECTIONS.quantities(*_OF_BATTERY)
    ends = {"end": {end: phrase(end) for end in ("low", "central", "high")}}
    counted = phrase(
        "Connections are as large as the highest mean of 15 min. Their kinds have costs of their "
        "own (config/grid_connections.yaml) beside power, station and cable. The battery is sized "
        "on the simulated days, which it begins and ends full, for the least cost of connection, "
        "energy, grid fees and battery; capital counts as annuities. It knows its load beforehand: "
        "a real one saves less."
    )
    sharing = phrase(
        "The points of a site share what is requested. High-power points go first, overnight ones "
        "take what is left, energy comes in the order in which it would be drawn. A truck is held "
        "up where its energy comes later than it wanted to leave; its further trip and the queue "
        "behind it are not planned anew."
    )
    of_sharing = SITE_CONNECTIONS.quantities(
        "name", "road", "nameplate_kw", "moment_kw", *_OF_SHARING
    )
    figures = [
        (phrase(_TITLES[name]), _figure(each)) for name, each in found.batteries.estimates().items()
    ]
    kinds_cost = [(phrase(each.name), _figure(each.fixed_eur)) for each in found.rules.classes]
    shared = _shared(found)
    table = (Table(PageTable.of("sharing", shared, of_sharing), "tall"),) if len(shared) else ()
    return [
        Section(phrase("Where a battery costs less than power"), (Chart("map"),)),
        Section(
            phrase("Batteries"),
            (
                Text(counted),
                Table(
                    PageTable.of("connection-totals", found.totals, CONNECTION_TOTALS.columns, ends)
                ),
                Table(PageTable.of("batteries", with_battery, of_battery, kinds), "tall"),
            ),
        ),
        Section(phrase("Shared power"), (Text(sharing), *table)),
        Section(
            phrase("Costs of batteries"),
            (hint(phrase("Low is where batteries cost little.")), Lines(figures)),
        ),
        Section(
            phrase("Costs of kinds of connections"),
            (hint(phrase("EUR once, beyond power, station and cable.")), Lines(kinds_cost)),
        ),
    ]


def _figure(estimate: Estimate) -> Phrase:
    """A figure with its ends and its source."""
    return phrase(
        "{central} ({low} to {high}); {sure}: {source}",
        central=figure(estimate.central),
        low=figure(estimate.low),
        high=figure(estimate.high),
        sure=SURE[estimate.sure],
        source=estimate.source,
    )
