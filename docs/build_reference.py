"""Write the reference pages that come from the code: scenario keys and result tables.

Run with ``make docs``; a test checks that the committed pages are what this writes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planner.afir.columns import AFIR_SCHEMAS
from planner.costs.climate_columns import CLIMATE_SCHEMAS
from planner.costs.columns import COST_SCHEMAS
from planner.costs.tornado_columns import TORNADO
from planner.counts.columns import COUNT_SCHEMAS
from planner.depot.depot_schemas import DEPOT_SCHEMAS
from planner.grid.columns import GRID_SCHEMAS
from planner.market.market_schemas import MARKET_SCHEMAS
from planner.optimization.class_columns import CLASS_SCHEMAS
from planner.optimization.objectives import OBJECTIVES
from planner.optimization.robust_columns import ROBUST_SCHEMAS
from planner.parking.columns import PARKING_SCHEMAS
from planner.plan.connection_columns import CONNECTION_SCHEMAS
from planner.plan.depot_schemas import NATIONAL_DEPOT_SCHEMAS
from planner.plan.load_schemas import LOAD_SCHEMAS
from planner.plan.roadmap_columns import ROADMAP_SCHEMAS
from planner.plan.schemas import OBJECTIVES_BY_DEFAULT, file_schemas
from planner.plan.site_changes import SITE_CHANGES
from planner.reporting.matsim.event_columns import MATSIM_SCHEMAS
from planner.scenario.depot_model import DepotScenario
from planner.scenario.market_scenario import MarketScenario
from planner.scenario.model import Scenario
from planner.scenario.roadmap import RoadmapDefinition
from planner.scenario.sweep import SweepDefinition, load_sweep
from planner.selection.columns import SELECTION_SCHEMAS
from planner.sweeping.tables import sweep_schema
from planner.tables.table import markdown_reference

REFERENCE = Path(__file__).resolve().parent / "reference"

SCENARIO_HEAD = """\
# Reference: the scenario file

A scenario is a YAML file with the keys below; unknown keys are refused. Keys without a default
must be given. Named parameter sets come from `config/vehicles.yaml`, `config/driver_rules.yaml` and
`config/driver_behaviour.yaml` of the planner, and from files of the same names in `config/` beside
the scenario, which add to them and override them.
Paths are relative to the scenario file and may hold `${VARIABLE}` or `${VARIABLE:-default}`.

This page is written from the code by `make docs`.
"""

RESULTS_HEAD = """\
# Reference: the result tables

This page is written from the code by `make docs`.

"""

SWEEP_HEAD = """\
# Reference: the sweep file and its tables

A sweep is a YAML file with the keys below; unknown keys are refused. The columns of its table are
those of `germany-sweep`: another sweep has other axes.

This page is written from the code by `make docs`.
"""

SWEEP_FOOT = """
## sweep_summary

Each row is one named solution of one combination, over its `n_replications` replications. Every
figure of the table above has its mean under its own name, and the ends of the mean's 95 %
confidence interval under its name with `_low` and `_high`; these are empty with one replication.

## sweep_differences

Each row is one named solution of two combinations that differ in one `axis`: `scenario` with its
`value` less `reference` with its `reference_value`, the axis' first. Figures as in `sweep_summary`;
differences are taken replication by replication.
"""

ROADMAP_HEAD = """
# Reference: the roadmap file

A roadmap is a YAML file with the keys below, for `planner roadmap`; unknown keys are refused. Its
tables `roadmap` and `roadmap_sites` stand among the [result tables](results.md).
"""


DEPOT_HEAD = """\
# Reference: the depot study, its tariffs and its tables

A depot study is a YAML file with the keys below; unknown keys are refused. Trucks come from
`config/depot_vehicles.yaml` (section DepotVehicle), tariffs from `config/tariffs/*.yaml` (section
Tariff), of the planner and beside the study. Paths are relative to the file that names them and may
hold `${VARIABLE}` or `${VARIABLE:-default}`.

This page is written from the code by `make docs`.
"""


MARKET_HEAD = """\
# Reference: the market study and its tables

A market study is a YAML file with the keys below; unknown keys are refused. Costs of operators come
from `config/operator_costs.yaml` of the planner and beside the study. Paths are relative to the
file and may hold `${VARIABLE}` or `${VARIABLE:-default}`.

This page is written from the code by `make docs`.
"""


OBJECTIVES_HEAD = """
## Objectives

What `optimization.objectives` names. The hypervolume of a front reaches from the ideal to the
reference; where already the layout with the most points is at more than half of the reference
of an objective to lower, twice its value takes the place of it. An exact start means that the
search begins with the best layouts there would be if no wait moved later arrivals; towards
other objectives it has to find its way.

| name | better | ideal | reference | exact start | meaning |
|---|---|---|---|---|---|
"""


def market_reference() -> str:
    """Markdown page with the keys of a market study and the columns of its tables."""
    keys = _key_tables("MarketScenario", MarketScenario.model_json_schema())
    return f"{MARKET_HEAD}{keys}\n{markdown_reference(MARKET_SCHEMAS)}"


def depot_reference() -> str:
    """Markdown page with the keys of a depot study and the columns of its tables."""
    keys = _key_tables("DepotScenario", DepotScenario.model_json_schema())
    return f"{DEPOT_HEAD}{keys}\n{markdown_reference(DEPOT_SCHEMAS)}"


def scenario_reference() -> str:
    """Markdown page with a table of keys for each section of a scenario, and its objectives."""
    rows = [
        f"| `{name}` | {'lower' if each.direction == 'min' else 'higher'} | {each.ideal:g} | "
        f"{each.worst:g} | {'yes' if each.is_separable else 'no'} | {each.quantity.meaning} |\n"
        for name, each in OBJECTIVES.items()
    ]
    keys = _key_tables("Scenario", Scenario.model_json_schema())
    return SCENARIO_HEAD + keys + OBJECTIVES_HEAD + "".join(rows)


def results_reference() -> str:
    """Markdown page with the columns of the tables of a run, those of its depots last."""
    tables = markdown_reference(
        (
            *file_schemas(OBJECTIVES_BY_DEFAULT, with_draws=True),
            *NATIONAL_DEPOT_SCHEMAS,
            *MATSIM_SCHEMAS,
            *AFIR_SCHEMAS,
            *COST_SCHEMAS,
            *SELECTION_SCHEMAS,
            *ROBUST_SCHEMAS,
            TORNADO,
            *CLASS_SCHEMAS,
            *CLIMATE_SCHEMAS,
            *LOAD_SCHEMAS,
            *GRID_SCHEMAS,
            *PARKING_SCHEMAS,
            *COUNT_SCHEMAS,
            *ROADMAP_SCHEMAS,
            *CONNECTION_SCHEMAS,
            SITE_CHANGES,
        )
    )
    return f"{RESULTS_HEAD}{tables}"


def sweep_reference() -> str:
    """Markdown page with the keys of a sweep, the columns of its tables, and a roadmap's keys."""
    variants = load_sweep("germany-sweep").variants
    keys = _key_tables("Sweep", SweepDefinition.model_json_schema())
    table = markdown_reference((sweep_schema(variants),))
    roadmap = _key_tables("Roadmap", RoadmapDefinition.model_json_schema())
    return f"{SWEEP_HEAD}{keys}\n{table}{SWEEP_FOOT}{ROADMAP_HEAD}{roadmap}"


def _key_tables(name: str, schema: dict[str, Any]) -> str:
    definitions = schema.pop("$defs", {})
    sections = {name: schema} | definitions
    return "".join(
        _section(name, section) for name, section in sections.items() if "properties" in section
    )


def _section(name: str, section: dict[str, Any]) -> str:
    required = section.get("required", [])
    rows = "".join(
        f"| `{key}` | {_type(spec)} | {_default(spec, is_required=key in required)} | "
        f"{spec.get('description', '')} |\n"
        for key, spec in section["properties"].items()
    )
    return (
        f"\n## {name}\n\n{section.get('description', '')}\n\n"
        f"| key | type and range | default | meaning |\n|---|---|---|---|\n{rows}"
    )


def _type(spec: dict[str, Any]) -> str:
    if "$ref" in spec:
        return f"see {spec['$ref'].rsplit('/', 1)[-1]}"
    if "const" in spec:
        return f"`{spec['const']}`"
    if "enum" in spec:
        return " or ".join(f"`{value}`" for value in spec["enum"])
    for several in ("oneOf", "anyOf", "allOf"):
        if several in spec:
            return " or ".join(_type(option) for option in spec[several])
    if spec.get("type") == "array":
        return f"list of {_type(spec.get('items', {}))}"
    if spec.get("type") == "object":
        inner = spec.get("additionalProperties") or next(
            iter(spec.get("patternProperties", {}).values()), None
        )
        return f"name: {_type(inner)}" if isinstance(inner, dict) else "keys with values"
    names = {"number": "number", "integer": "whole number", "string": "text", "null": "nothing"}
    return names.get(spec.get("type", ""), "any") + _range(spec)


def _range(spec: dict[str, Any]) -> str:
    marks = {
        "minimum": "≥",
        "exclusiveMinimum": ">",
        "maximum": "≤",
        "exclusiveMaximum": "<",
    }
    bounds = [f"{mark} {spec[key]:.15g}" for key, mark in marks.items() if key in spec]
    return f" ({', '.join(bounds)})" if bounds else ""


def _default(spec: dict[str, Any], *, is_required: bool) -> str:
    if is_required or "default" not in spec:
        return "must be given" if is_required else "as in its section"
    value = spec["default"]
    if value in ("", None, {}):
        return "none"
    return f"`{value}`"


def main() -> None:
    """Write all pages."""
    REFERENCE.mkdir(exist_ok=True)
    (REFERENCE / "scenario.md").write_text(scenario_reference(), encoding="utf-8")
    (REFERENCE / "depot.md").write_text(depot_reference(), encoding="utf-8")
    (REFERENCE / "market.md").write_text(market_reference(), encoding="utf-8")
    (REFERENCE / "sweep.md").write_text(sweep_reference(), encoding="utf-8")
    (REFERENCE / "results.md").write_text(results_reference(), encoding="utf-8")


if __name__ == "__main__":
    main()
