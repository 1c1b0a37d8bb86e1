"""From YAML to plain values, each refused by its key where YAML reads it as something surprising.

YAML 1.1 reads ``7:00`` as 420, ``010`` as 8 and ``1_0`` as 10. Nobody means that in a scenario.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

import yaml

from planner.errors import ScenarioError, quoted
from planner.said import Said, bracketed, joined, said, set_off

if TYPE_CHECKING:
    from collections.abc import Collection

    from yaml.nodes import MappingNode, Node, ScalarNode

MAX_DEPTH = 40
"""Levels of keys and lists in each other; the deepest key of a scenario has six."""
MAX_VALUES = 50_000
"""Keys and values of one document, read in about a second; longer lists stand in tables."""
MAX_DIGITS = 30
"""Digits of a whole number; the largest that a key allows has ten."""

_TAG = "tag:yaml.org,2002:"
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)
_NUMBER_IN_PARTS = re.compile(r"[-+]?[0-9]+(\.[0-9]*)?")
_YEARS, _YEAR = "years", re.compile(r"[1-9][0-9]{3}")
"""Key whose own keys are years, which stand there without quotes."""

# What the library says, and what it means to someone who does not know it.
_PROBLEMS = (
    (r"'\\t'", "found a tab; indent with spaces"),
    (
        "mapping values are not allowed",
        "a colon cannot stand here; text with a colon goes in quotes, and each key on its own line",
    ),
    (r"expected ',' or '\]'", "a list that begins with [ is not closed by ]"),
    (r"expected ',' or '\}'", "keys that begin with {{ are not closed by }}"),
    ("could not find expected ':'", "a key without a colon after it"),
    ("expected <block end>", "the indentation does not fit the lines above"),
    ("unexpected end of stream", "a quote that is not closed"),
    ("that cannot start any token", "text that begins with % @ or ` goes in quotes"),
    ("but found another document", "a second document after '---'; one is expected"),
    ("unknown escape character", "a backslash begins an escape in \"...\"; use '...' around it"),
    (
        "expected '<document start>', but found '<str",
        "text that begins with % @ or ` goes in quotes",
    ),
    (
        "but found '<(stream|document) end>'",
        "a value, a closing bracket or a quotation mark is missing",
    ),
    ("expected the node content", "a value is missing before a comma or a bracket"),
    ("expected '<document start>'", "there is more text after the end of the value"),
    ("undefined alias", "a * begins an alias; text that begins with * goes in quotes"),
)


class _UnreadableError(Exception):
    """A value that is refused."""


class _BoundedLoader(yaml.SafeLoader):
    """Composes nodes up to a depth and a number, without aliases, and keeps who has a tag."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.tags: dict[int, str] = {}
        self._depth = 0
        self._n_values = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        fault = self._fault_of_event(event)
        if fault:
            raise yaml.composer.ComposerError(None, None, fault, event.start_mark)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        if event.tag not in (None, "!"):
            self.tags[id(node)] = event.tag.replace(_TAG, "!!")
        return node

    def _fault_of_event(self, event: Any) -> str:
        self._n_values += 1
        if isinstance(event, yaml.events.AliasEvent):
            return said("aliases (*name) are not allowed here; write the value out")
        if self._depth >= MAX_DEPTH:
            return said(
                "nested too deeply to be a scenario (more than {n} levels)", n=str(MAX_DEPTH)
            )
        if self._n_values > MAX_VALUES:
            return said(
                "more than {n} values: not a scenario; tables go in files of their own",
                n=MAX_VALUES,
            )
        return ""


def parse_yaml(text: str, where: str, under: str = "") -> Any:
    """Values of one YAML document: mappings with words as keys, lists, text, numbers, dates.

    Parameters
    ----------
    where : str
        What to call it in messages.
    under : str
        Key path that its value belongs to, for messages.

    Raises
    ------
    ScenarioError
        If the text is not YAML, or with all values that cannot be taken for what is written.
    """
    loader = _BoundedLoader.__new__(_BoundedLoader)
    try:
        # The constructor looks at the characters already.
        loader.__init__(text)  # type: ignore[misc]
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        fault = _value_sentence(error, text, under) if under else _sentence(error)
        raise ScenarioError([fault], where) from error
    values = _Values(loader)
    found = None if node is None else values.of(node, (under,) if under else ())
    if values.faults:
        raise ScenarioError(values.faults, where)
    return found


def _sentence(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    if not mark:
        return said("not readable as YAML: {problem}", problem=_problem(error))
    return said(
        "line {line}, column {column}: not readable as YAML: {problem}",
        line=str(mark.line + 1),
        column=str(mark.column + 1),
        problem=_problem(error),
    )


def _value_sentence(error: yaml.YAMLError, text: str, key: str) -> str:
    """What is wrong with a value typed behind its key, by someone who may not know YAML."""
    wrong = said(
        "expected a value such as 0.15, mon or [mon, tue]; found {text} ({problem})",
        text=quoted(text),
        problem=_problem(error),
    )
    return joined((f"{key}: ", wrong), "")


def _problem(error: yaml.YAMLError) -> str:
    """What the library found, in our words; our own faults have them already."""
    if isinstance(error, yaml.reader.ReaderError):
        code = error.character if isinstance(error.character, int) else ord(error.character)
        return said(
            "the character {character} at position {position}",
            character=f"U+{code:04X}",
            position=str(error.position + 1),
        )
    problem = getattr(error, "problem", None) or ""
    if isinstance(problem, Said):
        return problem
    words = (words for stem, words in _PROBLEMS if re.search(stem, problem))
    return said(next(words, "a character stands where it is not allowed"))


class _Values:
    """Makes values of nodes and collects what is wrong with them."""

    def __init__(self, loader: _BoundedLoader) -> None:
        self._loader = loader
        self.faults: list[str] = []

    def of(self, node: Node, path: tuple[str, ...]) -> Any:
        """Value of a node; its faults are kept."""
        try:
            self._refuse_tag(node)
            if isinstance(node, yaml.nodes.MappingNode):
                return self._mapping(node, path)
            if isinstance(node, yaml.nodes.SequenceNode):
                return [self.of(part, (*path, str(at))) for at, part in enumerate(node.value)]
            return _scalar(cast("ScalarNode", node), self._loader)
        except _UnreadableError as error:
            self.faults.append(_at(".".join(path), error.args[0], node))
            return None

    def _mapping(self, node: MappingNode, path: tuple[str, ...]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            try:
                key = self._key(key_node, values, may_be_year=path[-1:] == (_YEARS,))
            except _UnreadableError as error:
                is_word = isinstance(key_node, yaml.nodes.ScalarNode)
                last = (quoted(key_node.value, 40).strip("'\""),) if is_word else ()
                at = ".".join((*path, *last))
                self.faults.append(_at(at, error.args[0], key_node))
                continue
            values[key] = self.of(value_node, (*path, key))
        return values

    def _refuse_tag(self, node: Node) -> None:
        tag = self._loader.tags.get(id(node))
        if tag is not None:
            msg = said(
                "tags ({tag}) are not allowed here; write the value alone, text in quotes",
                tag=quoted(tag),
            )
            raise _UnreadableError(msg)

    def _key(self, node: Node, others: Collection[str], *, may_be_year: bool) -> str:
        if not isinstance(node, yaml.nodes.ScalarNode) or id(node) in self._loader.tags:
            msg = said("expected words as keys; found a list, keys or a tag in place of a word")
            raise _UnreadableError(msg)
        is_year = may_be_year and node.tag == f"{_TAG}int" and _YEAR.fullmatch(node.value)
        if node.tag == f"{_TAG}str" or is_year:
            key = str(node.value)
            if key in others:
                msg = said("the key {key} stands here twice", key=quoted(key))
                raise _UnreadableError(msg)
            return key
        if node.tag == f"{_TAG}merge":
            msg = said("merging (<<) is not allowed here; write the values out")
            raise _UnreadableError(msg)
        hint: str = ""
        if _NUMBER_IN_PARTS.fullmatch(node.value):
            hint = "or is it part of a number with a decimal comma? Write decimals with a point"
        msg = said(
            "expected words as keys; found {value}: put it in quotes{hint}",
            value=quoted(node.value),
            hint=set_off(hint, "; "),
        )
        raise _UnreadableError(msg)


def _at(key: str, fault: str, node: Node) -> str:
    """A fault with its key and line."""
    line = node.start_mark.line + 1
    told = joined((f"{key}: ", fault), "") if key else fault
    behind = bracketed(said("line {line}", line=str(line)))
    return joined((told, behind), " ") if line > 1 else told


def _scalar(node: ScalarNode, loader: _BoundedLoader) -> Any:
    text, kind = str(node.value), node.tag.removeprefix(_TAG)
    if kind == "int":
        return _whole_number(text)
    if kind == "float" or (kind == "str" and node.style is None and _DECIMAL.fullmatch(text)):
        return _number(text)
    if kind in {"bool", "null", "timestamp"}:
        try:
            return loader.construct_object(node)
        except ValueError:
            msg = said(
                'expected a date that exists; found {text} (text goes in quotes: "{text}")',
                text=text,
            )
            raise _UnreadableError(msg) from None
    return text


def _whole_number(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise _UnreadableError(_not_plain(text))
    if len(text) > MAX_DIGITS:
        msg = said(
            "expected a number of at most {max_digits} digits; found {n} digits",
            max_digits=str(MAX_DIGITS),
            n=len(text),
        )
        raise _UnreadableError(msg)
    return int(text)


def _number(text: str) -> float:
    if _SPECIAL.fullmatch(text):
        return float(text.replace(".", ""))
    if not _DECIMAL.fullmatch(text):
        raise _UnreadableError(_not_plain(text))
    number = float(text)
    if abs(number) == float("inf"):
        msg = said("expected a number below 1e308; found {text}", text=quoted(text))
        raise _UnreadableError(msg)
    return number


def _not_plain(text: str) -> str:
    shown = quoted(text)
    if ":" in text:
        clock = f"0{text}" if re.fullmatch(r"[0-9]:[0-9]{2}", text) else text[:40]
        return said(
            'YAML reads {shown} as a number, not as a time; put it in quotes: "{clock}"',
            shown=shown,
            clock=clock,
        )
    return said(
        "expected a number in plain digits, or text in quotes; found {shown}, which YAML reads as "
        "a number of its own kind",
        shown=shown,
    )
