"""The JSON schema of each kind of file, and its help in a person's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.scenario.any_study import FILE_KINDS

if TYPE_CHECKING:
    from planner.scenario.study_kinds import KindName
    from planner.tables.language import Language

_HELP = "description"


def schema_in(kind: KindName, language: Language) -> dict[str, Any]:
    """Schema of a kind of file with its help in a language; names and values stay."""
    schema: dict[str, Any] = _spoken(FILE_KINDS[kind].model.model_json_schema(), language)
    return schema


def schema_texts() -> set[str]:
    """All help that schemas hold, which each language has to translate."""
    return {text for each in FILE_KINDS.values() for text in _texts(each.model.model_json_schema())}


def _spoken(node: Any, language: Language) -> Any:
    if isinstance(node, list):
        return [_spoken(each, language) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: language.own_text(value)
        if key == _HELP and isinstance(value, str)
        else _spoken(value, language)
        for key, value in node.items()
    }


def _texts(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(_texts, node))
    if not isinstance(node, dict):
        return set()
    text = node.get(_HELP)
    own = {text} if isinstance(text, str) else set()
    return own.union(*map(_texts, node.values()))
