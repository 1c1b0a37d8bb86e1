"""Reading YAML safely, and telling all faults of a document at once."""

from __future__ import annotations

import os
from contextlib import suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from planner.errors import ScenarioError
from planner.files.bounds import YAML
from planner.files.input_files import read_input_bytes
from planner.said import bracketed, joined, said, set_off
from planner.scenario.bundled import bundled_studies
from planner.scenario.expectations import kind_words
from planner.scenario.faults import fault_sentences
from planner.scenario.yaml_values import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


T = TypeVar("T")

_PACKED = b"PK\x03\x04"
"""What workbooks and zip archives begin with."""


def read_yaml_mapping(path: Path) -> dict[str, Any]:
    """Read a YAML file whose top level is a mapping.

    Raises
    ------
    ScenarioError
        If the file is missing, too large, not UTF-8, not YAML or not a mapping.
    """
    where = str(path)
    if not os.path.exists(path):  # noqa: PTH110  # no error for names that no system takes
        raise ScenarioError([joined(("the file does not exist", _meant(path)), "")], where)
    try:
        content = read_input_bytes(path, YAML)
        if content.startswith(_PACKED):
            fault = said(
                "expected a study in YAML; found a workbook or packed file. A finished run is "
                "shown with `planner show`, an edited workbook of one goes to `planner evaluate`"
            )
            raise ScenarioError([fault], where)
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = said(
            "not UTF-8 text (byte {start}); save the file as UTF-8", start=str(error.start)
        )
        raise ScenarioError([fault], where) from error
    document = parse_yaml(text, where)
    if not isinstance(document, dict):
        fault = said(
            "expected keys with values (key: value); found {kind}", kind=kind_words(document)
        )
        raise ScenarioError([fault], where)
    return document


def _meant(path: Path) -> str:
    """Files beside it, and studies that come with the planner, with a name like that.

    Where no name is like it, all of ours are told to whom asks for one by its name.
    """
    ours = {name: name for name in bundled_studies()}
    beside: dict[str, str] = {}
    with suppress(OSError, ValueError):
        beside = {other.stem: str(other) for other in sorted(path.parent.glob("*.y*ml"))}
    called = ours | beside
    near = get_close_matches(path.stem, list(called), n=1, cutoff=0.7)
    if not near and path.suffix == "" and path.name == str(path):
        comes = said("these studies come with the planner: {studies}", studies=list(ours))
        return set_off(comes, "; ")
    if not near:
        return ""
    return set_off(bracketed(said("did you mean {word}?", word=called[near[0]])))


def validated(adapter: TypeAdapter[T], raw: object, where: str, context: Mapping[str, object]) -> T:
    """Validate a document, and name every fault in it.

    Raises
    ------
    ScenarioError
        With one sentence per fault.
    """
    try:
        return adapter.validate_python(raw, context=dict(context))
    except ValidationError as error:
        schema = adapter.json_schema(ref_template="{model}")
        faults = fault_sentences([dict(fault) for fault in error.errors()], raw, schema)
        raise ScenarioError(faults, where) from error
