"""Map themes of a project: choices of layers that belong together, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan
from typing import TYPE_CHECKING

from planner.network.country_outlines import OUTLINES_ATTRIBUTION
from planner.plan.group_schemas import GROUPS
from planner.plan.map_classes import USE
from planner.plan.map_places import names_source
from planner.plan.run_columns import FLOOR, OBJECTIVE_FIGURES
from planner.plan.site_origin import site_origins
from planner.reporting.gis.added_layers import ADDED_LAYERS
from planner.reporting.gis.group_layers import GROUP_LAYERS
from planner.reporting.gis.map_fields import LAYER_TITLES, view_title
from planner.reporting.gis.plan_layers import MARKET_LAYER
from planner.tables.forms import written
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from planner.reporting.gis.added_layers import AddedLayer
    from planner.reporting.gis.plan_map import MapView, PlanMap
    from planner.tables.language import Language

_UNSERVED = "unserved"


@dataclass(frozen=True, slots=True)
class Theme:
    """A choice of layers that belong together.

    Parameters
    ----------
    shown : str
        Layer that it shows besides the base.
    network : str
        Layer of roads with flows.
    colours, sizes : str
        What colours and sizes of that layer stand for, above its legends; sizes empty where all
        are alike.
    lines : str
        What the widths or colours of the roads stand for.
    subtitle : str
        What the print layout says below its title.
    """

    name: str
    shown: str
    network: str
    colours: str
    sizes: str
    lines: str
    subtitle: str

    @property
    def layers(self) -> tuple[str, str]:
        """Layers that it shows besides the base, the highest first."""
        return self.shown, self.network


def map_themes(plan: PlanMap, language: Language) -> list[Theme]:
    """Theme of each view, of the market and of unserved trips where there are any."""
    flows = language.text("Electric trucks per day, both ways")
    themes = [
        Theme(
            view_title(view, language),
            view.sites,
            view.network,
            *_words(view, flows, language),
        )
        for view in plan.views
    ]
    if MARKET_LAYER in plan.layers:
        themes.append(_market_theme(plan, language))
    themes += [
        Theme(
            language.template(layer.title),
            name,
            plan.default.network,
            GROUPS.quantities(layer.figure)[0].heading(language, with_unit=False),
            "",
            flows,
            not_drawn(plan, name, language) or _figures(plan.default.figures, language),
        )
        for name, layer in reversed(GROUP_LAYERS.items())
        if name in plan.layers
    ]
    themes += [
        Theme(
            language.template(added.title),
            name,
            added.below or plan.default.network,
            language.own_text(added.colours),
            language.own_text(added.sizes),
            language.template(ADDED_LAYERS[added.below].title) if added.below else flows,
            _sums(added, plan.layers[name], language),
        )
        for name, added in ADDED_LAYERS.items()
        if name in plan.layers and added.colours
    ]
    unserved = plan.layers.get(_UNSERVED)
    if unserved is not None and len(unserved):
        n_trips = language.count(int(unserved["n_trips"].sum()))
        n_places = language.count(unserved["place"].nunique())
        subtitle = language.text(
            "{n_trips} trips find no site in range and strand at {n_places} places",
            n_trips=n_trips,
            n_places=n_places,
        )
        name = language.template(LAYER_TITLES[_UNSERVED])
        themes.append(
            Theme(
                name,
                _UNSERVED,
                plan.default.network,
                language.text("Why trips are unserved"),
                language.text("Trips"),
                flows,
                subtitle,
            )
        )
    return themes


def not_drawn(plan: PlanMap, layer: str, language: Language) -> str:
    """Say how many sites a layer of groups lacks; empty for other layers and where all are in."""
    if layer not in GROUP_LAYERS or plan.default.is_change:
        return ""
    sites, groups = plan.layers[plan.default.sites], plan.layers[layer]
    n_sites = len(sites) - round(float(groups["n_sites"].sum()))
    n_hpc = float(sites["n_hpc"].sum())
    if n_sites <= 0:
        return ""
    return language.counted(
        n_sites,
        "Not drawn is {n} site with {points} of the {all} high-power points, whose group is "
        "unknown or not on the map",
        "Not drawn are {n} sites with {points} of the {all} high-power points, whose group is "
        "unknown or not on the map",
        points=language.count(n_hpc - float(groups["n_hpc"].sum())),
        all=language.count(n_hpc),
    )


def _sums(added: AddedLayer, features: gpd.GeoDataFrame, language: Language) -> str:
    """What the features of a layer add up to: the figures of the plan may be those of another."""
    return "; ".join(
        f"{each.heading(language, with_unit=False)}: "
        f"{written(features[each.name].sum(), each.form, language)}"
        for each in added.sums
    )


def _words(view: MapView, flows: str, language: Language) -> tuple[str, str, str, str]:
    """What colours, sizes and roads stand for, and what the sheet says below its title."""
    if not view.is_change:
        figures = _figures(view.figures, language)
        sizes = language.text("High-power points")
        return USE.heading(language, with_unit=False), sizes, flows, figures
    change = view.figures["n_hpc_change"]
    said = "{n} high-power points more in all" if change >= 0 else "{n} high-power points fewer"
    return (
        language.text("More or fewer high-power points"),
        language.text("Points more or fewer"),
        flows,
        language.text(said, n=language.count(abs(change))),
    )


def _market_theme(plan: PlanMap, language: Language) -> Theme:
    sites = plan.layers[MARKET_LAYER]
    subtitle = language.text(
        "Operators build {points} of the {planned} high-power points of the balanced plan, and "
        "nothing at {closed} of {sites} sites",
        points=language.count(sites["n_hpc_market"].sum()),
        planned=language.count(sites["n_hpc_plan"].sum()),
        closed=language.count((~sites["is_open"]).sum()),
        sites=language.count(len(sites)),
    )
    return Theme(
        language.template(LAYER_TITLES[MARKET_LAYER]),
        MARKET_LAYER,
        plan.default.network,
        language.text("What trucks pay"),
        language.text("Points that pay"),
        language.text("Electric trucks per day, both ways"),
        subtitle,
    )


def sheet_title(plan: PlanMap, shown: str, language: Language, *, is_change: bool = False) -> str:
    """Title of a print layout: the level where there is one, and what it shows.

    A change names two plans, which leaves no room in the line for the level.
    """
    if plan.level_share is None or is_change:
        return f"{plan.name}: {shown}"
    return language.text(
        "Charging points for {share} electric trucks: {theme}",
        share=language.percent(plan.level_share),
        theme=shown,
    )


def attribution(plan: PlanMap, language: Language) -> str:
    """Who made the map and its inputs."""
    made = language.text("Study {name}, planned with the truck charging planner.", name=plan.name)
    inputs = language.text("Inputs: {sources}.", sources="; ".join(plan.sources))
    outlines = language.text("Country outlines: {outlines}.", outlines=OUTLINES_ATTRIBUTION)
    names = names_source(plan.layers["places"])
    towns = [language.text("Names of towns: {names}.", names=names)] if names else []
    origin = site_origins(plan.site_sections, language)
    return " ".join([made, origin, *([inputs] if plan.sources else []), outlines, *towns])


def _figures(figures: Mapping[str, float], language: Language) -> str:
    beside = [
        f"; {each.heading(language)}: {written(figures[each.name], each.form, language)}"
        for each in OBJECTIVE_FIGURES
        if isfinite(figures.get(each.name, nan))
    ]
    told = language.text(
        "{n_hpc} high-power points, of which one per visited site: {floor}; in use {tcu} of the "
        "time; {n_lpc} overnight points; mean wait {wait}",
        floor=language.count(figures[FLOOR.name]),
        n_hpc=language.count(figures["n_hpc"]),
        tcu=language.percent(figures["tcu"]),
        n_lpc=language.count(figures["n_lpc"]),
        wait=language.minutes(figures[MEAN_WAIT.name]),
    )
    return told + "".join(beside)
