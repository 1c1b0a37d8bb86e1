"""The ``alns`` package without the library that it draws its charts with.

``alns`` imports ``matplotlib.pyplot`` for methods of its results that nobody calls here. That costs
about a second and 40 MB each time a depot is read, so while the package is imported, names stand in
for the library; whoever imports it later gets the real one.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LIBRARY, _PLOTS = "matplotlib", "matplotlib.pyplot"


@contextmanager
def _stand_ins() -> Iterator[None]:
    """Names of the library that can be imported and do nothing; gone at the end."""
    if _LIBRARY in sys.modules:
        yield
        return
    library, plots = ModuleType(_LIBRARY), ModuleType(_PLOTS)
    library.__dict__["pyplot"] = plots
    plots.__dict__.update(Axes=object, Figure=object)
    sys.modules.update({_LIBRARY: library, _PLOTS: plots})
    try:
        yield
    finally:
        del sys.modules[_LIBRARY], sys.modules[_PLOTS]


with _stand_ins():
    from alns import ALNS
    from alns.select import RouletteWheel

__all__ = ["ALNS", "RouletteWheel"]
