"""Finished runs as they are compared: their figures, and which differ in what."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.errors import RunDirectoryError
from planner.plan.key_names import LEVEL_KEY
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.plan.published_verdicts import RunBasis
from planner.runs.manifests import MANIFEST, read_manifest
from planner.said import said
from planner.tables.table_files import read_parquet

if TYPE_CHECKING:
    from collections.abc import Sequence

_COSTS = "infrastructure_costs."
_NO_SETTINGS = {"name", "description"}
_NOT_A_SERIES = {
    "seed",
    LEVEL_KEY,
    # Tables and bands of the report: no plan depends on them.
    "optimization.compare_methods",
    "replications",
}
_MOST_KEYS_IN_A_LABEL = 2
_HASH_SIGNS = 12
"""Of a SHA-256, where it is shown."""
_SECTIONS_OF_BASIS = ("demand", "sites", "driver_behaviour")


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """What a comparison needs of a run.

    Parameters
    ----------
    level_share : float
        Its electrification level.
    scenario : dict
        Its scenario by key path, values as JSON, without name and description.
    settings : dict
        The same without level and seed and what no plan depends on.
    summary : dict
        The ``summary`` of its ``run.json``.
    inputs_sha256 : dict
        SHA-256 of its input files by the keys that name them.
    """

    folder: Path
    name: str
    level_share: float
    seed: int
    scenario: dict[str, str]
    settings: dict[str, str]
    summary: dict[str, Any]
    inputs_sha256: dict[str, str]

    @property
    def network(self) -> str:
        """Which published sites it is held against: its own of the built-in ones, else policy."""
        if self.settings.get("sites.source") == '"builtin"':
            return str(json.loads(self.settings["sites.network"]))
        return "policy"

    @property
    def is_builtin(self) -> bool:
        """Whether it is of the built-in Germany."""
        return self.settings.get("network.source") == '"builtin"'

    @property
    def sites(self) -> dict[str, Any]:
        """Its section ``sites``, which says where its sites come from."""
        return self.section("sites")

    def section(self, name: str) -> dict[str, Any]:
        """A section of its scenario."""
        found: dict[str, Any] = {}
        for path, value in self.settings.items():
            section, *keys = path.split(".")
            if section == name and keys:
                inner = found
                for key in keys[:-1]:
                    inner = inner.setdefault(key, {})
                inner[keys[-1]] = json.loads(value)
        return found

    @property
    def basis(self) -> RunBasis:
        """What its figures are of, against the published ones."""
        return RunBasis.of({name: self.section(name) for name in _SECTIONS_OF_BASIS})

    @property
    def front(self) -> pd.DataFrame:
        """Its Pareto front."""
        return read_parquet(self.folder / "front.parquet")


def read_runs(folders: Sequence[Path]) -> list[ComparedRun]:
    """Read what a comparison needs of runs and of all runs of sweeps.

    Parameters
    ----------
    folders : sequence of pathlib.Path
        Folders of finished runs, or of sweeps.

    Returns
    -------
    list of ComparedRun
        Each run once, also where it is named twice: it is no replication of itself. A file that is
        the same in several runs, wherever it lay, has the path of the first one; where files of
        one path are not the same, the beginning of its SHA-256 stands behind it.

    Raises
    ------
    RunDirectoryError
        If a folder is neither, the sweep is not finished, or a run has not what this version
        writes.
    """
    runs = {run.resolve(): run for folder in folders for run in _runs_in(folder)}
    return _with_files_told_apart([_read(run) for run in runs.values()])


def without_copies(
    runs: Sequence[ComparedRun],
) -> tuple[list[ComparedRun], list[tuple[ComparedRun, ComparedRun]]]:
    """Runs of which none has the study, level and seed of an earlier one.

    Returns
    -------
    list of ComparedRun
        In the same order: a copy in another folder is no replication.
    list of (ComparedRun, ComparedRun)
        Each copy, and the run that it is a copy of.
    """
    first: dict[tuple[object, ...], ComparedRun] = {}
    copies = []
    for run in runs:
        known = first.setdefault((run.level_share, run.seed, *sorted(run.settings.items())), run)
        if known is not run:
            copies.append((run, known))
    return list(first.values()), copies


def _runs_in(folder: Path) -> list[Path]:
    """The runs that a sweep's table lists, or the folder itself."""
    if (folder / "sweep.csv").is_file():
        return [folder / run for run in dict.fromkeys(_listed_runs(folder / "sweep.csv"))]
    if (folder / "sweep.json").is_file():
        told = "{folder}: a sweep that is not finished; go on with the same 'planner sweep' first"
        msg = said(told, folder=str(folder))
        raise RunDirectoryError(msg)
    return [folder]


def _listed_runs(path: Path) -> list[str]:
    try:
        listed = pd.read_csv(path, usecols=["run"], dtype=str)["run"]
    except (OSError, ValueError) as error:
        told = "{path}: not as the sweep wrote it ({error}); start it again"
        msg = said(told, path=str(path), error=str(error))
        raise RunDirectoryError(msg) from error
    if not listed.notna().any():
        told = "{path}: expected the runs of a sweep, found none; start it again"
        msg = said(told, path=str(path))
        raise RunDirectoryError(msg)
    return list(listed.dropna())


def _read(folder: Path) -> ComparedRun:
    manifest = read_manifest(folder)
    try:
        scenario = manifest["scenario"]
        level_share = float(scenario["demand"]["electrification_share"])
        manifest["summary"]["solutions"][DEFAULT_SOLUTION]["ecu_year_6_days_share"]
        flat = {key: value for key, value in _flat(scenario).items() if key not in _NO_SETTINGS}
        return ComparedRun(
            folder=folder,
            name=str(manifest["name"]),
            level_share=level_share,
            seed=int(scenario["seed"]),
            scenario=flat,
            settings={key: value for key, value in flat.items() if key not in _NOT_A_SERIES},
            summary=manifest["summary"],
            inputs_sha256=manifest.get("provenance", {}).get("inputs_sha256") or {},
        )
    except (KeyError, TypeError) as error:
        told = "{path}: expected the key {key}; run the scenario again"
        msg = said(told, path=str(folder / MANIFEST), key=str(error))
        raise RunDirectoryError(msg) from error


def _with_files_told_apart(runs: Sequence[ComparedRun]) -> list[ComparedRun]:
    """Runs of which the same files have the same value in scenarios and settings, others another.

    A file that no key of a scenario names, as one that a depot's study names, gets a key where its
    content differs.
    """
    first_path: dict[tuple[str, str], str] = {}
    for run in runs:
        for key, sha256 in run.inputs_sha256.items():
            first_path.setdefault((key, sha256), run.scenario.get(key, ""))
    n_contents = Counter((key, path) for (key, _), path in first_path.items())
    shown = {
        (key, sha256): path if n_contents[key, path] == 1 else _with_hash(path, sha256)
        for (key, sha256), path in first_path.items()
    }
    told = []
    for run in runs:
        files = {key: shown[key, sha256] for key, sha256 in run.inputs_sha256.items()}
        named = {key: text for key, text in files.items() if text}
        told.append(replace(run, scenario=run.scenario | named, settings=run.settings | named))
    return told


def _content(sha256: str) -> str:
    """What tells the content of a file."""
    return f"SHA-256 {sha256[:_HASH_SIGNS]}"


def _with_hash(path: str, sha256: str) -> str:
    """A path as JSON with what tells its content."""
    told = _content(sha256)
    return json.dumps(f"{json.loads(path)} ({told})" if path else told)


def changed_files(runs: Sequence[ComparedRun]) -> set[str]:
    """Keys of files that lay at one path with different content when runs read them."""
    return {
        key
        for run in runs
        for key, sha256 in run.inputs_sha256.items()
        if _content(sha256) in run.scenario.get(key, "")
    }


def folder_names(runs: Sequence[ComparedRun]) -> list[str]:
    """Folders of runs, with the studies behind them where neither is of all nor tells the other.

    Returns
    -------
    list of str
        Some alike where folders are.
    """
    folders = [run.folder.name for run in runs]
    if len({run.name for run in runs}) == 1:
        return folders
    return [
        folder if _tells(folder, run.name) else f"{folder} ({run.name})"
        for folder, run in zip(folders, runs, strict=True)
    ]


def _tells(folder: str, study: str) -> bool:
    """Whether all words of one name are in the other: ``2030`` of ``germany-roadmap-2030``."""
    of_folder, of_study = (set(re.split(r"[-_.\s]+", name)) for name in (folder, study))
    return of_folder <= of_study or of_study <= of_folder


def series_labels(runs: Sequence[ComparedRun]) -> list[str]:
    """What tells each run from those of other series: settings other than level and seed.

    Returns
    -------
    list of str
        The folders where each run is a series of its own. Else the values of the settings that
        differ where these are one or two, else the names of the studies; with the number of the
        series where that is ambiguous.
    """
    differing = list(differing_keys([run.settings for run in runs]))
    kinds = [tuple(run.settings.get(key, "") for key in differing) for run in runs]
    folders = folder_names(runs)
    if 1 < len(runs) == len(set(kinds)) == len(set(folders)):
        return folders
    if len(differing) <= _MOST_KEYS_IN_A_LABEL:
        texts = [_label(differing, kind) for kind in kinds]
    else:
        texts = [run.name for run in runs]
    kinds_of: dict[str, list[tuple[str, ...]]] = {}
    for text, kind in zip(texts, kinds, strict=True):
        if kind not in kinds_of.setdefault(text, []):
            kinds_of[text].append(kind)
    return [
        text if len(kinds_of[text]) == 1 else f"{text} ({kinds_of[text].index(kind) + 1})"
        for text, kind in zip(texts, kinds, strict=True)
    ]


def differing_keys(scenarios: Sequence[dict[str, str]]) -> dict[str, list[str]]:
    """Keys in which scenarios differ, with the value of each as JSON, empty where it has none."""
    keys = sorted({key for scenario in scenarios for key in scenario})
    if not all(any(key.startswith(_COSTS) for key in scenario) for scenario in scenarios):
        # Where some have no prices at all, one row says so, and not one for each price.
        keys = [key for key in keys if not key.startswith(_COSTS) or key == f"{_COSTS}description"]
    values = {key: [scenario.get(key, "") for scenario in scenarios] for key in keys}
    return {key: of_all for key, of_all in values.items() if len(set(of_all)) > 1}


def _label(keys: list[str], values: tuple[str, ...]) -> str:
    parts = []
    for key, text in zip(keys, values, strict=True):
        value = json.loads(text) if text else "-"
        name = key.rsplit(".", 1)[-1]
        parts.append(Path(value).name if isinstance(value, str) else f"{name} {text}")
    return ", ".join(parts)


def _flat(settings: dict[str, Any], above: str = "") -> dict[str, str]:
    """Nested settings by key path, values as JSON, without those that are not set or empty."""
    flat: dict[str, str] = {}
    for key, value in settings.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{above}{key}.")
        # Runs made before a key existed do not have it at all; an empty text says no more.
        elif value is not None and value != "":
            flat[above + key] = json.dumps(value, sort_keys=True)
    return flat
