"""Plan where a country's truck charging points go, and how many.

``planner.load_scenario`` reads a study, ``planner.run`` plans it; every stage can be called alone
(see :mod:`planner.plan.stages`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.runs.kernel_cache import keep_kernels_apart

if TYPE_CHECKING:
    from planner.scenario.load import load_scenario
    from planner.studies import run

__all__ = ["__version__", "load_scenario", "run"]

__version__ = "0.1.0"

keep_kernels_apart(Path(__file__).parent)


def __getattr__(name: str) -> Any:
    """Import what is asked for only now: a kernel's test need not load charts and maps."""
    if name == "load_scenario":
        from planner.scenario.load import load_scenario  # noqa: PLC0415

        return load_scenario
    if name == "run":
        from planner.studies import run  # noqa: PLC0415

        return run
    msg = f"module 'planner' has no attribute {name!r}"
    raise AttributeError(msg)
