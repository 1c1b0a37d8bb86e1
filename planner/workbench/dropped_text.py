"""A file set in the text of a study: the keys that name it, comments kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.workbench.study_fields import in_yaml, study_fields
from planner.workbench.yaml_edits import in_quotes, keys_of, value_at, with_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.workbench.dropped_uses import FileUse

_WHERE = "text"


def with_file(
    text: str,
    use: FileUse,
    path: str,
    columns: Mapping[str, str],
    options: Mapping[str, str],
    companions: Mapping[str, str],
) -> str:
    """A study's text that names a file, read as it is told.

    Parameters
    ----------
    path : str
        The file, from the study's folder.
    columns : mapping of str to str
        Columns of the file by what the planner calls them; none for those that are recognised.
    options : mapping of str to str
        Keys that say how it is read, with their values as they are typed; empty ones go.
    companions : mapping of str to str
        Paths of files that go with it, by key; empty ones go.

    Raises
    ------
    ScenarioError, InputDataError
        If the text is no YAML, or has a key in a way in which it cannot be set alone.
    """
    paths = {use.path_key: path, **companions}
    for key, value in use.settings.items():
        text = with_key(text, key, value, _WHERE)
    for key in (*use.instead_of, *_not_of_source(text, use)):
        text = with_key(text, key, "", _WHERE)
    for key, value in paths.items():
        above = key.rpartition(".")[0]
        if isinstance(value_at(keys_of(text, _WHERE), above), str):  # a path alone, without keys
            text = with_key(text, above, "", _WHERE)
        text = with_key(text, key, in_quotes(value) if value else "", _WHERE)
        if not value and value_at(keys_of(text, _WHERE), above) == {}:
            text = with_key(text, above, "", _WHERE)
    if use.columns and value_at(keys_of(text, _WHERE), use.columns_key) is not None:
        text = with_key(text, use.columns_key, "", _WHERE)
    for name, column in columns.items():
        text = with_key(text, f"{use.columns_key}.{name}", in_quotes(column), _WHERE)
    for key, value in options.items():
        text = with_key(text, key, in_yaml(key, value), _WHERE)
    return text


def _not_of_source(text: str, use: FileUse) -> list[str]:
    """Keys of the section that another source has, and this one has not."""
    section = use.section
    found = keys_of(text, _WHERE).get(section)
    if not isinstance(found, dict):
        return []
    source = found.get("source")
    known = {
        each.key.split(".")[1]
        for each in study_fields().values()
        if each.key.startswith(f"{section}.") and (not each.sources or source in each.sources)
    }
    return [f"{section}.{name}" for name in found if name not in known]
