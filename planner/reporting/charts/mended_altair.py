"""Altair as threads may use it at once, and without what it does anew for each part of a chart.

Altair keeps the channel that is set, as in ``alt.X("a:Q").title("A")``, on the setter, which all
channels of a class share: an axis of one thread's chart got into another's. It also writes the
setter's help anew at each use. Importing this module gives each use a setter of its own.

Each method of a chart copies all of it, and asks of each setting that is not set what it is: here
what is plain is handed on as it is.

It makes the table of all its classes once instead of for each channel that is given as text, as in
``encode(text="name:N")``. And it has parts checked by tests alone: that switch, too, is one for all
threads, which Altair turns off and on again while it copies.

Altair promises none of these names but ``alt.X`` and its ``title``. Where one is gone or means
something else, it goes its own way, which takes longer; each use has a setter of its own all the
same.
"""

from __future__ import annotations

from copy import copy
from functools import cache
from inspect import getattr_static
from typing import TYPE_CHECKING, Any

import altair as alt
from altair.utils import schemapi

if TYPE_CHECKING:
    from collections.abc import Callable

_TABLE, _SWITCH, _COPY = "_FromDict", "disable_debug_mode", "_deep_copy"
_PLAIN = frozenset({str, int, float, bool, type(None), type(alt.Undefined)})


def mend_setters(channels: type) -> bool:
    """Give each use of a setter one of its own, for all classes of channels.

    Parameters
    ----------
    channels : type
        Such a class, as ``alt.X``, of which ``title`` is set.

    Returns
    -------
    bool
        Whether setters also do without their help, being as they are known.
    """
    setter: Any = getattr_static(channels, "title")
    kind: Any = type(setter)
    if kind.__module__ == "builtins":  # a method: nothing is kept on it
        return False
    documented: Callable[[Any, Any, type], Any] = kind.__get__

    def alone(own: Any, channel: Any, _: type) -> Any:
        own.obj = channel
        return own

    def set_by(way: Callable[[Any, Any, type], Any]) -> Any:
        channel = channels("a:Q")
        return way(copy(setter), channel, channels)("A").to_dict()

    try:
        is_known = bool(set_by(alone) == set_by(documented))
    except (AttributeError, TypeError):
        is_known = False

    def of_channel(setter: Any, channel: Any, of: type) -> Any:
        is_alone = is_known and channel is not None  # else it is asked of the class, for its help
        return (alone if is_alone else documented)(copy(setter), channel, of)

    kind.__get__ = of_channel
    return is_known


def mend_table(module: Any) -> bool:
    """Make the table of classes once, and have no part checked; whether both could be.

    Parameters
    ----------
    module : module
        ``altair.utils.schemapi``, where they are.
    """
    made = getattr(module, _TABLE, None)
    switch_off = getattr(module, _SWITCH, None)
    if made is not None:
        table_of = cache(made)  # the door to it makes one for each call

        def kept_table(*asked: Any, **named: Any) -> Any:
            is_known = len(asked) == 1 and not named
            return table_of(tuple(asked[0])) if is_known else made(*asked, **named)

        setattr(module, _TABLE, kept_table)
    if switch_off is not None:
        switch_off()
    return made is not None and switch_off is not None


def mend_copies(module: Any) -> bool:
    """Have copies of charts hand on what is plain; whether they could be made to.

    Parameters
    ----------
    module : module
        ``altair.utils.schemapi``, where they are.
    """
    copied = getattr(module, _COPY, None)
    if copied is None:
        return False

    def plain_as_it_is(part: Any, *more: Any, **named: Any) -> Any:
        return part if type(part) in _PLAIN else copied(part, *more, **named)

    setattr(module, _COPY, plain_as_it_is)
    return True


HAS_KNOWN_SETTERS = mend_setters(alt.X)
HAS_KNOWN_TABLE = mend_table(schemapi)
HAS_KNOWN_COPIES = mend_copies(schemapi)
