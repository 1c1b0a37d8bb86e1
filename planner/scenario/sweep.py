"""A sweep: one scenario with some of its keys varied, each variant replicated with other seeds."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

from pydantic import Field, TypeAdapter, field_validator, model_validator

from planner.errors import ScenarioError
from planner.said import bracketed, joined, said, set_off
from planner.scenario.input_paths import resolved_path
from planner.scenario.load import Change, bundled_or_given, read_document
from planner.scenario.parameter_sets import Positive, Section, Whole
from planner.scenario.patterns import StudyName
from planner.scenario.yaml_files import validated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.scenario.load import ScenarioDocument
    from planner.scenario.model import Scenario

MAX_RUNS = 10_000
"""A sweep of more runs is taken for a mistake and refused."""

_LABEL_CHARACTERS = 80
_NOT_AXES = {
    "seed": "set replications; each has a seed of its own",
    "name": "the sweep has a name",
    "description": "the sweep has a description",
}


class ReplicateUntil(Section):
    """When enough replications are enough."""

    mean_wait_interval_min: Positive = Field(
        le=1440.0,
        description="Width asked of the 95 % confidence interval of the mean wait, minutes.",
    )
    solution: Literal["logistics", "logistics-leaning", "balanced", "cpo-leaning", "cpo"] = Field(
        default="balanced",
        description="Named solution whose mean wait is meant; cpo is the operator's.",
    )
    at_most: Whole = Field(
        default=20, ge=2, le=1000, description="Replications after which it ends anyway."
    )


class SweepDefinition(Section):
    """One scenario, which of its keys are varied, and how often each variant is replicated."""

    name: StudyName = Field(
        description="Name of the sweep and of its folder in outputs/: lower-case letters, digits, "
        "dot, dash and underscore.",
    )
    description: str = Field(default="", description="What the sweep asks, for its report.")
    base: str = Field(
        min_length=1,
        description="The scenario: a file, or a folder with a study, relative to this one; or the "
        "name of one that comes with the planner.",
    )
    fixed: dict[str, Any] = Field(
        default_factory=dict,
        description="Keys of the scenario to set in all runs, for example "
        "`optimization.max_generations: 100`.",
    )
    axes: dict[str, tuple[Any, ...]] = Field(
        default_factory=dict,
        description="Keys of the scenario to vary and the values of each, for example "
        "`demand.electrification_share: [0.05, 0.10]`; every combination is planned. Paths in "
        "values are relative to the scenario's file.",
    )
    replications: Whole = Field(
        default=1,
        ge=1,
        le=1000,
        description="Runs of each combination, each with another seed and so with another draw of "
        "the demand: the scenario's seed, the next, and so on. The same replication has the same "
        "seed in all combinations.",
    )
    replicate_until: ReplicateUntil | None = Field(
        default=None,
        description="Replicate a combination further until the interval of its mean wait is "
        "narrow enough.",
    )

    @field_validator("axes")
    @classmethod
    def _axes_vary(cls, axes: dict[str, tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
        faults = [
            joined((key, reason), ": ")
            for key, values in axes.items()
            if (reason := _fault_of_axis(key, values))
        ]
        if faults:
            msg = said("axes that vary; found {listed}", listed=joined(faults))
            raise ValueError(msg)
        return axes

    @model_validator(mode="after")
    def _is_of_a_size_to_run(self) -> Self:
        until = self.replicate_until
        if until and self.replications < 2:
            msg = said(
                "replications of at least 2 where replicate_until is set: one has no interval"
            )
            raise ValueError(msg)
        if until and until.at_most < self.replications:
            msg = said(
                "replicate_until.at_most of at least the {replications} replications",
                replications=str(self.replications),
            )
            raise ValueError(msg)
        n_runs = prod(map(len, self.axes.values())) * self.replications
        if n_runs > MAX_RUNS:
            msg = said(
                "at most {most} runs; found {n_runs}",
                most=MAX_RUNS,
                n_runs=n_runs,
            )
            raise ValueError(msg)
        return self


def _fault_of_axis(key: str, values: tuple[Any, ...]) -> str:
    if key in _NOT_AXES:
        return said("not to be varied; {reason}", reason=_NOT_AXES[key])
    if not values:
        return "no values; give a list of them"
    written = [_canonical(value) for value in values]
    if len(set(written)) < len(written):
        return "a value twice"
    return ""


class Combination(Protocol):
    """What tables of a sweep need to know of a combination of the axes' values."""

    @property
    def axis_values(self) -> dict[str, Any]:
        """Value of each axis, by key path."""

    @property
    def label(self) -> str:
        """What folders call it."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One combination of the axes' values.

    Parameters
    ----------
    axis_values : dict
        Value of each axis, by key path.
    label : str
        What folders call it: letters, digits and a few signs.
    scenario : Scenario
        The study with these values, as the first replication runs it.
    """

    axis_values: dict[str, Any]
    label: str
    scenario: Scenario

    def replication(self, number: int) -> Scenario:
        """Study of a replication: the same with another seed.

        Parameters
        ----------
        number : int
            Replication, from 1; the first has the scenario's own seed.
        """
        return self.scenario.draw(number)


@dataclass(frozen=True, slots=True)
class Sweep:
    """A sweep with all its variants, each valid.

    Parameters
    ----------
    variants : tuple of Variant
        Combinations of the axes' values, the last axis varying fastest.
    """

    definition: SweepDefinition
    variants: tuple[Variant, ...]

    @property
    def name(self) -> str:
        """Name of the sweep."""
        return self.definition.name

    @property
    def seed(self) -> int:
        """Seed of the first replications."""
        return self.variants[0].scenario.seed

    def model_dump_json(self) -> str:
        """All settings of all combinations."""
        each = [variant.scenario.model_dump_json() for variant in self.variants]
        return json.dumps([self.definition.model_dump_json(), *each])


def load_sweep(path: str | Path) -> Sweep:
    """Read a sweep and validate every combination of its axes.

    Parameters
    ----------
    path : str or Path
        A sweep file, or the name of one that comes with the planner (``germany-sweep``).

    Raises
    ------
    ScenarioError
        With all faults of the file, or of all combinations, at once.
    """
    file = bundled_or_given(Path(path))
    return sweep_of_keys(read_document(file, "sweep").keys, file)


def sweep_of_keys(keys: dict[str, Any], file: Path) -> Sweep:
    """Validate the keys of a sweep's file and every combination of its axes.

    Raises
    ------
    ScenarioError
        As :func:`load_sweep` does.
    """
    definition = validated(TypeAdapter(SweepDefinition), keys, str(file), {})
    document = base_document(definition.base, file)
    names = short_names(definition.axes)
    variants, failed = [], []
    combinations = [
        dict(zip(definition.axes, values, strict=True))
        for values in product(*definition.axes.values())
    ]
    for values in combinations:
        changes = [
            Change(key, value, str(file)) for key, value in (definition.fixed | values).items()
        ]
        try:
            scenario = document.scenario(changes)
        except ScenarioError as error:
            failed.append((values, error))
            continue
        described = {"description": _described(scenario.description, names, values)}
        variants.append(
            Variant(values, _label(names, values), scenario.model_copy(update=described))
        )
    if failed:
        raise ScenarioError(_all_faults(failed, len(combinations)), str(file))
    return Sweep(definition, tuple(variants))


def base_document(base: str, file: Path) -> ScenarioDocument:
    """Scenario that a file of several runs begins with.

    Parameters
    ----------
    base : str
        A file or a folder with a study, relative to ``file``, or the name of one that comes with
        the planner.
    """
    try:
        beside = resolved_path(base, file.parent)
    except ValueError as error:
        fault = said("{key}: expected {what}", key="base", what=error.args[0])
        raise ScenarioError([fault], str(file)) from error
    given = bundled_or_given(beside if beside.exists() else Path(base))
    return read_document(given, "scenario")


def value_text(value: object) -> str:
    """Value of an axis as a reader is shown it."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return _canonical(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def short_names(axes: Iterable[str]) -> dict[str, str]:
    """Last parts of the axes' key paths, as many of them as tell them apart."""
    keys = list(axes)

    def ending(key: str, n_parts: int) -> str:
        return ".".join(key.split(".")[-n_parts:])

    names = {}
    for key in keys:
        n_parts = 1
        while sum(ending(other, n_parts) == ending(key, n_parts) for other in keys) > 1:
            n_parts += 1
        names[key] = ending(key, n_parts)
    return names


def _described(description: str, names: dict[str, str], values: dict[str, Any]) -> str:
    varied = ", ".join(f"{names[key]} {value_text(value)}" for key, value in values.items())
    return f"{description} ({varied})".strip() if varied else description


def _label(names: dict[str, str], values: dict[str, Any]) -> str:
    if not values:
        return "base"
    exact = "_".join(f"{names[key]}={value_text(value)}" for key, value in values.items())
    readable = re.sub(r"[^A-Za-z0-9._=+-]+", "-", exact)[:_LABEL_CHARACTERS]
    if readable == exact:
        return exact
    digest = sha256(_canonical(values).encode()).hexdigest()[:8]
    return f"{readable}-{digest}"


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def _all_faults(failed: list[tuple[dict[str, Any], ScenarioError]], n_all: int) -> list[str]:
    """Every fault once; with the combination where it is not plain from the fault itself."""
    where: dict[str, list[dict[str, Any]]] = {}
    for values, error in failed:
        for fault in error.faults:
            where.setdefault(fault, []).append(values)
    faults = []
    for fault, combinations in where.items():
        values = combinations[0]
        of_an_axis = any(fault.startswith(key) for key in values)
        varied = ", ".join(f"{key}: {value_text(value)}" for key, value in values.items())
        plain = of_an_axis or len(combinations) == n_all
        with_values = set_off(bracketed(said("with {values}", values=varied)))
        faults.append(fault if plain else joined((fault, with_values), ""))
    return faults
