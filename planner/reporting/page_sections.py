"""A page as a list of sections, and a section as a list of parts: what ``page/base.html`` shows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from planner.reporting.phrases import Phrase, own_phrase, phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import altair as alt
    from pydantic import BaseModel

    from planner.reporting.page_tables import PageTable
    from planner.tables.forms import Form
    from planner.tables.language import Language


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``css`` is ``hint`` for small print and ``over`` for a warning.

    Where the page's script has a say: ``name`` of the paragraph, or a ``title`` behind the text by
    the name of its element.
    """

    kind: ClassVar[str] = "text"
    text: Phrase
    css: str = ""
    href: str = ""
    name: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Fallback:
    """What stands at the head of a page whose scripts are too new for a browser, or off."""

    kind: ClassVar[str] = "fallback"
    too_old: Phrase
    without_scripts: Phrase


@dataclass(frozen=True, slots=True)
class Points:
    """Warnings, a line each, under a sentence."""

    kind: ClassVar[str] = "points"
    text: Phrase
    points: Sequence[Phrase]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    kind: ClassVar[str] = "heading"
    text: Phrase


@dataclass(frozen=True, slots=True)
class Headline:
    """Figures in large letters, each with its form and what it is, and a line below.

    Where they are of a plan that is chosen: its ``title``, and by figure its name and the term
    that defines it.
    """

    kind: ClassVar[str] = "headline"
    figures: Sequence[tuple[float, Form, Phrase]]
    text: Phrase
    title: Phrase | None = None
    names: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """Buttons of the named plans, and a slider over all."""

    kind: ClassVar[str] = "plan_choice"
    named: Sequence[tuple[str, Phrase]]
    n_plans: int


@dataclass(frozen=True, slots=True)
class Field:
    """What a reader sets: ``options`` by value; the first one is set, or ticks a ``checkbox``.

    ``choices`` is the name of the list that a search offers.
    """

    kind: ClassVar[str] = "field"
    type: str
    name: str
    label: Phrase
    options: Sequence[tuple[str, Phrase]] = ()
    is_set: bool = False
    choices: str = ""
    hint: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields in a line."""

    kind: ClassVar[str] = "fields"
    fields: Sequence[Field]


@dataclass(frozen=True, slots=True)
class SiteMap:
    """The map that the page's script draws."""

    kind: ClassVar[str] = "site_map"
    label: Phrase


@dataclass(frozen=True, slots=True)
class Words:
    """Terms and what they mean, some with a name that links lead to."""

    kind: ClassVar[str] = "words"
    words: Sequence[tuple[Phrase, Phrase, str]]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the page's data by its name; one with ``draw`` is laid out for paper too."""

    kind: ClassVar[str] = "chart"
    name: str
    draw: Callable[[Language], alt.ConcatChart] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a button that downloads it, below or beside a hint on how to read it.

    ``css`` is ``tall`` where it scrolls; ``search`` finds rows of it; ``keys`` tell the page's
    script its rows; ``more`` is a button for more than the table shows, by its name.
    """

    kind: ClassVar[str] = "table"
    table: PageTable
    css: str = ""
    hint: Phrase | None = None
    search: Field | None = None
    keys: Sequence[object] = ()
    more: tuple[str, Phrase] | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Names and values as a plain table; a phrase is a sentence, a text is set as code."""

    kind: ClassVar[str] = "lines"
    lines: Sequence[tuple[Phrase, str | Phrase]]


@dataclass(frozen=True, slots=True)
class Folded:
    """What opens on a click: a text as it stands, or lines."""

    kind: ClassVar[str] = "folded"
    summary: Phrase
    text: str = ""
    lines: Sequence[tuple[Phrase, str]] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """Parts that stand together, with a heading of the level given, and a field beside it."""

    kind: ClassVar[str] = "panel"
    heading: Phrase | None
    parts: Sequence[Any]
    level: int = 3
    field: Field | None = None
    css: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Panels two by two."""

    kind: ClassVar[str] = "columns"
    parts: Sequence[Panel]


@dataclass(frozen=True, slots=True)
class Section:
    """A section.

    Parameters
    ----------
    parts : sequence
        What it shows, of the classes of this module.
    label : Phrase or None
        What a screen reader calls it, where it has no heading.
    """

    heading: Phrase | None
    parts: Sequence[Any] = field(default_factory=tuple)
    name: str = ""
    label: Phrase | None = None


def hint(text: Phrase) -> Text:
    """Small print."""
    return Text(text, "hint")


def charted(heading: Phrase, name: str, *before: Any) -> Panel:
    """A chart with its heading."""
    return Panel(heading, (*before, Chart(name)))


def resolved_scenario(scenario: BaseModel, summary: Phrase | None = None) -> Folded:
    """The settings as they were resolved, on a click."""
    text = json.dumps(scenario.model_dump(mode="json"), indent=2, ensure_ascii=False)
    return Folded(summary or phrase("The whole scenario, as resolved"), text)


def provenance_section(provenance: Mapping[str, Any], *parts: Any) -> Section:
    """Where a page comes from."""
    return Section(phrase("Where this comes from"), (Lines(flat_lines(provenance)), *parts))


_KEYS = {
    "created_utc": "Made at (UTC)",
    "git_commit": "Commit of the planner",
    "program_sha256": "Modules of the planner, SHA-256",
    "versions": "Version",
    "platform": "Computer",
    "seed": "Seed of random numbers",
    "inputs_sha256": "Input, SHA-256",
    "timings_s": "Seconds",
    "peak_memory_mb": "Memory by its end, MB",
    "taken_stages": "Stage taken from another run",
    "n_trips": "trips, warm-up days included",
    "n_served": "served trips, warm-up days included",
    "n_unserved": "unserved trips, warm-up days included",
}
"""What keys of the provenance and of checks are called."""


def flat_lines(values: Mapping[str, Any], above: tuple[str, ...] = ()) -> list[tuple[Phrase, str]]:
    """Nested dictionaries as lines of path and value, figures to four digits."""
    lines: list[tuple[Phrase, str]] = []
    for key, value in values.items():
        path = (*above, _KEYS.get(str(key), str(key).replace("_", " ")))
        if isinstance(value, dict):
            lines += flat_lines(value, path)
        else:
            shown = f"{value:.4g}" if isinstance(value, float) else str(value)
            lines.append((_path_phrase(path), shown))
    return lines


def _path_phrase(path: tuple[str, ...]) -> Phrase:
    parts = [own_phrase(part).texts for part in path]
    return Phrase({code: " · ".join(part[code] for part in parts) for code in parts[0]})
