"""The room's one door: from a scenario file, with overrides, to a validated study."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter

from planner.errors import ScenarioError
from planner.said import said
from planner.scenario.bundled import STUDY, bundled_studies
from planner.scenario.model import Scenario
from planner.scenario.parameter_library import library_beside
from planner.scenario.parameter_sets import Section
from planner.scenario.presets import with_preset
from planner.scenario.renamed_keys import todays_path, with_todays_keys
from planner.scenario.route_spread import with_usual_spread
from planner.scenario.study_kinds import refuse_another_kind
from planner.scenario.yaml_files import read_yaml_mapping, validated
from planner.scenario.yaml_values import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planner.scenario.study_kinds import KindName

SectionT = TypeVar("SectionT", bound=Section)

_NO_SETTINGS = {"name", "description", "seed"}
_DEEPEST, _SHOWN = 20, 100
"""Levels of keys that are looked at, and how much is shown of what goes deeper."""


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
    document = read_document(bundled_or_given(Path(path)), "scenario")
    return document.scenario([parse_override(override) for override in overrides])


@dataclass(frozen=True, slots=True)
class ScenarioDocument:
    """A scenario file as it was read, not yet validated."""

    file: Path
    keys: dict[str, Any]

    def scenario(self, changes: Iterable[Change] = ()) -> Scenario:
        """Validate the document with some of its keys set anew.

        Parameters
        ----------
        changes : iterable of Change
            Keys to set, applied in order; paths in values are relative to the file's folder.

        Returns
        -------
        Scenario
            The study with every default and named parameter set filled in.

        Raises
        ------
        ScenarioError
            With all faults at once.
        """
        return self.section(Scenario, changes)

    def section(self, model: type[SectionT], changes: Iterable[Change] = ()) -> SectionT:
        """Validate the document as another kind of study, as :meth:`scenario` does."""
        keys = deepcopy(self.keys)
        listed = list(changes)
        for change in listed:
            _apply(keys, change)
        keys = _described_anew(keys, listed, self.keys)
        if model is Scenario:
            keys = with_usual_spread(with_preset(keys, str(self.file)))
        folder = self.file.parent
        context = {"base_dir": folder.resolve(), "library": library_beside(folder)}
        return validated(TypeAdapter(model), keys, str(self.file), context)


def read_document(file: Path, kind: KindName) -> ScenarioDocument:
    """Read a scenario file without validating it.

    Raises
    ------
    ScenarioError
        If it is not a YAML file with keys, or another kind of study.
    """
    keys = read_yaml_mapping(file)
    refuse_another_kind(keys, kind, file)
    return ScenarioDocument(file, with_todays_keys(keys, file))


def bundled_or_given(path: Path) -> Path:
    """File that a user means: one of their own, or the name of one that comes with the planner.

    A folder stands for the study in it.
    """
    if path.is_dir() and (path / STUDY).is_file():
        return path / STUDY
    if path.exists() or path.suffix in {".yaml", ".yml"} or path.name != str(path):
        return path
    return bundled_studies().get(path.name, path)


@dataclass(frozen=True, slots=True)
class Change:
    """A key of a scenario set anew.

    Parameters
    ----------
    key_path : str
        The key with those above it, for example ``"demand.electrification_share"``.
    value : object
        Its value, as YAML gives it.
    where : str
        Where the change was asked for, for messages.
    """

    key_path: str
    value: object
    where: str


def parse_override(override: str) -> Change:
    """Change that a ``key.path=value`` of the command line asks for.

    Raises
    ------
    ScenarioError
        If it is not of that form.
    """
    where = f"--set {override}"
    key_path, equals, text = override.partition("=")
    key_path = key_path.strip()
    if not equals or not all(key_path.split(".")):
        fault = said("expected key.path=value, for example demand.days=[mon]")
        raise ScenarioError([fault], where)
    if key_path.count(".") >= _DEEPEST:
        msg = said(
            "expected a key, which lies at most {deepest} levels deep", deepest=str(_DEEPEST)
        )
        raise ScenarioError([msg], f"--set {override[:_SHOWN]} ...")
    return Change(key_path, parse_yaml(text, where, key_path), where)


def _described_anew(
    keys: dict[str, Any], changes: Iterable[Change], written: dict[str, Any]
) -> dict[str, Any]:
    """Keys whose description says what is not as in the file, which it was written for.

    It may name a value that was changed, such as a share: the file's own stands before the new one.
    """
    description = keys.get("description")
    changed = {each.key_path: each.value for each in changes if each.key_path not in _NO_SETTINGS}
    told_anew = any(each.key_path == "description" for each in changes)
    if told_anew or not isinstance(description, str):
        return keys
    told = []
    for key, value in changed.items():
        before = _value_at(written, todays_path(key))
        if isinstance(before, (str, int, float)) and before != value:
            told.append(f"{key}: {_as_set(before)} → {_as_set(value)}")
        elif before != value:
            told.append(f"{key}={_as_set(value)}")
    return keys | {"description": f"{description} [{'; '.join(told)}]"} if told else keys


def _value_at(keys: Any, key_path: str) -> Any:
    """What stands in nested keys at a path; None where nothing does."""
    for part in key_path.split("."):
        keys = keys.get(part) if isinstance(keys, dict) else None
    return keys


def _as_set(value: object) -> str:
    """A value as it stands behind ``--set``."""
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _apply(keys: dict[str, Any], change: Change) -> None:
    *above, last = todays_path(change.key_path).split(".")
    place = keys
    for part in above:
        inner = place.setdefault(part, {})
        if not isinstance(inner, dict):
            fault = said("{part} holds a single value here, not keys; set {part} itself", part=part)
            raise ScenarioError([fault], change.where)
        place = inner
    place[last] = deepcopy(change.value)
