"""National markets on disk, so that an interrupted run need not repeat them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.market.market_kernel import BlockMeans
from planner.market.national import NationalRun
from planner.runs.stage_files import read_arrays, write_arrays

if TYPE_CHECKING:
    from pathlib import Path

_MEANS = "means."
_OTHERS = ("is_present", "mean_price_eur_kwh", "n_chargers", "counted_share")


def write_national_run(run: NationalRun, path: Path) -> None:
    """Write a finished market, whole or not at all.

    Parameters
    ----------
    path : pathlib.Path
        File, ``.npz``.
    """
    means = {f"{_MEANS}{name}": values for name, values in run.means._asdict().items()}
    others = {name: getattr(run, name) for name in _OTHERS}
    write_arrays(path, means | others)


def read_national_run(path: Path) -> NationalRun | None:
    """Read a finished market; None where there is nothing that can be read.

    Parameters
    ----------
    path : pathlib.Path
        Written by :func:`write_national_run`.
    """
    stored = read_arrays(path)
    if stored is None:
        return None
    means = BlockMeans(**{name: stored[_MEANS + name] for name in BlockMeans._fields})
    return NationalRun(means, **{name: stored[name] for name in _OTHERS})
