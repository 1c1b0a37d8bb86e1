"""Setters of Altair's channels, as in ``alt.X("a:Q").title("A")``, that threads may use at once.

Altair keeps the channel that is set on the setter, which all channels of a class share: an axis of
one thread's chart got into another's. It also writes the setter's help anew at each use, a sixth
of the time for a chart. Importing this module gives each use a setter of its own.
"""

from __future__ import annotations

from copy import copy
from typing import Any

import altair as alt

_Setter: Any = type(vars(alt.X)["title"])
_documented = _Setter.__get__


def _of_channel(setter: Any, channel: Any, kind: type) -> Any:
    own = copy(setter)
    if channel is None:  # asked of the class, for its help
        return _documented(own, None, kind)
    own.obj = channel
    return own


_Setter.__get__ = _of_channel
