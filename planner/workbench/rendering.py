"""Pages of the workbench from their templates, in all languages, with the report's own scripts."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup, escape

from planner.reporting.page_rendering import (
    chart_library,
    inline_json,
    language_buttons,
    page_environment,
    page_file,
    script_texts,
    shown_language,
)
from planner.reporting.phrases import Phrase, own_phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHART_LIBRARY = "chart_library.js"
CHART_SCRIPTS = (_CHART_LIBRARY, "csv.js", "sorted_table.js", "saved_charts.js", "charts.js")
"""What draws the charts and sorts the tables of a page, in the order in which they run."""
_OF_REPORT = {
    "style.css",
    "language.js",
    "site_map.js",
    "map_legend.js",
    "packed_figures.js",
    *CHART_SCRIPTS[1:],
}
"""What the pages share with the report: one look, one map, the same charts."""
_PARTS = "parts.html"
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


@cache
def static_file(name: str) -> str | None:
    """A script or style of the pages; None where there is none of this name."""
    if name in _OF_REPORT:
        return page_file(name)
    if name == _CHART_LIBRARY:
        return chart_library()
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
    own = ("language.js", "asking.js", *(name for name in scripts if name != _CHART_LIBRARY))
    # The library comes first: names of its own must not take the place of ours.
    names = (*(name for name in scripts if name == _CHART_LIBRARY), *own)
    texts = script_texts([text for text in map(static_file, own) if text is not None])
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
    own, of_report = jinja2.PackageLoader("planner.workbench", "page"), {_PARTS: page_file(_PARTS)}
    environment = page_environment(jinja2.ChoiceLoader([own, jinja2.DictLoader(of_report)]))
    environment.globals["help"] = help_text
    return environment
