"""Files that a study names, named anew where its text goes to another folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from planner.scenario.bundled import bundled_studies
from planner.workbench.yaml_edits import in_quotes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def with_moved_paths(
    text: str, path_keys: Collection[str], source: Path, target: Path, root: Path
) -> str:
    """A study's text for another folder: it names the same files, comments kept.

    Parameters
    ----------
    path_keys : collection of str
        Last parts of the keys that may name a file.
    source, target : pathlib.Path
        Folders in which the text stands, and will stand.
    root : pathlib.Path
        Files in this folder are named from ``target``, others by their whole path, and studies that
        come with the planner by their name.

    Returns
    -------
    str
        The text as it is where it is no YAML.
    """
    try:
        top = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return text
    ours = {path.resolve(): name for name, path in bundled_studies().items()}
    named = sorted(_named(top, path_keys, ""), key=lambda node: node.start_mark.index)
    for node in reversed(named):
        try:
            found = (source / node.value).resolve()
            if Path(node.value).is_absolute() or not found.exists():
                continue
            if node.value in ours.values() and found.is_dir():  # depot-demo beside depot-demo.yaml
                continue
        except (OSError, RuntimeError, ValueError):  # no path: told by the check
            continue
        if found in ours:
            new = ours[found]
        elif found.is_relative_to(root):
            new = Path(os.path.relpath(found, target)).as_posix()
        else:
            new = str(found)
        text = text[: node.start_mark.index] + in_quotes(new) + text[node.end_mark.index :]
    return text


def _named(
    node: yaml.Node | None, path_keys: Collection[str], key: str
) -> Iterator[yaml.ScalarNode]:
    """Values of such keys that are texts on one line."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _named(value, path_keys, str(name.value))
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _named(each, path_keys, key)
    elif isinstance(node, yaml.ScalarNode):
        is_plain = node.style not in {"|", ">"} and node.tag.endswith(":str")
        if key in path_keys and node.value and is_plain:
            yield node
