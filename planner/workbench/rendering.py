"""Pages of the workbench from their templates, in all languages, with the report's own scripts."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup, escape

from planner.reporting.page_rendering import (
    inline_json,
    language_buttons,
    page_file,
    script_texts,
    shown_language,
)
from planner.reporting.phrases import Phrase, attribute, own_phrase, phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

_OF_REPORT = {"style.css", "language.js", "site_map.js", "map_legend.js"}
"""What the pages share with the report: one look, one map."""
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


@cache
def static_file(name: str) -> str | None:
    """A script or style of the pages; None where there is none of this name."""
    if name in _OF_REPORT:
        return page_file(name)
    found = {each.name: each for each in (files("planner.workbench") / "page").iterdir()}
    if name not in found or not name.endswith(tuple(TYPES)):
        return None
    return found[name].read_text(encoding="utf-8")


def render(template: str, **values: Any) -> str:
    """A template with values; texts of users stand in it as texts."""
    return _environment().get_template(template).render(**values)


def render_workbench(
    template: str, data: dict[str, Any], scripts: Sequence[str], **values: Any
) -> str:
    """A whole page.

    Parameters
    ----------
    data : dict
        What its scripts work on: plain values.
    scripts : sequence of str
        Names of its scripts, in the order in which they run, after that of the language.
    **values
        What the template shows.
    """
    names = ("language.js", "asking.js", *scripts)
    texts = script_texts([text for text in map(static_file, names) if text is not None])
    return render(
        template,
        data=inline_json({"texts": texts} | data),
        scripts=names,
        language_buttons=language_buttons(),
        shown_language=Markup(shown_language()),  # noqa: S704  # of the languages' codes alone
        **values,
    )


def help_text(text: str) -> Phrase:
    """Help of a key in all languages, with what stands between backticks as code."""
    texts = {code: str(escape(said)) for code, said in own_phrase(text).texts.items()}
    code = {key: re.sub(r"`([^`]*)`", r"<code>\1</code>", said) for key, said in texts.items()}
    return Phrase({key: Markup(said) for key, said in code.items()})  # noqa: S704  # escaped above


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=jinja2.PackageLoader("planner.workbench", "page"),
    )
    environment.globals |= {"t": phrase, "help": help_text, "attribute": attribute}
    return environment
