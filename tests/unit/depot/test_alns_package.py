"""The search for tours takes its package without the charts that come with it."""

import subprocess
import sys

PROGRAM = """
import sys
from planner.depot.alns_search import ALNS
assert "matplotlib" not in sys.modules, sorted(sys.modules)
import matplotlib
assert matplotlib.__file__
print(ALNS.__module__)
"""


def test_the_search_loads_no_library_for_charts_and_leaves_the_name_free():
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (0, "alns.ALNS\n"), ended.stderr
