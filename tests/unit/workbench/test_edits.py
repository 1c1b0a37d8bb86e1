"""Files of changes that nobody asks for any more."""

import os
import time

from planner.workbench.edits import Edits

_DAY_S = 86_400.0


def test_old_changes_go_and_of_many_the_latest_stay(tmp_path):
    folder = tmp_path / ".planner-workbench" / "changes"
    folder.mkdir(parents=True)
    now = time.time()
    days = {"today": 0.0, "week": 6.0, "month": 30.0, "season": 91.0}
    for name, age in days.items():
        (folder / f"{name}.json").write_text("{}")
        os.utime(folder / f"{name}.json", (now - age * _DAY_S,) * 2)
    Edits(tmp_path)
    assert {path.stem for path in folder.iterdir()} == {"today", "week", "month"}
    for number in range(1_000):
        (folder / f"many-{number}.json").write_text("{}")
    Edits(tmp_path)
    left = {path.stem for path in folder.iterdir()}
    assert {"today", "week"} <= left
    assert "month" not in left
    assert len(left) == 1_002
