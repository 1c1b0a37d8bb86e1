"""Tariffs by name: those that come with the planner, and those beside a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from planner.errors import quoted
from planner.said import meant, said
from planner.scenario.bundled import bundled_path
from planner.scenario.tariffs import Tariff
from planner.scenario.yaml_files import read_yaml_mapping, validated

if TYPE_CHECKING:
    from pathlib import Path


def read_tariff(path: Path) -> Tariff:
    """Read a tariff file; paths in it are relative to its folder.

    Raises
    ------
    ScenarioError
        With all its faults: unknown keys, gaps and overlaps in time, wrong values.
    """
    context = {"base_dir": path.parent.resolve()}
    return validated(TypeAdapter(Tariff), read_yaml_mapping(path), str(path), context)


def tariff_files(scenario_folder: Path) -> dict[str, Path]:
    """Files of all tariffs by name: the planner's, and those beside the scenario before them."""
    folders = [scenario_folder / "config" / "tariffs", bundled_path("config/tariffs")]
    return {path.stem: path for folder in reversed(folders) for path in folder.glob("*.yaml")}


def tariff_file(name: str, scenario_folder: Path) -> Path:
    """File of a tariff.

    Parameters
    ----------
    name : str
        Name of a file in ``config/tariffs/`` beside the scenario or of the planner, without
        ``.yaml``.

    Raises
    ------
    ValueError
        If there is none; with the names that there are.
    """
    known = tariff_files(scenario_folder)
    if name not in known:
        msg = said(
            "the name of a tariff from config/tariffs ({listed}); found {name}{hint}",
            listed=", ".join(sorted(known)),
            name=quoted(name),
            hint=meant(name, known),
        )
        raise ValueError(msg)
    return known[name]
