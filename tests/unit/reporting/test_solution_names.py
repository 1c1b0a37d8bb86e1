"""Named solutions are asked for by key, which texts call otherwise for operators."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.plan.solution_names import no_such_solution

NAMES = ("logistics", "balanced", "cpo-leaning", "cpo")


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("operator", " (write 'cpo')"),
        ("Operator-leaning", " (write 'cpo-leaning')"),
        ("Balanced", " (write 'balanced')"),
        ("balancd", " (did you mean 'balanced'?)"),
        ("best", ""),
    ],
)
def test_who_writes_the_title_is_told_the_key(asked, hint):
    said = str(no_such_solution(Path("run"), asked, NAMES))
    assert "balanced, cpo-leaning for Operator-leaning, cpo for Operator)" in said
    assert said.endswith(f"found {asked!r}{hint}")
