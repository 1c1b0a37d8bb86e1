"""Reading YAML safely, and telling all faults of a document at once."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from planner.errors import ScenarioError
from planner.files.bounds import YAML
from planner.files.input_files import read_input_bytes
from planner.scenario.bundled import bundled_path
from planner.scenario.faults import fault_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from yaml.nodes import MappingNode

T = TypeVar("T")


class _StrictLoader(yaml.SafeLoader):
    """Safe loader that also refuses repeated keys and aliases."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            msg = "aliases (*name) are not allowed here; write the value out"
            raise yaml.composer.ComposerError(None, None, msg, event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  # PyYAML's signature
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                msg = f"the key {key!r} stands here twice"
                raise yaml.constructor.ConstructorError(None, None, msg, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def parse_yaml(text: str, where: str) -> Any:
    """Parse one YAML document without constructing objects.

    Parameters
    ----------
    text : str
        The document.
    where : str
        What to call it in messages.

    Raises
    ------
    ScenarioError
        If the text is not YAML, repeats a key or uses aliases.
    """
    try:
        # _StrictLoader is a SafeLoader: it builds plain values only.
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        if r"'\t'" in problem:
            problem = "found a tab; indent with spaces"
        raise ScenarioError([f"{place}not readable as YAML: {problem}"], where) from error
    except RecursionError as error:
        raise ScenarioError(["nested too deeply to be a scenario"], where) from error


def read_yaml_mapping(path: Path) -> dict[str, Any]:
    """Read a YAML file whose top level is a mapping.

    Raises
    ------
    ScenarioError
        If the file is missing, too large, not UTF-8, not YAML or not a mapping.
    """
    where = str(path)
    if not path.exists():
        raise ScenarioError([f"the file does not exist{_meant(path)}"], where)
    try:
        text = read_input_bytes(path, YAML).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = f"not UTF-8 text (byte {error.start}); save the file as UTF-8"
        raise ScenarioError([fault], where) from error
    document = parse_yaml(text, where)
    if not isinstance(document, dict):
        found = "nothing" if document is None else type(document).__name__
        raise ScenarioError([f"expected keys with values (key: value); found {found}"], where)
    return document


def _meant(path: Path) -> str:
    """Files beside it, and studies that come with the planner, with a name like that."""
    ours = {other.stem: other.stem for other in sorted(bundled_path("scenarios").glob("*.yaml"))}
    beside = {other.stem: str(other) for other in sorted(path.parent.glob("*.y*ml"))}
    called = ours | beside
    near = get_close_matches(path.stem, list(called), n=1, cutoff=0.7)
    return f" (did you mean {called[near[0]]}?)" if near else ""


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
        faults = [fault_sentence(dict(fault), raw, schema) for fault in error.errors()]
        raise ScenarioError(faults, where) from error
