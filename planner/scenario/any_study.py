"""A study of any kind, read and checked as far as its own file goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import ScenarioError
from planner.scenario.depot_model import DepotScenario, load_depot
from planner.scenario.load import bundled_or_given, load_scenario
from planner.scenario.market_scenario import MarketScenario, load_market
from planner.scenario.model import Scenario
from planner.scenario.study_kinds import kind_of
from planner.scenario.sweep import Sweep, load_sweep
from planner.scenario.tariff_library import read_tariff
from planner.scenario.tariffs import Tariff
from planner.scenario.yaml_files import read_yaml_mapping

if TYPE_CHECKING:
    from collections.abc import Sequence

AnyStudy = Scenario | MarketScenario | DepotScenario | Sweep | Tariff


def load_study(path: str | Path, overrides: Sequence[str] = ()) -> AnyStudy:
    """Read a study, whatever its kind.

    Parameters
    ----------
    path : str or Path
        A scenario, market study, depot study, sweep or tariff, or the name of one that comes with
        the planner. A file that is none of them is read as a scenario.
    overrides : sequence of str
        ``key.path=value`` each, applied before validation; sweeps and tariffs take none.

    Raises
    ------
    ScenarioError
        With the faults of the file, all at once. Files that it names are not looked at.
    """
    file = bundled_or_given(Path(path))
    kind = kind_of(read_yaml_mapping(file)) or "scenario"
    match kind:
        case "market":
            return load_market(file, overrides)
        case "depot":
            return load_depot(file, overrides)
        case "scenario":
            return load_scenario(file, overrides)
    if overrides:
        remedy = {"sweep": "set the key in its section fixed", "tariff": "change its file"}[kind]
        raise ScenarioError([f"expected no --set with a {kind}; {remedy}"], str(file))
    return load_sweep(file) if kind == "sweep" else read_tariff(file)
