"""How far a sweep is: one live table on a terminal, a line per run elsewhere."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Self

from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.said import joined, said
from planner.scenario.sweep import value_text
from planner.tables.language import ENGLISH
from planner.tables.layout_quantities import MEAN_WAIT
from planner.terminal import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from planner.sweeping.runs import SweepRun

_BAR_WIDTH = 16
_WRITING = "Writing tables, page, map and figures"
_ROWS_AROUND_THE_TABLE = 4


class PlainProgress:
    """Listener that prints a line for each run that ends."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._n_wanted = 0
        self._n_done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def wanted(self, runs: Iterable[SweepRun]) -> None:
        """Count runs to do."""
        self._n_wanted += len(list(runs))

    def kept(self, run: SweepRun) -> None:
        """Say that a run was done earlier."""
        self._say(run, said("kept"))

    def stage(self, run_name: str, stage: str, share: float) -> None:
        """Say nothing: a log needs no stages."""

    def finished(self, run: SweepRun, seconds: float) -> None:
        """Say that a run is done."""
        self._say(run, f"{seconds:.0f} s")

    def failed(self, run: SweepRun, fault: str) -> None:
        """Say why a run failed."""
        self._say(run, said("failed: {fault}", fault=fault))

    def writing(self) -> None:
        """Say what comes after the last run."""
        self._console.print(said(_WRITING))

    def _say(self, run: SweepRun, what: str) -> None:
        self._n_done += 1
        line = joined((f"[{self._n_done}/{self._n_wanted}] {run.name}", what), ": ")
        self._console.print(line, soft_wrap=True)


class LiveProgress:
    """Listener that keeps one table of all combinations up to date."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._rows: dict[str, _Row] = {}
        self._row_of: dict[str, _Row] = {}
        self._seconds: list[float] = []
        self._n_runs = 0
        self._is_writing = False
        self._started = monotonic()
        self._live = Live(
            console=console, get_renderable=self.table, refresh_per_second=4, transient=True
        )

    def __enter__(self) -> Self:
        self._live.start(refresh=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def wanted(self, runs: Iterable[SweepRun]) -> None:
        """Add runs to the rows of their combinations."""
        for run in runs:
            row = self._rows.setdefault(run.variant.label, _Row(run))
            self._row_of[run.name] = row
            row.n_wanted += 1
            self._n_runs += 1

    def kept(self, run: SweepRun) -> None:
        """Show a run that was done earlier."""
        self._row_of[run.name].take_result(run)

    def stage(self, run_name: str, stage: str, share: float) -> None:
        """Show the stage of a run."""
        row = self._row_of.get(run_name)
        if row is not None and run_name not in row.ended:
            row.stages[run_name] = (stage, share)

    def finished(self, run: SweepRun, seconds: float) -> None:
        """Show the result of a run."""
        self._seconds.append(seconds)
        self._row_of[run.name].take_result(run)

    def failed(self, run: SweepRun, fault: str) -> None:
        """Show that a run failed; the fault itself is told at the end."""
        del fault
        self._row_of[run.name].fail(run)

    def writing(self) -> None:
        """Show what comes after the last run."""
        self._is_writing = True

    def table(self) -> Table:
        """Table as it is now; what does not fit the terminal is what waits or is done longest."""
        rows = self._shown()
        table = Table(box=None, pad_edge=False, header_style="dim", caption_style="dim")
        axes = list(next(iter(self._rows.values())).names) if self._rows else []
        for axis in axes:
            table.add_column(axis)
        for title in ("runs", "high-power points", "mean wait"):
            table.add_column(spoken(self._console, title), justify="right")
        table.add_column(spoken(self._console, "now"))
        for row in rows:
            table.add_row(*row.cells())
        table.caption = self._caption(len(self._rows) - len(rows))
        table.caption_justify = "left"
        return table

    def _shown(self) -> list[_Row]:
        rows = list(self._rows.values())
        room = max(self._console.height - _ROWS_AROUND_THE_TABLE, 3)
        if len(rows) <= room:
            return rows
        running = [at for at, row in enumerate(rows) if row.stages]
        middle = running[0] if running else 0
        first = min(max(middle - room // 2, 0), len(rows) - room)
        return rows[first : first + room]

    def _caption(self, n_hidden: int) -> str:
        n_done = sum(len(row.ended) for row in self._rows.values())
        n_running = sum(len(row.stages) for row in self._rows.values())
        parts = [
            said("{n} of {all} runs done", n=n_done, all=self._n_runs),
            said("{n} running", n=n_running),
        ]
        if n_hidden:
            parts.append(said("{n} not shown", n=n_hidden))
        elapsed = monotonic() - self._started
        parts.append(said("{time} so far", time=_clock(elapsed)))
        if self._is_writing:
            parts.append(said(_WRITING))
        if self._seconds and n_running:
            left = sum(self._seconds) / len(self._seconds) * (self._n_runs - n_done) / n_running
            parts.append(said("about {time} left", time=_clock(left)))
        return " · ".join(spoken(self._console, part) for part in parts)


class _Row:
    """A combination: how many of its runs are done, what they found, what runs now."""

    def __init__(self, run: SweepRun) -> None:
        values = run.variant.axis_values
        self.names = {key.rsplit(".", 1)[-1]: value_text(value) for key, value in values.items()}
        self.n_wanted = 0
        self.n_failed = 0
        self.ended: set[str] = set()
        self.stages: dict[str, tuple[str, float]] = {}
        self._n_hpc: list[float] = []
        self._wait_min: list[float] = []

    def take_result(self, run: SweepRun) -> None:
        self._end(run)
        figures = run.manifest["summary"]["solutions"][DEFAULT_SOLUTION]
        self._n_hpc.append(figures["n_hpc"])
        self._wait_min.append(figures[MEAN_WAIT.name])

    def fail(self, run: SweepRun) -> None:
        self._end(run)
        self.n_failed += 1

    def _end(self, run: SweepRun) -> None:
        self.ended.add(run.name)
        self.stages.pop(run.name, None)

    def cells(self) -> list[Text | Table | str]:
        found = len(self._n_hpc)
        return [
            *map(Text, self.names.values()),
            f"{len(self.ended)}/{self.n_wanted}",
            ENGLISH.count(sum(self._n_hpc) / found) if found else "",
            ENGLISH.minutes(sum(self._wait_min) / found) if found else "",
            self._now(),
        ]

    def _now(self) -> Text | Table:
        if not self.stages:
            if self.n_failed:
                return Text(f"✗ {self.n_failed}", style="red")
            return Text("✓", style="green") if len(self.ended) == self.n_wanted else Text("")
        now = Table.grid(padding=(0, 1))
        for stage, share in list(self.stages.values()):
            now.add_row(ProgressBar(total=1.0, completed=share, width=_BAR_WIDTH), Text(stage))
        return now


def _clock(seconds: float) -> str:
    minutes = round(seconds / 60.0)
    return f"{seconds:.0f} s" if minutes < 2 else f"{minutes} min"


def listener_on(console: Console) -> LiveProgress | PlainProgress:
    """Listener for a console: a table on a terminal, lines elsewhere."""
    return LiveProgress(console) if console.is_terminal else PlainProgress(console)
