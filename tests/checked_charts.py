"""Charts that tests make are held against the schema of Vega-Lite, which takes as long as to make
them: once for all languages, widths and data, and not at every user's run."""

import re
from contextlib import contextmanager

import pytest

from planner.reporting.charts.look import Look

_WORD = re.compile(r"[a-z][A-Za-z-]*")
_CHECKED = set()
_dressed = Look.dressed


@contextmanager
def charts_checked():
    """Check each chart of a new shape where it is dressed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Look, "dressed", _checked)
        yield


def _checked(look, chart):
    spec = _dressed(look, chart)
    if not isinstance(chart, dict) and (shape := hash(_shape(spec))) not in _CHECKED:
        chart.to_dict()
        _CHECKED.add(shape)
    return spec


def _shape(part):
    """What the schema looks at in a part of a chart: its keys, its words, kinds of other values."""
    if isinstance(part, dict):
        return tuple((key, _shape(value)) for key, value in part.items() if key != "datasets")
    if isinstance(part, list):
        return tuple(dict.fromkeys(map(_shape, part)))
    is_word = isinstance(part, str) and _WORD.fullmatch(part)
    return part if is_word or isinstance(part, bool) else type(part).__name__
