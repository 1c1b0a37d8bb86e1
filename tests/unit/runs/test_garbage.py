"""Looking for garbage rarely, and not at a process's end."""

from __future__ import annotations

import gc
import subprocess
import sys

from planner.runs.cluster import workforce
from planner.runs.garbage import look_for_garbage_rarely

_ENDING = """
import atexit, gc
atexit.register(lambda: print(gc.get_threshold()[0], gc.get_freeze_count()))
{begin}
"""


def _told_at_the_end(begin: str) -> list[int]:
    command = [sys.executable, "-c", _ENDING.format(begin=begin)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    return [int(figure) for figure in told.stdout.split()]


# Compared with a process of its own: commands that ran in this one have it look rarely, too.
def test_an_ending_process_does_not_look_through_what_it_has_made():
    module = look_for_garbage_rarely.__module__
    began = f"from {module} import look_for_garbage_rarely; look_for_garbage_rarely()"
    threshold, n_passed_over = _told_at_the_end(began)
    plain_threshold, plain_passed_over = _told_at_the_end("")
    assert threshold > plain_threshold
    assert n_passed_over > max(1000, plain_passed_over)


def test_workers_of_this_machine_import_the_module_of_their_tasks_when_they_begin():
    module = "planner.sweeping.worker_tasks"
    with workforce(2, 2, None, module) as force:
        found = force.client.run(exec, f"import sys; assert {module!r} in sys.modules")
        thresholds = force.client.run(gc.get_threshold)
    assert len(found) == 2
    plain_threshold, _ = _told_at_the_end("")
    assert all(threshold[0] > plain_threshold for threshold in thresholds.values())
