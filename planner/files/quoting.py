"""Values of foreign files in messages: short, and without what steers a terminal."""

from __future__ import annotations

MAX_QUOTED = 200
"""Signs of a value that a message shows."""


def quoted(value: object) -> str:
    """Quote a value for a message.

    Parameters
    ----------
    value : object
        What a file says.

    Returns
    -------
    str
        In quotation marks, with control characters escaped, cut after :data:`MAX_QUOTED` signs.
    """
    text = value if isinstance(value, str) else repr(value)
    if len(text) <= MAX_QUOTED:
        return repr(text)
    return f"{text[:MAX_QUOTED]!r}... ({len(text):,} signs)"
