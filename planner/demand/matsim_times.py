"""Times of day as MATSim writes them."""

from __future__ import annotations

import math

_UNDEFINED = frozenset({"undefined", "-Infinity"})


def seconds_of(text: str | None) -> float | None:
    """Seconds of a time of day.

    Parameters
    ----------
    text : str or None
        ``"HH:MM:SS"`` or ``"HH:MM"``, hours beyond 24 for later days, or plain seconds.

    Returns
    -------
    float or None
        Seconds since midnight of the first day; None where there is no time, NaN where it is none.
    """
    if text is None or text in _UNDEFINED:
        return None
    parts = text.split(":")
    try:
        if len(parts) == 3:
            return int(parts[0]) * 3600.0 + int(parts[1]) * 60.0 + float(parts[2])
        if len(parts) == 2:
            return int(parts[0]) * 3600.0 + int(parts[1]) * 60.0
        return float(text)
    except ValueError:
        return math.nan
