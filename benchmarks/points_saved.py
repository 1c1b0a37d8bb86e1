"""How many charging points the search saves: those needed for 5 min mean wait, by method.

Protocol. Demand: the study preset's own (``germany-reference`` with ``preset: fadranski-2026``, 15
% electric trucks), stops planned once, queues in full. Every method may place between one point and
the site's peak occupancy at each site.

Plain NSGA-II is pymoo's as it comes: a random start of 100 layouts, simulated binary crossover,
polynomial mutation, mean wait against utilisation. It ends when the hypervolume of its front gains
less than 0.1 % within 25 generations, the kind of rule that the study names (adaptive; its figures
are not printed); once also at 1 %, and, gone on with, at 0.01 %. Nor does the study print how
its start is drawn, which matters: ``any number at each site`` is the usual one, all layouts of
which have about half of all points; ``a share of all points`` gives every layout a share of its
own with which each point of the peaks is there; ``between two shares of the peaks`` gives it two,
between which each site's own lies. The last two span all totals, as the study's front does.

Ten seeds of each search on the same demand. Plain NSGA-II asks for tens of thousands of layouts:
it looks up waits in tables of each site, arrivals held fixed. One more search is in the full
simulation, to show that this is no matter. All fronts are simulated in full before their points are
read off. Quantile layouts and the separable front are no searches and have one answer.

The points at 5 min are those between the two layouts of the front on either side; where a front
does not come down to 5 min the least wait that it has stands beside.

    python benchmarks/points_saved.py                   # ten seeds (up to an hour of one core)
    python benchmarks/points_saved.py --seeds 2

What is computed stays in ``outputs/bench/points-saved``, seed by seed, and is not computed twice
for the same demand. Writes ``table.md``, ``table.csv`` and ``curves.csv`` there.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numba
import numpy as np
import pandas as pd
from page_blocks import table_lines, write_block

import planner
from planner.optimization.allocation import separable_front
from planner.optimization.checkpoints import CheckpointFile, fingerprint
from planner.optimization.comparison import textbook_variation
from planner.optimization.nsga2 import StopRule, search
from planner.optimization.optimize import seeded_nsga2
from planner.optimization.problem import LayoutProblem
from planner.optimization.quantile_layouts import quantile_layouts
from planner.optimization.seeding import start_of_search
from planner.plan.finished_run import read_finished_run
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.plan.solution_on_roads import solution_on_roads
from planner.plan.stages import charging_demand
from planner.plan.study_inputs import site_limits
from planner.runs.random_streams import RandomStreams
from planner.scenario.optimization import Optimization

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.optimization.nsga2 import SearchResult
    from planner.optimization.seeding import SearchStart

OUT = Path("outputs/bench/points-saved")
OVERRIDES = [
    "preset=fadranski-2026",
    "demand.electrification_share=0.15",
]
POPULATION = 100
WINDOW = 25
MAX_GENERATIONS = 20_000
WAIT_MIN = 5.0
OURS = "ours"
SETTINGS = Optimization(population=POPULATION)

EACH_SITE = "any number at each site"
EACH_POINT = "a share of all points"
BETWEEN_SHARES = "between two shares of the peaks"


@dataclass(frozen=True)
class Search:
    """Plain NSGA-II from a kind of random start, to a convergence, on tables or in simulation."""

    start: str
    tolerance: float
    is_simulated: bool = False

    @property
    def name(self) -> str:
        """Name in the table."""
        where = ", searched in simulation" if self.is_simulated else ""
        return f"plain NSGA-II, {self.start}, to {100 * self.tolerance:g} %{where}"

    @property
    def kind(self) -> str:
        """What searches have in common that differ only in where they stop."""
        return f"{self.start}{' simulated' if self.is_simulated else ''}"

    def is_looser(self, other: Search) -> bool:
        """Whether it is the other search, stopped earlier."""
        return self.kind == other.kind and self.tolerance > other.tolerance

    def checkpoint(self, folder: Path, seed: int) -> Path:
        """File of where it stopped."""
        return folder / f"{self.kind.replace(' ', '-')}-{self.tolerance:g}-{seed}.npz"


SEARCHES = (
    Search(EACH_POINT, 1e-2),
    Search(EACH_POINT, 1e-3),
    Search(BETWEEN_SHARES, 1e-3),
    Search(EACH_SITE, 1e-3),
    Search(EACH_SITE, 1e-4),
    Search(EACH_POINT, 1e-4),
    Search(BETWEEN_SHARES, 1e-4),
    Search(EACH_POINT, 1e-3, is_simulated=True),
)
N_CURVE = 300
PUBLISHED_N_HPC = 2200


def start_of_study(out: Path) -> SearchStart:
    """Where searches on the preset's demand start; stops are planned once."""
    scenario = planner.load_scenario("germany-reference", OVERRIDES)
    folder = planner.run(scenario, out=out / "plan", resume=True).folder
    run = solution_on_roads(read_finished_run(folder), DEFAULT_SOLUTION)
    demand = charging_demand(run.scenario, run.vehicle_class_idx(), run.plans(), run.sites.n_sites)
    return start_of_search(demand, POPULATION, site_limits(run.scenario, run.sites))


def at_wait(wait_min: NDArray[np.float64], n_hpc: NDArray[np.float64]) -> tuple[float, float]:
    """Points at ``WAIT_MIN``, NaN where a front does not come down to it; and its least wait."""
    order = np.argsort(wait_min)
    wait_min, n_hpc = wait_min[order], n_hpc[order]
    reached = len(wait_min) > 0 and wait_min[0] <= WAIT_MIN <= wait_min[-1]
    points = float(np.interp(WAIT_MIN, wait_min, n_hpc)) if reached else float("nan")
    return points, float(wait_min[0]) if len(wait_min) else float("nan")


def curve_row(start: SearchStart, layouts: NDArray[np.int32], method: str) -> dict[str, object]:
    """Figures of layouts that no search found."""
    points = start.problem.points(layouts)
    n_at, least = at_wait(points[:, 0], layouts.sum(axis=1).astype(np.float64))
    row = {"method": method, "seed": 0, "n_hpc": n_at, "least_wait_min": least}
    return row | {
        "generations": 0,
        "n_evaluations": len(layouts),
        "hypervolume": start.problem.space.hypervolume(points),
    }


def random_start(start: SearchStart, kind: str, rng: np.random.Generator) -> NDArray[np.int64]:
    """First generation: each site any number; or each layout its own share of the peaks."""
    lower, upper = (bound.astype(np.int64) for bound in (start.problem.xl, start.problem.xu))
    size = (POPULATION, len(lower))
    if kind == EACH_SITE:
        return np.asarray(rng.integers(lower, upper + 1, size=size))
    if kind == EACH_POINT:
        share = rng.random((POPULATION, 1))
        return np.asarray(lower + rng.binomial(upper - lower, share, size=size))
    ends = np.sort(rng.random((POPULATION, 2)), axis=1)
    share = rng.uniform(ends[:, :1], ends[:, 1:], size=size)
    return np.asarray(lower + np.round(share * (upper - lower)).astype(np.int64))


class TabulatedProblem(LayoutProblem):
    """The layout problem with arrivals held fixed: waits from tables, a thousand times quicker."""

    def __init__(self, start: SearchStart) -> None:
        problem, model = start.problem, start.model
        super().__init__(problem.demand, problem.n_lpc, model.bounds, problem.space)
        self.tables = model.tables
        most = start.unlimited.n_hpc
        tcu = problem.points(most[None])[0, 1]
        self.occupied_points = tcu * most.sum()

    def points(self, n_hpc: NDArray[np.integer]) -> NDArray[np.float64]:
        """Mean wait, minutes, and utilisation of layouts, (n_layouts, 2)."""
        n_hpc = np.asarray(n_hpc, np.int64)
        return np.column_stack(
            [self.tables.mean_wait_min(n_hpc), self.occupied_points / n_hpc.sum(axis=1)]
        )


def plain(
    start: SearchStart, problem: LayoutProblem, search_of: Search, seed: int, folder: Path
) -> tuple[dict[str, object], pd.DataFrame]:
    """Figures of plain NSGA-II in the full simulation, and how it went."""
    rng = RandomStreams(seed).generator(f"benchmark.points_saved.{search_of.kind}")
    path = search_of.checkpoint(folder, seed)
    # A stricter search goes on from a copy of where the other stopped, which stays for its own row.
    looser = [other.checkpoint(folder, seed) for other in SEARCHES if other.is_looser(search_of)]
    if not path.exists() and looser and looser[-1].exists():
        shutil.copyfile(looser[-1], path)
    file = CheckpointFile(path, folder.name)
    found = search(
        problem,
        random_start(start, search_of.start, rng),
        textbook_variation(),
        StopRule(MAX_GENERATIONS, search_of.tolerance, WINDOW),
        n_seeds=0,
        population=POPULATION,
        archive_size=SETTINGS.archive_size,
        rng=rng,
        checkpoint=file,
    )
    return figures_of(start, found, search_of.name, seed)


def ours(start: SearchStart, seed: int, folder: Path) -> tuple[dict[str, object], pd.DataFrame]:
    """Figures of the planner's own search, and how it went."""
    rng = RandomStreams(seed).generator("benchmark.points_saved.ours")
    file = CheckpointFile(folder / f"ours-{seed}.npz", folder.name)
    return figures_of(start, seeded_nsga2(start, SETTINGS, rng=rng, checkpoint=file), OURS, seed)


def figures_of(
    start: SearchStart, found: SearchResult, method: str, seed: int
) -> tuple[dict[str, object], pd.DataFrame]:
    """Figures of a search's front, simulated in full, and its history."""
    layouts = found.archive.layouts[found.archive.thinned(SETTINGS.max_solutions)]
    row = curve_row(start, layouts, method) | {
        "seed": seed,
        "generations": len(found.history),
        "n_evaluations": found.n_evaluations,
    }
    return row, found.history.assign(method=method, seed=seed)


def table_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Mean and standard deviation over the seeds, by method."""
    grouped = rows.groupby("method", sort=False)
    table = grouped.agg(
        seeds=("seed", "nunique"),
        n_hpc=("n_hpc", "mean"),
        n_hpc_sd=("n_hpc", "std"),
        least_wait_min=("least_wait_min", "mean"),
        generations=("generations", "mean"),
        n_evaluations=("n_evaluations", "mean"),
        hypervolume=("hypervolume", "mean"),
        reached=("n_hpc", "count"),
    ).reset_index()
    table["against_published_share"] = table["n_hpc"] / PUBLISHED_N_HPC - 1.0
    return table


def markdown(table: pd.DataFrame) -> str:
    """The table for a page."""
    head = ["method", f"points at {WAIT_MIN:g} min", f"against {PUBLISHED_N_HPC:,} published"]
    head += ["least wait (min)", "hypervolume", "layouts tried", "seeds"]
    rows = []
    for row in table.to_dict("records"):
        is_search = row["generations"] > 0
        spread = f" ± {row['n_hpc_sd']:.0f}" if row["n_hpc_sd"] > 0 else ""
        partly = "" if row["reached"] == row["seeds"] else f" ({row['reached']} seeds)"
        n_hpc = f"{row['n_hpc']:,.0f}{spread}{partly}" if row["reached"] else "not reached"
        off = f"{100 * row['against_published_share']:+.0f} %" if row["reached"] else "-"
        cells = [str(row["method"]), n_hpc, off, f"{row['least_wait_min']:.2f}"]
        cells += [f"{row['hypervolume']:.4f}", f"{row['n_evaluations']:,.0f}"]
        rows.append([*cells, str(row["seeds"]) if is_search else "-"])
    return table_lines(head, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--simulated", type=int, default=1, help="seeds searched in simulation")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--docs", type=Path, help="folder of pages to write the table into")
    arguments = parser.parse_args()
    numba.set_num_threads(1)
    start = start_of_study(arguments.out)
    folder = arguments.out / fingerprint(*start.identity, WINDOW)[:12]
    folder.mkdir(parents=True, exist_ok=True)

    rows, curves = curves_without_search(start), []

    def note(found: tuple[dict[str, object], pd.DataFrame]) -> None:
        row, history = found
        rows.append(row)
        curves.append(history)
        print(
            f"{row['method']}, seed {row['seed']}: {row['n_hpc']:.0f} points at {WAIT_MIN:g} min, "
            f"least wait {row['least_wait_min']:.2f} min, {row['generations']} generations",
            flush=True,
        )
        write_tables(rows, curves, arguments.out)

    tabulated = TabulatedProblem(start)
    for each in SEARCHES:
        n_seeds = arguments.simulated if each.is_simulated else arguments.seeds
        for seed in range(1, n_seeds + 1):
            problem = start.problem if each.is_simulated else tabulated
            note(plain(start, problem, each, seed, folder))
    for seed in range(1, arguments.seeds + 1):
        note(ours(start, seed, folder))
    text = (arguments.out / "table.md").read_text(encoding="utf-8")
    print(text)
    if arguments.docs:
        write_block(arguments.docs / "background.md", Path(__file__).name, text)
    print(f"table and curves: {arguments.out}")


def curves_without_search(start: SearchStart) -> list[dict[str, object]]:
    """Quantile layouts and the separable front."""
    model, wait = start.model, start.longest_wait_min
    tables, bounds = model.tables, model.bounds
    quantiles = quantile_layouts(model.occupancy, tables, bounds, N_CURVE, wait)
    return [
        curve_row(start, quantiles, "quantile layouts"),
        curve_row(start, separable_front(tables, bounds, N_CURVE, wait), "separable front"),
    ]


def write_tables(rows: list[dict[str, object]], curves: list[pd.DataFrame], out: Path) -> None:
    """Write what there is so far."""
    table = table_of(pd.DataFrame(rows))
    table.to_csv(out / "table.csv", index=False)
    pd.concat(curves).to_csv(out / "curves.csv", index=False)
    (out / "table.md").write_text(markdown(table), encoding="utf-8")


if __name__ == "__main__":
    main()
