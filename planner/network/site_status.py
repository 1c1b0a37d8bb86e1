"""Whether a site is in use, as people write it in tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planner.errors import InputDataError
from planner.files.table_columns import refuse_rows
from planner.network.cleaning import LeftOut
from planner.said import said

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

OPEN, CLOSED, PLANNED = "open", "closed", "planned"
_WORDS = {
    OPEN: (
        "open", "opened", "in operation", "in service", "operational", "operating", "active",
        "available", "existing", "offen", "geöffnet", "in betrieb", "aktiv", "betriebsbereit",
        "true", "yes", "y", "ja", "j", "wahr", "1", "1.0", "live",
    ),
    CLOSED: (
        "closed", "out of operation", "out of service", "out of order", "not in operation",
        "inactive", "disused", "decommissioned", "temporarily closed", "geschlossen",
        "außer betrieb", "nicht in betrieb", "inaktiv", "stillgelegt", "gesperrt",
        "vorübergehend geschlossen", "in wartung",
        "false", "no", "n", "nein", "falsch", "0", "0.0",
    ),
    PLANNED: (
        "planned", "proposed", "under construction", "in planning", "geplant", "in planung",
        "im bau", "in bau", "announced", "angekündigt",
    ),
}  # fmt: skip
_STATUS_OF = {word.casefold(): status for status, words in _WORDS.items() for word in words}


def status_of(text: str) -> str | None:
    """:data:`OPEN`, :data:`CLOSED` or :data:`PLANNED`; None for words that are not known."""
    return _STATUS_OF.get(re.sub(r"[\s_-]+", " ", text.casefold()).strip())


def read_status(table: pd.DataFrame, where: str) -> NDArray[np.object_]:
    """Status of the sites of a table.

    Parameters
    ----------
    table : DataFrame
        Column ``status`` as text, empty where nothing is said.

    Returns
    -------
    (n_sites,) object
        :data:`OPEN` (also where nothing is said), :data:`CLOSED` or :data:`PLANNED`.

    Raises
    ------
    InputDataError
        If a text is none of the words that are known.
    """
    status = table["status"].fillna(OPEN).astype(str).map(status_of)
    listed = "; ".join(f"{name}: {', '.join(words)}" for name, words in _WORDS.items())
    expected = said(
        "the status of a site must be one of these words ({words}) or nothing; rename the column "
        "if it says something else",
        words=listed,
    )
    refuse_rows(table, status.isna().to_numpy(), where, expected)
    return status.to_numpy(dtype=object)


def leave_out_closed(places: pd.DataFrame, where: str) -> tuple[pd.DataFrame, tuple[LeftOut, ...]]:
    """Leave out the sites that are not in use.

    Parameters
    ----------
    places : DataFrame
        A row per site with a column ``status`` as :func:`read_status` gives it.

    Returns
    -------
    places : DataFrame
        The open ones.
    left_out : tuple of LeftOut
        How many are closed, and planned.

    Raises
    ------
    InputDataError
        If none is open.
    """
    is_open = places["status"] == OPEN
    left_out = tuple(
        LeftOut(said("sites that are {status}", status=status), count)
        for status in (CLOSED, PLANNED)
        if (count := int((places["status"] == status).sum()))
    )
    if not is_open.any():
        told = [said("{n} {what}", n=item.count, what=item.what) for item in left_out]
        msg = said(
            "{where}: expected sites that are open, found only {told}. Check the column of it.",
            where=where,
            told=told,
        )
        raise InputDataError(msg)
    return places[is_open], left_out
