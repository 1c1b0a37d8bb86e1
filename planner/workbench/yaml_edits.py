"""Single keys of a YAML text set anew, with all else, comments too, as its author wrote it."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import yaml

from planner.errors import InputDataError, ScenarioError
from planner.said import said
from planner.scenario.yaml_values import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator


def keys_of(text: str, where: str) -> dict[str, Any]:
    """Keys of a text, none of an empty one.

    Raises
    ------
    ScenarioError
        If it is not YAML, or no keys with values.
    """
    found = parse_yaml(text, where)
    if found is None:
        return {}
    if not isinstance(found, dict):
        fault = said("expected keys with values (key: value)")
        raise ScenarioError([fault], where)
    return found


def value_at(keys: dict[str, Any], key: str) -> Any:
    """What stands at a key, those above it between dots; None where nothing does."""
    value: Any = keys
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


_PLAIN = re.compile(r"(\.{0,2}/)?[A-Za-z]([\w./ -]*[\w./-])?", re.ASCII)


def in_quotes(text: str) -> str:
    """A text as YAML on one line, in quotes where it could be taken for something else."""
    if _PLAIN.fullmatch(text) and keys_of(f"x: {text}", "text") == {"x": text}:
        return text
    signs = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"{}"'.format("".join(s if s.isprintable() else f"\\U{ord(s):08x}" for s in signs))


def with_key(text: str, key: str, value: str, where: str) -> str:
    """A text with a key set, or without it where the value is empty.

    Parameters
    ----------
    key : str
        The key with those above it, between dots.
    value : str
        Its value, as it is written in YAML on one line.

    Raises
    ------
    ScenarioError
        If the text or the value is not YAML.
    InputDataError
        If the key stands in a way in which it cannot be set alone.
    """
    value = value.strip()
    wanted = deepcopy(keys_of(text, where))
    parts = key.split(".")
    try:
        _set(wanted, parts, parse_yaml(value, where, key) if value else None, removes=not value)
        new = _spliced(text, parts, value) if wanted != keys_of(text, where) else text
        if keys_of(new, where) == wanted:
            return new
    except (ScenarioError, _NotAloneError):
        if value:
            parse_yaml(value, where, key)  # a fault of the value is told as such
    told = "{key}: cannot be set alone as it stands here; change it in the text"
    raise InputDataError(said(told, key=key))


class _NotAloneError(Exception):
    """A key cannot be set without touching others."""


def _set(keys: Any, parts: list[str], value: Any, *, removes: bool) -> None:
    for part in parts[:-1]:
        if not isinstance(keys, dict):
            raise _NotAloneError
        if part not in keys and removes:
            return
        keys = keys.setdefault(part, {})
    if not isinstance(keys, dict):
        raise _NotAloneError
    if removes:
        keys.pop(parts[-1], None)
    else:
        keys[parts[-1]] = value


def _spliced(text: str, parts: list[str], value: str) -> str:
    parent = yaml.compose(text, Loader=yaml.SafeLoader)
    if parent is None:
        return f"{text.rstrip()}\n{_nested(parts, value)}\n".lstrip("\n")
    for depth, part in enumerate(parts):
        if not isinstance(parent, yaml.MappingNode):
            raise _NotAloneError
        pair = next((pair for pair in parent.value if pair[0].value == part), None)
        if pair is None:
            return _inserted(text, parent, _nested(parts[depth:], value))
        if depth == len(parts) - 1:
            return _replaced(text, pair, value) if value else _removed(text, parent, pair)
        parent = pair[1]
    raise _NotAloneError


def _nested(parts: list[str], value: str) -> str:
    """Keys that are not there yet: the first as its neighbours stand, those below it in braces."""
    below = value
    for part in reversed(parts[1:]):
        below = f"{{{part}: {below}}}"
    return f"{parts[0]}: {below}"


def _is_in_lines(node: yaml.Node) -> bool:
    """Whether a value is of several lines without braces, or a text of several lines."""
    if isinstance(node, yaml.MappingNode | yaml.SequenceNode):
        return not node.flow_style
    return getattr(node, "style", None) in {"|", ">"}


def _replaced(text: str, pair: tuple[yaml.Node, yaml.Node], value: str) -> str:
    key, node = pair
    start, end = node.start_mark.index, node.end_mark.index
    if not _is_in_lines(node):
        gap = " " if start == end else ""  # a key without a value
        return text[:start] + gap + value + text[end:]
    if isinstance(node, yaml.ScalarNode):  # a text of several lines
        end = start + len(text[start:end].rstrip())
    else:
        end = _line_end(text, _last_leaf(node).end_mark.index)
    begin = text.rfind("\n", 0, key.start_mark.index) + 1
    indent = text[begin : key.start_mark.index]
    if indent.strip():
        raise _NotAloneError
    comments = [f"{indent}{each}\n" for each in _comments(text, key.end_mark.index, end, node)]
    return f"{text[:begin]}{''.join(comments)}{indent}{key.value}: {value}{text[end:]}"


def _comments(text: str, start: int, end: int, node: yaml.Node) -> list[str]:
    """Comments between two places, those signs left out that stand in texts."""
    texts = [(each.start_mark.index, each.end_mark.index) for each in _scalars(node)]
    found, at = [], start
    while (at := text.find("#", at, end)) >= 0:
        line_end = min(_line_end(text, at), end)
        is_in_text = any(first <= at < last for first, last in texts)
        if not is_in_text and text[at - 1].isspace():
            found.append(text[at:line_end].rstrip())
            at = line_end
        else:
            at += 1
    return found


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _scalars(each)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(key)
            yield from _scalars(value)


def _removed(text: str, parent: yaml.MappingNode, pair: tuple[yaml.Node, yaml.Node]) -> str:
    start, end = pair[0].start_mark.index, pair[1].end_mark.index
    if not parent.flow_style:
        start = text.rfind("\n", 0, start) + 1
        last = _last_leaf(pair[1])
        end = end if _is_in_lines(last) else _line_end(text, last.end_mark.index) + 1
        return text[:start] + text[end:]
    before, after = text[:start], text[end:]
    if after.lstrip().startswith(","):
        return before + after.lstrip()[1:].lstrip()
    return before.rstrip().removesuffix(",") + after


def _inserted(text: str, parent: yaml.MappingNode, pair: str) -> str:
    if parent.flow_style:
        at = parent.end_mark.index - 1
        gap = ", " if parent.value else ""
        return text[:at].rstrip() + gap + pair + text[at:]
    last = _last_leaf(parent)
    if _is_in_lines(last):
        raise _NotAloneError
    at = _line_end(text, last.end_mark.index)
    indent = " " * parent.value[0][0].start_mark.column
    return f"{text[:at]}\n{indent}{pair}{text[at:] or chr(10)}"


def _last_leaf(node: yaml.Node) -> yaml.Node:
    """What ends a value: comments below it belong to what follows."""
    while isinstance(node, yaml.MappingNode | yaml.SequenceNode) and not node.flow_style:
        node = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
    return node


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
