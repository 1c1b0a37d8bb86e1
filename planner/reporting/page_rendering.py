"""A page from its template: one HTML file in all languages that needs nothing but a browser.

All data, styles, scripts and the Vega library are inside the file; its content security policy
forbids any request, and any script but those that it names by their hash.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

import jinja2
import vl_convert
from markupsafe import Markup

from planner.reporting.page_data import inline_json, page_file
from planner.reporting.phrases import Phrase, attribute, count, minutes, own_phrase, percent, phrase
from planner.tables.forms import written
from planner.tables.language import ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


CHARTED_PAGE = ("language.js", "csv.js", "sorted_table.js", "page_charts.js")
"""Scripts of a page of charts and tables, in the order in which they run."""


def render_page(
    template: str,
    scripts: Sequence[str],
    data: Mapping[str, Any],
    *,
    kind: str = "",
    skip: tuple[str, Phrase] | None = None,
    notices: Sequence[object] = (),
    description: str = "",
    **content: object,
) -> str:
    """Text of a page, in all languages.

    Parameters
    ----------
    template : str
        Jinja template of the page; other files of the page may be extended and imported.
    scripts : sequence of str
        Names of its scripts, in the order in which they run after Vega.
    data : mapping
        What the scripts work on: plain values.
    kind : str
        What the page is of, for its title.
    skip : tuple of str and Phrase, optional
        Where a link at the top leads to that is seen with the keyboard alone, and what it says.
    notices : sequence
        Parts under the answer, see :mod:`planner.reporting.page_sections`.
    description : str
        What the study's author says of it.
    **content
        What the template shows.

    Returns
    -------
    str
        HTML; the same for the same arguments.
    """
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=jinja2.FunctionLoader(page_file),
    )
    environment.globals |= {
        "t": phrase,
        "attribute": attribute,
        "own_phrase": own_phrase,
        "count": count,
        "percent": percent,
        "minutes": minutes,
        "write_figure": lambda value, form: written(value, form, ENGLISH),
    }
    inlined = [inline_script(text) for text in (chart_library(), *map(page_file, scripts))]
    return environment.from_string(template).render(
        style=page_file("style.css") + _shown_language(),
        language_buttons=_language_buttons(),
        scripts=inlined,
        script_hashes=" ".join(script_hash(script) for script in inlined),
        data=inline_json(data),
        kind=kind,
        skip=skip,
        notices=notices,
        description=description,
        **content,
    )


def _shown_language() -> str:
    """Style that shows the texts in the language of the page, and no others."""
    codes = [each.code for each in LANGUAGES]
    shown = ", ".join(f'html[lang="{code}"] span[lang="{code}"]' for code in codes)
    return f"{shown} {{ display: inline; }}\n"


def _language_buttons() -> Markup:
    button = Markup(
        '<button type="button" lang="{}" data-locale="{}" data-thousands="{}" data-decimal="{}" '
        'aria-pressed="{}">{}</button>'
    )
    buttons = Markup("").join(
        button.format(
            each.code,
            each.locale,
            each.thousands,
            each.decimal,
            str(each == ENGLISH).lower(),
            each.name,
        )
        for each in LANGUAGES
    )
    group = Markup('<div class="languages" role="group" aria-label="Language">{}</div>')
    return group.format(buttons)


def inline_script(text: str) -> Markup:
    """Script text of ours or of a library, safe inside a script element.

    Parameters
    ----------
    text : str
        JavaScript in which ``</script`` and ``<!--`` occur in string literals only.

    Returns
    -------
    Markup
        The same script.
    """
    escaped = text.replace("</script", "<\\/script").replace("<!--", "<\\!--")
    return Markup(escaped)  # noqa: S704 - no user text is in it


def script_hash(script: Markup) -> Markup:
    """Source expression of a content security policy that allows this script and no other."""
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    return Markup("'sha256-{}'").format(digest)


@cache
def chart_library() -> str:
    """Vega with its embedder, as a script that sets ``vegaEmbed``."""
    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return bundle
