"""A study of any kind, read and checked as far as its own file goes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import ScenarioError
from planner.said import said
from planner.scenario.depot_model import DepotScenario, load_depot
from planner.scenario.load import ScenarioDocument, bundled_or_given, load_scenario
from planner.scenario.market_scenario import MarketScenario, load_market
from planner.scenario.model import Scenario
from planner.scenario.renamed_keys import with_todays_keys
from planner.scenario.roadmap import Roadmap, RoadmapDefinition, load_roadmap, roadmap_of_keys
from planner.scenario.study_kinds import kind_of, refuse_another_kind
from planner.scenario.sweep import Sweep, SweepDefinition, load_sweep, sweep_of_keys
from planner.scenario.tariff_library import read_tariff
from planner.scenario.tariffs import Tariff
from planner.scenario.yaml_files import read_yaml_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planner.scenario.parameter_sets import Section
    from planner.scenario.study_kinds import KindName

AnyStudy = Scenario | MarketScenario | DepotScenario | Sweep | Roadmap | Tariff


@dataclass(frozen=True, slots=True)
class FileKind:
    """How a kind of file is read.

    Parameters
    ----------
    model : type of Section
        What stands in it.
    loaded : type
        What it is once read.
    load : callable
        Reads it, with overrides where it takes them.
    instead_of_set : str
        What to do instead of an override, where it takes none.
    """

    model: type[Section]
    loaded: type[Any]
    load: Callable[..., AnyStudy]
    instead_of_set: str = ""


FILE_KINDS: dict[KindName, FileKind] = {
    "scenario": FileKind(Scenario, Scenario, load_scenario),
    "market": FileKind(MarketScenario, MarketScenario, load_market),
    "depot": FileKind(DepotScenario, DepotScenario, load_depot),
    "sweep": FileKind(SweepDefinition, Sweep, load_sweep, "set the key in its section fixed"),
    "roadmap": FileKind(
        RoadmapDefinition, Roadmap, load_roadmap, "set the key in its section fixed"
    ),
    "tariff": FileKind(Tariff, Tariff, read_tariff, "change its file"),
}


def load_study(
    path: str | Path, overrides: Sequence[str] = (), kind: KindName | None = None
) -> AnyStudy:
    """Read a study.

    Parameters
    ----------
    path : str or Path
        A scenario, market study, depot study, sweep, roadmap or tariff, or the name of one that
        comes with the planner. A file that is none of them is read as a scenario.
    overrides : sequence of str
        ``key.path=value`` each, applied before validation; sweeps, roadmaps and tariffs take none.
    kind : str, optional
        The kind it must be; any by default.

    Raises
    ------
    ScenarioError
        With the faults of the file, all at once. Files that it names are not looked at.
    """
    file = bundled_or_given(Path(path))
    found = kind or kind_of(read_yaml_mapping(file)) or "scenario"
    reader = FILE_KINDS[found]
    if not reader.instead_of_set:
        return reader.load(file, overrides)
    if overrides:
        fault = said(
            "expected no --set with a {kind}; {remedy}", kind=found, remedy=reader.instead_of_set
        )
        raise ScenarioError([fault], str(file))
    return reader.load(file)


def study_of_keys(keys: dict[str, Any], file: Path, kind: KindName) -> AnyStudy:
    """Validate the keys of a study that is not kept yet.

    Parameters
    ----------
    keys : dict
        As its file will have them.
    file : pathlib.Path
        Where it will stand: relative paths start at its folder.
    kind : str
        The kind it must be.

    Raises
    ------
    ScenarioError
        With all faults at once.
    """
    refuse_another_kind(keys, kind, file)
    keys = with_todays_keys(keys, file)
    if kind == "sweep":
        return sweep_of_keys(keys, file)
    if kind == "roadmap":
        return roadmap_of_keys(keys, file)
    study: AnyStudy = ScenarioDocument(file, keys).section(FILE_KINDS[kind].model)  # type: ignore[assignment]
    return study


def kind_of_study(study: AnyStudy) -> KindName:
    """Kind of file that a study was read from."""
    return next(kind for kind, each in FILE_KINDS.items() if isinstance(study, each.loaded))
