"""Suggestions for misspelt names in error messages."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_WORD = 100


def did_you_mean(found: object, allowed: Iterable[str]) -> str:
    """Clause that names the nearest allowed word, empty where none is near.

    Parameters
    ----------
    allowed : iterable of str
        What could have been written.

    Returns
    -------
    str
        ``" (did you mean 'word'?)"`` or ``""``.
    """
    text = str(found)
    if len(text) > _LONGEST_WORD:
        return ""
    near = get_close_matches(text, list(allowed), n=1, cutoff=0.6)
    return f" (did you mean {near[0]!r}?)" if near else ""
