"""Where the figures of named parameter sets come from, beside the keys that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from planner.errors import PlannerError
from planner.reporting.cost_report import SURE
from planner.reporting.phrases import figure, own_phrase, phrase, verbatim
from planner.scenario.bundled import bundled_path
from planner.scenario.depot_model import depot_vehicles
from planner.scenario.infrastructure_costs import BUNDLED, CostSet, Estimate, study_cost_set
from planner.scenario.model import DEFAULT_MIX
from planner.scenario.parameter_library import bundled_library, library_beside
from planner.scenario.presets import presets
from planner.scenario.tariff_library import read_tariff, tariff_file, tariff_files
from planner.scenario.yaml_files import read_yaml_mapping, validated
from planner.workbench.study_fields import study_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from planner.reporting.phrases import Phrase
    from planner.scenario.parameter_sets import Section
    from planner.scenario.study_kinds import KindName

_COSTS = "infrastructure_costs"


def sources_of(kind: KindName, keys: dict[str, Any], folder: Path) -> dict[str, list[Phrase]]:
    """Sources of the sets that a study names, and of those that hold where it names none.

    Parameters
    ----------
    keys : dict
        The study's text, read.
    folder : pathlib.Path
        Where the study will stand: sets in ``config/`` there are known too.

    Returns
    -------
    dict of str to list of Phrase
        A line per set, or per figure of it, by the key that names it; names that are not known are
        told by the check of the study.
    """
    try:
        return {key: lines for key, lines in _READERS[kind](keys, folder).items() if lines}
    except (KeyError, PlannerError):  # a kind without sets; a file beside the study is faulty
        return {}


def names_of(kind: KindName, folder: Path) -> dict[str, list[str]]:
    """Names of the sets that keys of a kind of study may name, of the planner and beside a study.

    Parameters
    ----------
    folder : pathlib.Path
        Where the study will stand.
    """
    try:
        library = library_beside(folder)
        vehicles = depot_vehicles(folder)
    except PlannerError:  # told by the check of the study
        library, vehicles = bundled_library(), {}
    sets: dict[str, dict[str, Iterable[str]]] = {
        "scenario": {
            "preset": presets(),
            "driver_rules": library.rules,
            "driver_behaviour": library.behaviours,
            _COSTS: read_yaml_mapping(bundled_path(BUNDLED)),
        },
        "depot": {
            "depot.fleet.vehicle": vehicles,
            "depot.site.tariff.name": tariff_files(folder),
        },
    }
    return {key: sorted(known) for key, known in sets.get(kind, {}).items()}


def _of_scenario(keys: dict[str, Any], folder: Path) -> dict[str, list[Phrase]]:
    library = library_beside(folder)
    vehicles = _section(keys, "vehicles")
    own = _section(vehicles, "classes")
    mix = vehicles.get("mix") or DEFAULT_MIX
    of_mix = [name for name in mix if name not in own] if isinstance(mix, dict) else []
    told = {"vehicles.mix": _told(of_mix, library.vehicles)}
    for key, sets in (
        ("driver_rules", library.rules),
        ("driver_behaviour", library.behaviours),
    ):
        name = keys.get(key, study_fields()[key].default)
        told[key] = _told([name], sets)
    told[_COSTS] = list(_of_costs(keys.get(_COSTS), folder))
    told["market.operators"] = _of_operators(_section(keys, "market"), folder)
    return told


def _of_market(keys: dict[str, Any], folder: Path) -> dict[str, list[Phrase]]:
    return {"operators": _of_operators(keys, folder)}


def _of_operators(section: dict[str, Any], folder: Path) -> list[Phrase]:
    operators = _section(section, "operators").values()
    names = [each.get("costs") for each in operators if isinstance(each, dict)]
    return _told(names, library_beside(folder).costs)


def _of_depot(keys: dict[str, Any], folder: Path) -> dict[str, list[Phrase]]:
    depot = _section(keys, "depot")
    vehicle = _section(depot, "fleet").get("vehicle")
    told = {"depot.fleet.vehicle": _told([vehicle], depot_vehicles(folder))}
    name = _section(_section(depot, "site"), "tariff").get("name")
    if isinstance(name, str):
        try:
            tariff = read_tariff(tariff_file(name, folder))
        except ValueError:  # there is none of this name
            return told
        told["depot.site.tariff.name"] = _told([name], {name: tariff})
    return told


_READERS: dict[KindName, Callable[[dict[str, Any], Path], dict[str, list[Phrase]]]] = {
    "scenario": _of_scenario,
    "market": _of_market,
    "depot": _of_depot,
}


def _section(keys: dict[str, Any], name: str) -> dict[str, Any]:
    """A section of what is typed, which may be anything."""
    found = keys.get(name)
    return found if isinstance(found, dict) else {}


def _told(names: list[Any], sets: Mapping[str, Section]) -> list[Phrase]:
    """A line for each set that there is."""
    known = [name for name in dict.fromkeys(map(str, names)) if name in sets]
    return [
        phrase(
            "{name}: {description}. Source: {source}",
            name=name,
            description=own_phrase(str(getattr(sets[name], "description", ""))),
            source=own_phrase(source),
        )
        for name in known
        if (source := str(getattr(sets[name], "source", "")))
    ]


def _of_costs(given: object, folder: Path) -> Iterator[Phrase]:
    """A line per figure of a set of costs."""
    if given is None:
        return
    try:
        raw = study_cost_set(given, folder)
        costs = validated(TypeAdapter(CostSet), raw, _COSTS, {})
    except (ValueError, PlannerError):
        return
    named = [
        *((phrase("A point of {kw} kW, EUR", kw=figure(at.power_kw)), at) for at in costs.points),
        *(
            (own_phrase(str(field.description)), getattr(costs, name))
            for name, field in CostSet.model_fields.items()
        ),
    ]
    for title, each in named:
        if isinstance(each, Estimate):
            yield phrase(
                "{name}: {figure} ({sure}: {source})",
                name=title,
                figure=figure(each.central),
                sure=SURE[each.sure],
                source=own_phrase(each.source) if each.source else verbatim("\N{EN DASH}"),
            )
