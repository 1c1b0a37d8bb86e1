"""The room's one door: from a scenario file, with overrides, to a validated study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from planner.errors import ScenarioError
from planner.scenario.bundled import bundled_path
from planner.scenario.model import Scenario
from planner.scenario.parameter_library import library_beside
from planner.scenario.yaml_files import parse_yaml, read_yaml_mapping, validated

if TYPE_CHECKING:
    from collections.abc import Sequence


def load_scenario(path: str | Path, overrides: Sequence[str] = ()) -> Scenario:
    """Read and validate a scenario.

    Parameters
    ----------
    path : str or Path
        A scenario file, or the name of one that comes with the planner (``germany-10``).
    overrides : sequence of str
        ``key.path=value`` each, applied before validation; values are read as YAML.

    Returns
    -------
    Scenario
        The study with every default and named parameter set filled in.

    Raises
    ------
    ScenarioError
        With all faults of the file and of the overrides at once.
    """
    file = _scenario_file(Path(path))
    raw = read_yaml_mapping(file)
    for override in overrides:
        _apply(raw, override)
    context = {"base_dir": file.parent.resolve(), "library": library_beside(file.parent)}
    return validated(TypeAdapter(Scenario), raw, str(file), context)


def _scenario_file(path: Path) -> Path:
    if path.exists() or path.suffix in {".yaml", ".yml"}:
        return path
    bundled = bundled_path("scenarios") / f"{path.name}.yaml"
    return bundled if path.name == str(path) and bundled.is_file() else path


def _apply(raw: dict[str, Any], override: str) -> None:
    where = f"--set {override}"
    key, equals, text = override.partition("=")
    parts = key.strip().split(".")
    if not equals or not all(parts):
        raise ScenarioError(["expected key.path=value, for example demand.days=[mon]"], where)
    place = raw
    for part in parts[:-1]:
        inner = place.setdefault(part, {})
        if not isinstance(inner, dict):
            fault = f"{part} holds a single value here, not keys; set {part} itself"
            raise ScenarioError([fault], where)
        place = inner
    place[parts[-1]] = parse_yaml(text, where)
