"""Names of sites like formulas, there and back through a spreadsheet."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from planner.files.spreadsheet_texts import write_csv_file
from planner.reporting.layout_files import read_layout

NAMES = ['=HYPERLINK("http://x","y")', "+1", "-site", "'-site", "@here", "plain", "-7"]


@pytest.mark.parametrize("marked", [True, False], ids=["a file of the planner", "a user's own"])
def test_sites_that_look_like_formulas_are_found_again(tmp_path, marked):
    table = pd.DataFrame({"site_id": NAMES, "n_hpc": range(1, 8)})
    path = tmp_path / "sites.csv"
    if marked:
        write_csv_file(table, path)
    else:
        table.drop(index=3).to_csv(path, index=False)
    layout = read_layout(path, np.asarray(NAMES, dtype=object), np.ones(7, dtype=np.int64))
    assert layout.n_hpc.tolist() == ([1, 2, 3, 4, 5, 6, 7] if marked else [1, 2, 3, 0, 5, 6, 7])
