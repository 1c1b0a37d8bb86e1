"""Altair as threads may use it at once, and without what it does anew for each part of a chart.

Altair keeps the channel that is set, as in ``alt.X("a:Q").title("A")``, on the setter, which all
channels of a class share: an axis of one thread's chart got into another's. It also writes the
setter's help anew at each use. Importing this module gives each use a setter of its own.

It makes the table of all its classes once instead of for each channel that is given as text, as in
``encode(text="name:N")``. And it has parts checked by tests alone: that switch, too, is one for all
threads, which Altair turns off and on again while it copies.
"""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Any

import altair as alt
from altair.utils import schemapi

if TYPE_CHECKING:
    from collections.abc import Iterable

_Setter: Any = type(vars(alt.X)["title"])
_documented = _Setter.__get__


def _of_channel(setter: Any, channel: Any, kind: type) -> Any:
    own = copy(setter)
    if channel is None:  # asked of the class, for its help
        return _documented(own, None, kind)
    own.obj = channel
    return own


_table_of = cache(schemapi._FromDict)  # noqa: SLF001  # the door to it makes one for each call


def _kept_table(classes: Iterable[type]) -> Any:
    return _table_of(tuple(classes))


_Setter.__get__ = _of_channel
schemapi._FromDict = _kept_table  # type: ignore[assignment,misc]  # noqa: SLF001
schemapi.disable_debug_mode()
