"""Which kind of study a file is: the planner has several, each with a command of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from planner.errors import ScenarioError
from planner.said import said
from planner.scenario.bundled import bundled_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KindName = Literal["scenario", "market", "depot", "sweep", "roadmap", "tariff"]


@dataclass(frozen=True, slots=True)
class StudyKind:
    """A kind of study.

    Parameters
    ----------
    called : str
        What it is called in messages, with an article.
    marks : frozenset of str
        Keys that stand on the top level of its files and of no other kind's.
    result : str
        ``kind`` of what comes of it; empty where nothing is run.
    use : str
        What the command does with it.
    """

    called: str
    command: str
    marks: frozenset[str]
    result: str = ""
    use: str = "is run with"


KINDS: dict[KindName, StudyKind] = {
    "scenario": StudyKind(
        "a scenario of a country",
        "planner run",
        frozenset(
            {"network", "sites", "demand", "vehicles", "driver_rules", "chargers", "routing"}
            | {"optimization", "replanning", "market", "depots", "results_licence"}
            | {"driver_behaviour", "standing"}
        ),
        "plan",
    ),
    "market": StudyKind(
        "a market study",
        "planner market",
        frozenset(
            {"arrivals", "operators", "trucks", "rules", "week", "demand_variation_share"}
            | {"carry_over_h", "price_cap_eur_kwh", "n_iterations", "n_seeds", "alternatives"}
        ),
        "market",
    ),
    "depot": StudyKind("a depot study", "planner depot", frozenset({"depot"}), "depot"),
    "sweep": StudyKind(
        "a sweep",
        "planner sweep",
        frozenset({"base", "fixed", "axes", "replicate_until"}),
        "sweep",
    ),
    # What comes of it is a run per year, each of a scenario.
    "roadmap": StudyKind(
        "a roadmap",
        "planner roadmap",
        frozenset({"base", "fixed", "years", "solution"}),
    ),
    # It shares `demand` and `fixed` with others, and has more keys of its own than those.
    "tariff": StudyKind(
        "a tariff",
        "planner validate",
        frozenset({"currency", "effective", "holidays", "seasons", "energy", "spot", "export"}),
        use="a depot study names with depot.site.tariff.name, from config/tariffs beside it, and "
        "which is checked with",
    ),
}


def kind_of(keys: Iterable[str]) -> KindName | None:
    """Kind of study that a file is, from its top-level keys; none if they do not tell.

    Parameters
    ----------
    keys : iterable of str
        The keys. Of several kinds the one counts that more of them belong to: a slip in one key
        does not make another study of a file.
    """
    leading = _leading(keys)
    if leading == ["sweep", "roadmap"]:  # a scenario with keys set, and no years
        return "sweep"
    return leading[0] if len(leading) == 1 else None


def _leading(keys: Iterable[str]) -> list[KindName]:
    """Kinds of study to which most of the keys belong."""
    found = set(keys)
    n_marks = {name: len(kind.marks & found) for name, kind in KINDS.items()}
    most = max(n_marks.values())
    return [name for name, n in n_marks.items() if n == most]


def refuse_another_kind(keys: Iterable[str], expected: KindName, file: Path) -> None:
    """Say which command a file is for, if it is another kind of study than expected."""
    found = kind_of(keys)
    if found is None or expected in _leading(keys):
        return
    kind = KINDS[found]
    name = file.stem if file.parent == bundled_path("scenarios") else file
    fault = said(
        "expected {expected}; found {found}, which {use}: {command}",
        expected=KINDS[expected].called,
        found=kind.called,
        use=kind.use,
        command=f"{kind.command} {name}",
    )
    raise ScenarioError([fault], str(file))
