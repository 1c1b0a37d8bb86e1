"""The process that draws the figures of runs, kept for all runs of a process of tests: it takes
half a second of processor time to begin, and ends with each run of a user."""

from contextlib import contextmanager

import pytest

from planner.reporting.figures import drawing


class _Kept(drawing.DrawnBeside):
    """Draws for one run after the other."""

    def __exit__(self, *_):
        """The next run draws with it, too."""


@contextmanager
def drawing_shared():
    """Let runs share a process that draws; another one begins where it has ended."""
    begun = []

    def beside():
        if not begun or begun[-1].pid is None:
            begun.append(_Kept())
        return begun[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "DrawnBeside", beside)
        yield
    for each in begun:
        each.end()
