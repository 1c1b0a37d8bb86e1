"""How much the search's own settings matter: start, operators, population, seeds.

Protocol. Demand: the built-in Germany, official sites, 10 % electric trucks, queues in full. A
second case holds every site to its grid connection. Each search is repeated with other seeds of
the search on the same demand, so that the spread is the algorithm's and not the demand's, and may
simulate as many layouts as every other. Hypervolume is that of the archive, against an hour of
mean wait and no utilisation. Seconds are of one processor core (numba on one thread) and hold what
it takes to make the start, but neither reading inputs nor compiling.

No search: ``quantile layouts`` (each site covers the same share of the time: the older method of
the German motorway study), ``marginal allocation`` (the separable front) and that front
``corrected`` for the arrivals that its own queues bring about. Searches: NSGA-II from a random
start, from quantile layouts, from the allocation, or from both allocations (``seeded``, what the
planner does); with pymoo's simulated binary crossover and polynomial mutation at their usual
settings, or with the planner's operators for layouts.

The yardstick is the exact front if no wait moved later arrivals, by dynamic programming. Where the
queue is all that couples sites a good front lies near it, and may lie above: it is no bound.

    python benchmarks/algorithm_sensitivity.py           # 3 seeds, 1,000 evaluations: two minutes
    python benchmarks/algorithm_sensitivity.py --full    # 10 seeds, 2,000 evaluations, both cases

Writes ``table.csv``, ``table.md``, ``curves.csv``, ``curves.svg`` and ``curves.png`` into
``outputs/bench/algorithm-sensitivity``.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import altair as alt
import numba
import numpy as np
import pandas as pd
import vl_convert

import planner
from planner.optimization.comparison import (
    ACCEPTED_WAIT_MIN,
    quantile_curve,
    separable_curve,
    textbook_variation,
)
from planner.optimization.exact_allocation import least_by_total
from planner.optimization.nsga2 import StopRule, Variation, search
from planner.optimization.operators import PlugMutation, SiteCrossover
from planner.optimization.quantile_layouts import quantile_layouts
from planner.optimization.seeding import start_of_search
from planner.plan.stages import charging_demand
from planner.plan.stops import plan_trips
from planner.plan.study_inputs import read_inputs, site_limits
from planner.runs.random_streams import RandomStreams
from planner.simulation.queues import evaluate_layouts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.optimization.seeding import SearchStart

Start = Literal["random", "quantile layouts", "allocation", "allocation, corrected"]
Operators = Literal["pymoo", "layouts"]

CASES = {"open": [], "grid": ["sites.within_grid_connection=true"]}
OUT = Path("outputs/bench/algorithm-sensitivity")
BUDGETS = (100, 300, 1000, 2000)
POPULATION = 100
ARCHIVE_SIZE = 2000
COLOURS = ("#d9660f", "#2f7fb8", "#3f8f4f", "#9467bd", "#b8860b", "#7d858d")


@dataclass(frozen=True)
class Method:
    """A search, or layouts without one where ``operators`` is None."""

    name: str
    start: Start
    operators: Operators | None
    population: int = POPULATION
    in_chart: bool = False


QUANTILES = Method("quantile layouts", "quantile layouts", None, in_chart=True)
ALLOCATION = Method("marginal allocation", "allocation", None, in_chart=True)
CORRECTED = Method("marginal allocation, corrected", "allocation, corrected", None)
PLAIN = Method("plain NSGA-II", "random", "pymoo", in_chart=True)
FROM_QUANTILES = Method("NSGA-II from quantile layouts", "quantile layouts", "pymoo", in_chart=True)
SEEDED = Method("seeded NSGA-II (the planner's)", "allocation, corrected", "layouts", in_chart=True)
MAIN = (QUANTILES, ALLOCATION, CORRECTED, PLAIN, FROM_QUANTILES, SEEDED)
VARIED = (
    Method("seeded, operators of pymoo", "allocation, corrected", "pymoo"),
    Method("seeded, start not corrected", "allocation", "layouts"),
    Method("from quantiles, operators for layouts", "quantile layouts", "layouts"),
    Method("from random, operators for layouts", "random", "layouts"),
    Method("seeded, population 50", "allocation, corrected", "layouts", population=50),
    Method("seeded, population 200", "allocation, corrected", "layouts", population=200),
)


class Case:
    """A demand, and what searches of it start from."""

    def __init__(self, overrides: list[str]) -> None:
        scenario = planner.load_scenario("germany-10", overrides)
        inputs = read_inputs(scenario)
        plans = plan_trips(scenario, inputs)
        self._demand = charging_demand(
            scenario, inputs.trips.vehicle_class_idx, plans, inputs.sites.n_sites
        )
        self._limits = site_limits(scenario, inputs.sites)
        self.start = cache(self._start)
        start_of_search(self._demand, 10, self._limits)  # compiles the kernels

    def _start(self, population: int) -> tuple[SearchStart, float]:
        """Where searches start, and the seconds it took."""
        began = time.process_time()
        start = start_of_search(self._demand, population, self._limits)
        return start, time.process_time() - began

    def yardstick(self) -> float:
        """Hypervolume of the exact front if no wait moved later arrivals."""
        start, _ = self.start(POPULATION)
        most = start.unlimited.n_hpc
        tcu = evaluate_layouts(self._demand, most[None], start.unlimited.n_lpc).tcu_share[0]
        tables = start.model.tables
        totals, least_h = least_by_total(tables, start.model.bounds)
        wait_min = 60.0 * least_h / tables.n_arrivals.sum()
        return start.problem.space.hypervolume(
            np.column_stack([wait_min, tcu * most.sum() / totals])
        )


def without_search(case: Case, method: Method, n_evaluations: int) -> pd.DataFrame:
    """Hypervolume of ever more layouts of a kind."""
    start, start_s = case.start(POPULATION)
    corrected = np.concatenate([start.seed_n_hpc, start.corrected_n_hpc])
    rows = []
    for wanted in sorted({*BUDGETS, 10, 30}):
        if wanted > n_evaluations:
            continue
        began = time.process_time()
        if method.start == "allocation, corrected":
            # All of them: few would not be spread along the front.
            points = start.problem.points(corrected)
        else:
            curve = quantile_curve if method.start == "quantile layouts" else separable_curve
            points = curve(start, wanted).points
        seconds = start_s + time.process_time() - began
        rows.append(_figures(points, start, len(points), seconds))
    return pd.DataFrame(rows).drop_duplicates("n_evaluations")


def searched(case: Case, method: Method, seed: int, n_evaluations: int) -> pd.DataFrame:
    """Hypervolume of a search after each generation."""
    start, start_s = case.start(method.population)
    model, problem = start.model, start.problem
    rng = RandomStreams(seed).generator(f"benchmark.{method.name}")
    began = time.process_time()
    initial = _initial(start, method, rng)
    variation = (
        textbook_variation()
        if method.operators == "pymoo"
        else Variation(SiteCrossover(), PlugMutation(model.tables, model.bounds))
    )
    n_generations = 1 + max(-(-(n_evaluations - len(initial)) // method.population), 0)
    seconds: list[float] = []

    def note_time(generation: int, max_generations: int, hypervolume: float) -> None:
        del generation, max_generations, hypervolume
        seconds.append(start_s + time.process_time() - began)

    found = search(
        problem,
        initial,
        variation,
        StopRule(n_generations, tolerance=0.0, window=n_generations),
        n_seeds=0,
        population=method.population,
        archive_size=ARCHIVE_SIZE,
        rng=rng,
        progress=note_time,
    )
    curve = found.history[["n_evaluations", "hypervolume"]].assign(seconds=seconds)
    curve["tcu_share_at_5_min"] = np.nan
    last = _figures(found.archive.points, start, 0, 0.0)["tcu_share_at_5_min"]
    curve.loc[curve.index[-1], "tcu_share_at_5_min"] = last
    return curve


def _initial(start: SearchStart, method: Method, rng: np.random.Generator) -> NDArray[np.integer]:
    bounds, model = start.model.bounds, start.model
    if method.start == "random":
        size = (method.population, len(bounds.lower))
        return rng.integers(bounds.lower, bounds.upper + 1, size=size)
    if method.start == "quantile layouts":
        return quantile_layouts(
            model.occupancy, model.tables, bounds, method.population, start.longest_wait_min
        )
    if method.start == "allocation":
        return start.seed_n_hpc
    return np.concatenate([start.seed_n_hpc, start.corrected_n_hpc])


def _figures(
    points: NDArray[np.float64], start: SearchStart, n_evaluations: int, seconds: float
) -> dict[str, float]:
    wait, tcu = points.T
    accepted = wait <= ACCEPTED_WAIT_MIN
    return {
        "n_evaluations": n_evaluations,
        "hypervolume": start.problem.space.hypervolume(points),
        "seconds": seconds,
        "tcu_share_at_5_min": tcu[accepted].max() if accepted.any() else np.nan,
    }


def curves_of(
    name: str, methods: tuple[Method, ...], n_seeds: int, n_evaluations: int
) -> tuple[pd.DataFrame, float]:
    """Curves of all methods and seeds of a case, and its yardstick."""
    case = Case(CASES[name])
    curves = []
    for method in methods:
        seeds = range(1, n_seeds + 1) if method.operators else [0]
        for seed in seeds:
            curve = (
                searched(case, method, seed, n_evaluations)
                if method.operators
                else without_search(case, method, n_evaluations)
            )
            curves.append(curve.assign(case=name, method=method.name, seed=seed))
        print(f"{name}: {method.name}: {len(seeds)} x", flush=True)
    return pd.concat(curves, ignore_index=True), case.yardstick()


def table_of(curves: pd.DataFrame, yardstick: dict[str, float], n_evaluations: int) -> pd.DataFrame:
    """Mean and standard deviation over the seeds, at equal numbers of evaluations."""
    rows = []
    for (case, method), of_method in curves.groupby(["case", "method"], sort=False):
        ends = of_method.groupby("seed").tail(1)
        row: dict[str, object] = {"case": case, "method": method, "seeds": len(ends)}
        for budget in (b for b in BUDGETS if b <= n_evaluations):
            within = of_method[of_method["n_evaluations"] <= budget].groupby("seed").tail(1)
            row |= {
                f"hypervolume_{budget}": within["hypervolume"].mean(),
                f"sd_{budget}": within["hypervolume"].std(),
            }
        best = yardstick[str(case)]
        # The end of a search may lie a generation beyond what was granted.
        row["gap_to_yardstick"] = 1.0 - ends["hypervolume"].mean() / best
        row["gap_sd"] = (ends["hypervolume"] / best).std()
        row["tcu_at_5_min"] = ends["tcu_share_at_5_min"].mean()
        row["evaluations"] = ends["n_evaluations"].mean()
        row["seconds"] = ends["seconds"].mean()
        rows.append(row)
    return pd.DataFrame(rows)


def markdown(table: pd.DataFrame) -> str:
    """The table for a page."""
    names = [str(name) for name in table]
    budgets = [c.removeprefix("hypervolume_") for c in names if c.startswith("hypervolume_")]
    head = ["method", *(f"after {b}" for b in budgets), "gap", "TCU at 5 min", "layouts", "CPU s"]
    lines = []
    for case, of_case in table.groupby("case", sort=False):
        lines += ["", f"| {case}: " + " | ".join(head) + " |", "|---" * len(head) + "|"]
        for row in of_case.to_dict("records"):
            cells = [
                str(row["method"]),
                *(_with_spread(row[f"hypervolume_{b}"], row[f"sd_{b}"], "{:.4f}") for b in budgets),
            ]
            gap = _with_spread(100 * row["gap_to_yardstick"], 100 * row["gap_sd"], "{:.2f}")
            tcu = row["tcu_at_5_min"]
            cells += [f"{gap} %", "-" if np.isnan(tcu) else f"{100 * tcu:.2f} %"]
            cells += [f"{row['evaluations']:.0f}", f"{row['seconds']:.1f}"]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines).strip() + "\n"


def _with_spread(mean: float, deviation: float, form: str) -> str:
    if np.isnan(mean):
        return "-"
    return form.format(mean) + ("" if np.isnan(deviation) else f" ± {form.format(deviation)}")


def chart_of(curves: pd.DataFrame, yardstick: float) -> alt.HConcatChart:
    """Hypervolume over evaluations: the range of the seeds and their mean, all and zoomed in."""
    names = [method.name for method in MAIN if method.in_chart]
    shown = curves[(curves["case"] == "open") & curves["method"].isin(names)]
    bands = (
        shown.groupby(["method", "n_evaluations"])["hypervolume"]
        .agg(["mean", "min", "max"])
        .reset_index()
    )
    colour = alt.Color("method:N", title=None, scale=alt.Scale(domain=names, range=COLOURS))
    colour = colour.legend(orient="bottom", columns=3, labelLimit=300, symbolOpacity=1)
    best = float(max(bands["max"].max(), yardstick))
    x = alt.X("n_evaluations:Q", title="layouts simulated").scale(type="log", nice=False)
    x = x.axis(values=[10, 30, 100, 300, 1000, 3000], grid=False)

    def panel(title: str, low: float) -> alt.LayerChart | alt.FacetChart:
        scale = alt.Scale(domain=[low, best + 0.03 * (best - low)], nice=False, clamp=False)
        base = alt.Chart(bands).encode(x=x, color=colour)
        rule = alt.Chart(pd.DataFrame({"y": [yardstick]})).mark_rule(
            strokeDash=[4, 4], color="#555"
        )
        return alt.layer(
            rule.encode(y=alt.Y("y:Q", title=None, scale=scale)),
            base.mark_area(opacity=0.25, clip=True).encode(
                y=alt.Y("min:Q", scale=scale), y2="max:Q"
            ),
            base.mark_line(strokeWidth=2, clip=True).encode(y=alt.Y("mean:Q", scale=scale)),
            base.mark_point(size=22, filled=True, clip=True).encode(y=alt.Y("mean:Q", scale=scale)),
        ).properties(title=title, width=420, height=320)

    chart: alt.HConcatChart = (
        alt.hconcat(
            panel("Hypervolume; dashed: yardstick without moved arrivals", 0.0),
            panel("The same, from 97 % of the best on", 0.97 * best),
        )
        .properties(background="white")
        .configure_view(stroke=None)
        .configure_title(anchor="start", fontSize=13)
    )
    return chart


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="10 seeds, both cases, all variants")
    parser.add_argument("--seeds", type=int, help="by default 3, or 10 in full")
    parser.add_argument("--evaluations", type=int, help="by default 1000, or 2000 in full")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    n_seeds = arguments.seeds or (10 if arguments.full else 3)
    n_evaluations = arguments.evaluations or (2000 if arguments.full else 1000)
    numba.set_num_threads(1)

    plan = {"open": (*MAIN, *VARIED) if arguments.full else MAIN}
    if arguments.full:
        plan["grid"] = MAIN
    found = {name: curves_of(name, plan[name], n_seeds, n_evaluations) for name in plan}
    curves = pd.concat([curve for curve, _ in found.values()], ignore_index=True)
    yardstick = {name: value for name, (_, value) in found.items()}
    table = table_of(curves, yardstick, n_evaluations)

    arguments.out.mkdir(parents=True, exist_ok=True)
    curves.to_csv(arguments.out / "curves.csv", index=False)
    table.to_csv(arguments.out / "table.csv", index=False)
    (arguments.out / "table.md").write_text(markdown(table), encoding="utf-8")
    spec = chart_of(curves, yardstick["open"]).to_dict()
    (arguments.out / "curves.svg").write_text(vl_convert.vegalite_to_svg(spec), encoding="utf-8")
    (arguments.out / "curves.png").write_bytes(vl_convert.vegalite_to_png(spec, scale=2.0))
    print(markdown(table))
    print("yardstick:", ", ".join(f"{name} {value:.4f}" for name, value in yardstick.items()))
    print(f"chart and curves: {arguments.out}")


if __name__ == "__main__":
    main()
