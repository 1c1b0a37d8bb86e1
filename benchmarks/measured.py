"""Ours beside peers: measured by turns in one run, kept as JSON, read by `write_results.py`.

A benchmark says what is done on what, and how each side does it. Sides take turns, so that what
else the machine does meets them alike; processor seconds count, of this process and of those that
it starts.
"""

from __future__ import annotations

import json
import resource
import statistics
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

RESULTS = Path(__file__).resolve().parents[1] / "outputs" / "bench" / "results"
N_TURNS = 5
LONG = 1000


@dataclass(frozen=True)
class Comparison:
    """One line of the results.

    Attributes
    ----------
    what : str
        What is done.
    on : str
        The input.
    ours, peers : sequence of float, mapping to such
        The figure of each turn; a turn of ours and one of a peer stand at the same place.
    unit : str
        Of the figures; of `better` kind.
    better : str
        Whether ``less`` or ``more`` is better.
    aim : str
        What the ratio to which peer should be, as text; empty where none is set.
    """

    what: str
    on: str
    ours: Sequence[float]
    peers: Mapping[str, Sequence[float]] = field(default_factory=dict)
    unit: str = "s"
    better: str = "less"
    aim: str = ""

    def ratio(self, peer: str) -> tuple[float, float, float]:
        """How many times better than a peer: median, least and greatest over the turns."""
        ratios = [
            theirs / ours if self.better == "less" else ours / theirs
            for ours, theirs in zip(self.ours, self.peers[peer], strict=True)
        ]
        return statistics.median(ratios), min(ratios), max(ratios)


def processor_s() -> float:
    """Seconds of processor time that this process and its ended children have taken."""
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def seconds(action: Callable[[], object]) -> float:
    """Processor seconds of an action."""
    begun = processor_s()
    action()
    return processor_s() - begun


def by_turns(
    sides: Mapping[str, Callable[[], object]], n_turns: int = N_TURNS
) -> dict[str, list[float]]:
    """Processor seconds of each side in each turn, after one turn that does not count."""
    for action in sides.values():
        action()
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(n_turns):
        for name, action in sides.items():
            taken[name].append(seconds(action))
    return taken


def compared(
    what: str,
    on: str,
    sides: Mapping[str, Callable[[], object]],
    *,
    parts: Mapping[str, int] | None = None,
    n_turns: int = N_TURNS,
    unit: str = "s",
    per_second: float = 1.0,
    aim: str = "",
) -> Comparison:
    """Times of sides, the first of which is ours.

    Parameters
    ----------
    parts : mapping of str to int, optional
        How many pieces of work an action of a side does, where not one: its time counts for one.
    per_second : float
        Units of the figure in a second: 1000 with milliseconds.
    """
    taken = {
        name: [each * per_second / (parts or {}).get(name, 1) for each in times]
        for name, times in by_turns(sides, n_turns).items()
    }
    ours, *peers = taken
    return Comparison(what, on, taken[ours], {name: taken[name] for name in peers}, unit, aim=aim)


def keep(benchmark: str, comparisons: Sequence[Comparison]) -> None:
    """Print the comparisons of a benchmark and keep them for the results."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{benchmark}.json"
    path.write_text(json.dumps([asdict(each) for each in comparisons], indent=1), encoding="utf-8")
    for line in table(comparisons):
        print(line)


def kept(benchmark: str) -> list[Comparison]:
    """The comparisons that a benchmark kept; none where it did not run."""
    path = RESULTS / f"{benchmark}.json"
    return (
        [Comparison(**each) for each in json.loads(path.read_text(encoding="utf-8"))]
        if path.exists()
        else []
    )


def table(comparisons: Sequence[Comparison]) -> list[str]:
    """Lines of a table in Markdown: one for each peer, or one where there is none."""
    lines = [
        "| what | on | planner | peer | its figure | planner is better by (least to most) | aim |",
        "| --- | --- | ---: | --- | ---: | ---: | --- |",
    ]
    for each in comparisons:
        ours = f"{written(each.ours)} {each.unit}"
        for name, values in each.peers.items():
            median, least, most = each.ratio(name)
            lines.append(
                f"| {each.what} | {each.on} | {ours} | {name} | {written(values)} {each.unit} "
                f"| {digits(median)} times ({digits(least)} to {digits(most)}) | {each.aim} |"
            )
        if not each.peers:
            lines.append(f"| {each.what} | {each.on} | {ours} | | | | {each.aim} |")
    return lines


def written(values: Sequence[float]) -> str:
    """Median, with least and greatest value where there are several."""
    median, least, most = map(digits, (statistics.median(values), min(values), max(values)))
    return f"{median} ({least} to {most})" if len(values) > 1 else median


def digits(value: float) -> str:
    """Three digits, and all before the point."""
    return f"{value:,.0f}" if abs(value) >= LONG else f"{value:.3g}"
