"""Layouts from the separable model: marginal allocation on the lower convex hulls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.optimization.wait_tables import WaitTables

WAIT_SCALE_MIN = 1.0
"""Mean wait at which the spread of points along a front turns from linear to logarithmic, min."""


@dataclass(frozen=True, slots=True)
class PlugBounds:
    """Fewest and most HPC points that each site may have.

    Parameters
    ----------
    lower, upper : (n_sites,) int32
        Bounds, 0 <= lower <= upper.
    """

    lower: NDArray[np.int32]
    upper: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class MarginalSteps:
    """Edges of all sites' lower convex hulls, the most useful first.

    Parameters
    ----------
    lower : (n_sites,) int32
        The layout before the first step.
    site_idx : (n_steps,) int32
        Site that gets the charging points of the step.
    n_plugs : (n_steps,) int32
        Charging points of the step, >= 1; more than one where a table is not convex.
    gain_h : (n_steps,) float64
        Waiting saved per point, hours, > 0, never increasing.
    """

    lower: NDArray[np.int32]
    site_idx: NDArray[np.int32]
    n_plugs: NDArray[np.int32]
    gain_h: NDArray[np.float64]

    @property
    def totals(self) -> NDArray[np.int64]:
        """Total points before the first step and after each, (n_steps + 1,): where it is exact."""
        return int(self.lower.sum()) + np.concatenate(
            [[0], np.cumsum(self.n_plugs, dtype=np.int64)]
        )

    def gains_at(self, totals: tuple[int, int]) -> tuple[float, float]:
        """Hours that the point after the first of two totals saves, and the last of the second.

        Beyond the ends of the steps those of the first and the last of them; any, > 0, without
        steps.
        """
        if not len(self.gain_h):
            return 1.0, 1.0
        n_full = np.searchsorted(self.totals, totals, side="right") - 1
        step = np.clip(n_full - [0, 1], 0, len(self.gain_h) - 1)
        return float(self.gain_h[step[0]]), float(self.gain_h[step[1]])


def plug_bounds(
    peak: NDArray[np.integer],
    existing_hpc: NDArray[np.integer] | None = None,
    max_hpc: NDArray[np.integer] | None = None,
) -> PlugBounds:
    """Bounds on the charging points of each site.

    A visited site has at least one charging point and at most its peak occupancy or, if that is
    less, what its grid connection carries. A site where nobody ever plugs in gets none. Charging
    points that exist stay, whatever the rest says.

    Parameters
    ----------
    peak : (n_sites,) integer
        Peak occupancy with unlimited charging points.
    existing_hpc : (n_sites,) integer, optional
        Charging points that stand already; none by default.
    max_hpc : (n_sites,) integer, optional
        Most charging points that the grid connection carries; counted as one where it is less.
    """
    existing = np.zeros_like(peak) if existing_hpc is None else existing_hpc
    upper = np.asarray(peak)
    if max_hpc is not None:
        upper = np.minimum(upper, np.maximum(max_hpc, 1))
    lower = np.maximum(np.minimum(peak, 1), existing)
    return PlugBounds(lower=lower.astype(np.int32), upper=np.maximum(upper, lower).astype(np.int32))


def marginal_steps(tables: WaitTables, bounds: PlugBounds) -> MarginalSteps:
    """Edges of the lower convex hull of each site's table within its bounds.

    Parameters
    ----------
    tables : WaitTables
        Waiting by site and charging points.
    bounds : PlugBounds
        Bounds of each site; charging points beyond the peak are useless and make no step.

    Returns
    -------
    MarginalSteps
        Sorted by gain per point, then by site.
    """
    top = np.minimum(bounds.upper, tables.peak)
    sites = np.flatnonzero(top > bounds.lower)
    first = tables.offset[sites] - 1
    return steps_along_hulls(
        bounds.lower,
        sites,
        [
            tables.total_wait_h[begin:end]
            for begin, end in zip(first + bounds.lower[sites], first + top[sites] + 1, strict=True)
        ],
    )


def steps_along_hulls(
    lower: NDArray[np.int32], sites: NDArray[np.int64], waits_h: Sequence[NDArray[np.float64]]
) -> MarginalSteps:
    """Edges of the lower convex hulls of some sites' waits.

    Parameters
    ----------
    lower : (n_sites,) int32
        The layout before the first step.
    sites : (n,) int64
        Sites that may get more, ascending.
    waits_h : sequence of (n_numbers,) float64
        Waiting at each of them for its points of ``lower``, one more, two more and so on, hours.
    """
    site_idx: list[int] = []
    n_plugs: list[int] = []
    gain_h: list[float] = []
    for site, waits in zip(sites.tolist(), waits_h, strict=True):
        vertices = lower_hull(waits)
        steps = np.diff(vertices)
        # Near-collinear vertices may come out a rounding error in the wrong order.
        gains = np.minimum.accumulate(-np.diff(waits[vertices]) / steps)
        useful = gains > 0.0
        site_idx += [site] * int(useful.sum())
        n_plugs += steps[useful].tolist()
        gain_h += gains[useful].tolist()
    gain = np.array(gain_h, dtype=np.float64)
    # Stable: the steps of a site keep their order among equals.
    order = np.argsort(-gain, kind="stable")
    return MarginalSteps(
        lower=lower,
        site_idx=np.array(site_idx, dtype=np.int32)[order],
        n_plugs=np.array(n_plugs, dtype=np.int32)[order],
        gain_h=gain[order],
    )


def lower_hull(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Vertices of the lower convex hull of equally spaced points, collinear ones kept.

    Parameters
    ----------
    values : (n,) float64
        Ordinates at 0, 1, ..., n - 1.

    Returns
    -------
    (n_vertices,) int64
        Indices on the hull, ascending, the first 0 and the last n - 1.

    Notes
    -----
    Andrew's monotone chain (1979).
    """
    hull: list[int] = []
    height = values.tolist()
    for i, value in enumerate(height):
        while len(hull) > 1:
            a, b = hull[-2], hull[-1]
            if (height[b] - height[a]) * (i - a) <= (value - height[a]) * (b - a):
                break
            hull.pop()
        hull.append(i)
    return np.array(hull, dtype=np.int64)


def allocate(steps: MarginalSteps, n_total: int) -> NDArray[np.int32]:
    """Layout of a given total with the least waiting under fixed arrivals.

    Exact for every total in :attr:`MarginalSteps.totals`: no layout within the bounds with as many
    charging points waits less (Fox 1966). Where tables are convex that is every total. In between,
    the next step is taken in part; the layout is then feasible and waits at most as long as the
    exact one before that step, which is never more than one step's charging points away.

    Parameters
    ----------
    steps : MarginalSteps
        From :func:`marginal_steps`.
    n_total : int
        Charging points to place; capped to what is possible and useful.

    Returns
    -------
    (n_sites,) int32
        Charging points of each site.
    """
    totals = steps.totals
    n_total = int(np.clip(n_total, totals[0], totals[-1]))
    n_full = int(np.searchsorted(totals, n_total, side="right")) - 1
    layout = steps.lower.copy()
    np.add.at(layout, steps.site_idx[:n_full], steps.n_plugs[:n_full])
    if n_total > totals[n_full]:
        layout[steps.site_idx[n_full]] += n_total - totals[n_full]
    return layout


def separable_front(
    tables: WaitTables, bounds: PlugBounds, n_points: int, longest_wait_min: float = np.inf
) -> NDArray[np.int32]:
    """Layouts spread along the front of total waiting against total points, arrivals held fixed.

    Parameters
    ----------
    tables : WaitTables
        Waiting by site and charging points.
    n_points : int
        Layouts wanted, >= 2.
    longest_wait_min : float
        Longest mean wait of interest under fixed arrivals, minutes; the layout with the least
        waiting belongs to the front in any case.

    Returns
    -------
    (n_layouts, n_sites) int32
        At most ``n_points`` different layouts, exact in the sense of :func:`allocate`, from the
        lower bounds (or the longest wait) to the least possible waiting; total points ascending.

    Notes
    -----
    Spread evenly by arc length over utilisation (the inverse of the total points) and the
    logarithm of the mean wait, each scaled to one: waits run over orders of magnitude.
    """
    steps = marginal_steps(tables, bounds)
    totals = steps.totals
    wait_h = tables.wait_h(steps.lower) - np.concatenate(
        [[0.0], np.cumsum(steps.gain_h * steps.n_plugs)]
    )
    mean_wait_min = np.maximum(wait_h, 0.0) * 60.0 / max(int(tables.n_arrivals.sum()), 1)
    return np.stack(
        [
            allocate(steps, int(totals[i]))
            for i in spread_points(mean_wait_min, totals, n_points, longest_wait_min)
        ]
    )


def spread_points(
    mean_wait_min: NDArray[np.float64],
    totals: NDArray[np.int64],
    n_points: int,
    longest_wait_min: float,
) -> NDArray[np.int64]:
    """Indices of layouts spread along a front of ascending totals.

    Parameters
    ----------
    mean_wait_min : (n,) float64
        Mean wait of each layout, minutes, descending.
    totals : (n,) int64
        Total points of each layout, ascending.
    n_points : int
        Layouts wanted, >= 2.
    longest_wait_min : float
        Layouts that wait longer are left out, except the last.

    Returns
    -------
    (n_chosen,) int64
        Ascending, at most ``n_points``.
    """
    of_interest = mean_wait_min <= longest_wait_min
    of_interest[-1] = True
    first = int(np.argmax(of_interest))
    return first + spread_along(
        np.log1p(mean_wait_min[first:] / WAIT_SCALE_MIN),
        1.0 / np.maximum(totals[first:], 1),
        n_points,
    )


def spread_along(
    x: NDArray[np.float64], y: NDArray[np.float64], n_points: int
) -> NDArray[np.int64]:
    """Indices of points spread evenly by normalised arc length along a monotone curve.

    Parameters
    ----------
    x, y : (n,) float64
        The curve's points in order.
    n_points : int
        Points wanted, >= 2; both ends are among them.

    Returns
    -------
    (n_chosen,) int64
        Ascending, without repetition, at most ``n_points``.
    """
    # Both axes to the same span, so that neither decides alone; a flat one must not divide by 0.
    spans = [max(float(np.ptp(values)), np.finfo(float).tiny) for values in (x, y)]
    lengths = np.hypot(np.diff(x) / spans[0], np.diff(y) / spans[1])
    position = np.concatenate([[0.0], np.cumsum(lengths)])
    targets = np.linspace(0.0, position[-1], n_points)
    right = np.searchsorted(position, targets).clip(1, max(len(x) - 1, 1))
    left = right - 1
    right = np.minimum(right, len(x) - 1)
    nearest = np.where(targets - position[left] < position[right] - targets, left, right)
    return np.unique(nearest).astype(np.int64)
