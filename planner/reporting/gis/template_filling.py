"""Templates of the map: styles, print layouts and a project that QGIS saved, filled.

A placeholder is Jinja inside an attribute or a text (``{{ title }}``), so that QGIS opens, shows
and saves the template as it is; what stands between elements, QGIS would drop. Each such text is
rendered for itself in the parsed file: it needs no escaping, and a value is never taken for a
placeholder. Numbers that QGIS reads as numbers have sample values and are set by name.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import jinja2
from lxml import etree

from planner.errors import PlannerError, quoted
from planner.reporting.gis.map_tips import as_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.tables.language import Language

TEMPLATES = files("planner.reporting.gis") / "templates"

_FUNCTIONS = "t, count, number, percent, as_text"
_MARKS = ("{{", "{%")

ClassOfTemplate = tuple[int, "Mapping[str, str]"]
"""Which of a template's classes, and attributes that it gets."""


@cache
def _content(name: str) -> bytes:
    return (TEMPLATES / name).read_bytes()


def read_template(name: str) -> etree._Element:
    """Root of a template, not filled; its own each time."""
    # Without the blanks between elements, which a document gets anew.
    parser = etree.XMLParser(remove_blank_text=True)
    return etree.fromstring(_content(name), parser, base_url=name)


@cache
def _environment(language: Language, *, is_html: bool) -> jinja2.Environment:
    environment = jinja2.Environment(autoescape=is_html, undefined=jinja2.StrictUndefined)  # noqa: S701  # plain texts: lxml escapes them
    environment.globals |= {
        "t": language.text,
        "count": language.count,
        "number": language.number,
        "percent": language.percent,
        "as_text": as_text,
    }
    return environment


@cache
def _compiled(text: str, language: Language, *, is_html: bool) -> jinja2.Template:
    """Placeholders of a text, which many symbols and layers have alike."""
    return _environment(language, is_html=is_html).from_string(text)


def fill(root: etree._Element, values: Mapping[str, object], language: Language) -> None:
    """Replace the placeholders of a template by values, once.

    Parameters
    ----------
    root : element
        The template. The bounds of a class are known to its label as ``lower`` and ``upper``.
    language : Language
        Of the texts that the template itself holds.

    Raises
    ------
    PlannerError
        If a placeholder is none that the template can have.
    """

    def rendered(text: str, known: Mapping[str, object], *, is_html: bool = False) -> str:
        if not any(mark in text for mark in _MARKS):
            return text
        try:
            return _compiled(text, language, is_html=is_html).render(known)
        except (jinja2.TemplateError, TypeError, KeyError) as error:
            names = ", ".join(sorted(values))
            msg = (
                f"{root.base}: expected placeholders made of {names} and the functions "
                f"{_FUNCTIONS}; {quoted(text)}: {error}; put back the one that the template had"
            )
            raise PlannerError(msg) from error

    for node in root.iter(etree.Element):
        known = values
        if node.tag == "range":
            bounds = {name: float(node.attrib[name]) for name in ("lower", "upper")}
            known = {**values, **bounds}
        for name, text in node.attrib.items():
            node.set(name, rendered(text, known))
        if node.text:
            node.text = rendered(node.text, known, is_html=node.tag == "mapTip")


def keep_classes(root: etree._Element, kept: Sequence[ClassOfTemplate]) -> None:
    """Leave some of the classes of a style, in this order.

    Parameters
    ----------
    kept : sequence of tuple
        Number of the class in the template, and attributes that it gets.

    Raises
    ------
    PlannerError
        If the template has not as many classes.
    """
    renderer = root.find("renderer-v2")
    classes = next(each for each in renderer if each.tag in {"ranges", "categories"})
    symbols = renderer.find("symbols")
    all_classes = list(classes)
    all_symbols = {each.get("name"): each for each in symbols}
    n_expected = max(index for index, _ in kept) + 1
    if len(all_classes) < n_expected:
        msg = (
            f"{root.base}: expected {n_expected} classes or more, found {len(all_classes)}; "
            "leave their number as it is, and change how they look"
        )
        raise PlannerError(msg)
    del classes[:], symbols[:]
    for number, (index, attributes) in enumerate(kept):
        symbol = all_symbols[all_classes[index].get("symbol")]
        symbol.set("name", str(number))
        all_classes[index].attrib.update({"symbol": str(number)} | dict(attributes))
        classes.append(all_classes[index])
        symbols.append(symbol)


def repeat(sample: etree._Element, rows: Sequence[Mapping[str, str]]) -> list[etree._Element]:
    """Put a copy of an element with other attributes in the place of all of its name, for each row.

    Parameters
    ----------
    rows : sequence of mapping
        Attributes of each copy that differ.

    Returns
    -------
    list of element
        The copies.
    """
    parent = sample.getparent()
    at = parent.index(parent.find(sample.tag))
    copies = [deepcopy(sample) for _ in rows]
    for copy, attributes in zip(copies, rows, strict=True):
        copy.attrib.update(attributes)
    for other in parent.findall(sample.tag):
        parent.remove(other)
    parent[at:at] = copies
    return copies
