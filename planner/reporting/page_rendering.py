"""A page from its template: one HTML file in all languages that needs nothing but a browser.

All data, styles, scripts and the Vega library are inside the file; its content security policy
forbids any request, and any script but those that it names by their hash.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2
import vl_convert
from markupsafe import Markup

from planner.reporting.phrases import Phrase, attribute, breakable, phrase, unbroken
from planner.runs.kept_files import keep_file, kept_file
from planner.tables.forms import written
from planner.tables.language import ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planner.reporting.page_sections import Section

SCRIPTS = ("language.js", "served.js", "csv.js", "sorted_table.js", "saved_charts.js", "charts.js")
"""Scripts of every page, in the order in which they run."""
_BUNDLED = "window.vegaEmbed = vegaEmbed;"
_TRANSLATED = re.compile(r'(?<![\w.])t\(\s*"((?:[^"\\]|\\.)*)"')


def render_page(
    data: dict[str, Any],
    *,
    name: str,
    question: Phrase,
    answer: Phrase,
    sections: Sequence[Section],
    scripts: Sequence[str] = ("start.js",),
    kind: str = "",
    skip: tuple[str, Phrase] | None = None,
    notices: Sequence[object] = (),
    controls: object = None,
    description: str = "",
    css: str = "",
) -> str:
    """Text of a page, in all languages.

    Parameters
    ----------
    data : dict
        What the scripts work on: plain values.
    name : str
        Name of what is shown.
    question, answer : Phrase
        Its heading and the sentences below.
    sections : sequence of Section
        What the page shows, see :mod:`planner.reporting.page_sections`.
    scripts : sequence of str
        Names of the scripts that make it live, after those of every page.
    kind : str
        What the page is of, for its title.
    skip : tuple of str and Phrase, optional
        Where a link at the top leads to that is seen with the keyboard alone, and what it says.
    notices : sequence
        Parts under the answer.
    controls : part, optional
        What stays in view above all sections.
    description : str
        What the study's author says of it.
    css : str
        Class of the page.

    Returns
    -------
    str
        HTML; the same for the same arguments.
    """
    ours = (*SCRIPTS, *scripts)
    inlined = [inline_script(text) for text in (chart_library(), *map(page_file, ours))]
    return page_template().render(
        style=page_file("style.css") + shown_language(),
        language_buttons=language_buttons(),
        scripts=inlined,
        script_hashes=" ".join(script_hash(script) for script in inlined),
        data=inline_json({"texts": script_texts(map(page_file, ours))} | data),
        name=name,
        question=question,
        answer=answer,
        sections=sections,
        tab=Phrase.of(lambda language: _tab(name, language.own_text(kind))),
        skip=skip,
        notices=notices,
        controls=controls,
        description=unbroken(description),
        css=css,
    )


@cache
def page_template() -> jinja2.Template:
    """The template of all pages, compiled."""
    return page_environment(jinja2.FunctionLoader(page_file)).get_template("base.html")


def page_environment(loader: jinja2.BaseLoader) -> jinja2.Environment:
    """Templates of pages, with what they call."""
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=loader,
    )
    environment.globals |= {
        "t": phrase,
        "attribute": attribute,
        "breakable": breakable,
        "write_figure": lambda value, form: written(value, form, ENGLISH),
    }
    return environment


def _tab(name: str, kind: str) -> str:
    """Title of the browser's tab."""
    return f"{name} \N{EN DASH} {kind}" if kind else name


def script_texts(scripts: Iterable[str]) -> dict[str, dict[str, str]]:
    """Translations of the texts that scripts show, by language and English text.

    Parameters
    ----------
    scripts : iterable of str
        The scripts themselves.
    """
    said = [each for script in scripts for each in _TRANSLATED.findall(script)]
    texts = [json.loads(f'"{each}"') for each in said]
    others = [language for language in LANGUAGES if language != ENGLISH]
    return {each.code: {english: each.template(english) for english in texts} for each in others}


@cache
def page_file(name: str) -> str:
    """Text of a file of the page."""
    return (files("planner.reporting") / "page" / name).read_text(encoding="utf-8")


def inline_json(value: Any) -> Markup:
    """JSON that is safe inside a script element, whatever texts it holds.

    Parameters
    ----------
    value : Any
        Plain values without NaN.

    Returns
    -------
    Markup
        JSON without ``<``, ``>``, ``&`` and line separators.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - every character that could end the element is escaped


def shown_language() -> str:
    """Style that shows the texts in the language of the page, and no others."""
    codes = [each.code for each in LANGUAGES]
    shown = ", ".join(f'html[lang="{code}"] span[lang="{code}"]' for code in codes)
    return f"{shown} {{ display: inline; }}\n"


def language_buttons() -> Markup:
    """Buttons that choose the language of a page, with what its script needs to know of each."""
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
    """Vega with its embedder, as a script that sets ``vegaEmbed``.

    Bundling takes longer than all else of a page. So it is kept beside the byte code of the
    program, where that can be written, for this version and this wish.
    """
    digest = hashlib.sha256(f"{version('vl-convert-python')} {_BUNDLED}".encode()).hexdigest()
    name = f"vega-{digest[:16]}.js"
    kept = kept_file(name)
    if kept is not None:
        return kept.decode()
    bundle: str = vl_convert.javascript_bundle(_BUNDLED)
    keep_file(name, bundle.encode())
    return bundle
