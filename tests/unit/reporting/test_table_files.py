"""Result tables as files."""

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from planner.errors import RunDirectoryError
from planner.plan.plan_tables import layout_table, write_tables
from planner.plan.schemas import (
    FILE_SCHEMAS,
    FRONT,
    LAYOUTS,
    SITES,
)
from planner.tables.table_files import read_parquet, read_rows, write_parquet


def test_equal_plans_give_equal_bytes(plan_maker, tmp_path):
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        paths = write_tables(plan_maker(), folder)

    # Four of them are written as CSV too.
    assert len(paths) == len(FILE_SCHEMAS) + 4
    for path in paths:
        contents = [(folder / path.name).read_bytes() for folder in folders]
        assert contents[0] == contents[1], path.name


def test_columns_and_types_of_a_file_are_those_of_its_schema_whatever_the_order(plan, tmp_path):
    shuffled = plan.site_figures[plan.site_figures.columns[::-1]].astype({"n_hpc": np.int32})
    shuffled.index = shuffled.index[::-1]
    write_parquet(shuffled, SITES, tmp_path / "shuffled.parquet")
    write_parquet(plan.site_figures, SITES, tmp_path / "plain.parquet")

    schema = pq.read_schema(tmp_path / "plain.parquet")
    assert schema.names == SITES.column_names
    assert [str(field.type) for field in schema] == [
        {"float64": "double"}.get(column.dtype, column.dtype) for column in SITES.columns
    ]
    assert b"pandas" not in (schema.metadata or {})
    same = [(tmp_path / f"{name}.parquet").read_bytes() for name in ("shuffled", "plain")]
    assert same[0] == same[1]


def test_parquet_gives_back_the_values_with_missing_ones(plan, tmp_path):
    write_parquet(plan.site_figures, SITES, tmp_path / "sites.parquet")
    read = pd.read_parquet(tmp_path / "sites.parquet")

    assert read["mean_wait_min"].isna().sum() == len(plan.named_solutions)
    np.testing.assert_array_equal(read["energy_mwh"], plan.site_figures["energy_mwh"])
    assert list(read["name"]) == list(plan.site_figures["name"])


def test_texts_are_written_alike_however_pandas_keeps_them(plan, tmp_path):
    texts = ["solution_name", "site_id", "name"]
    figures = plan.site_figures
    half = len(figures) // 2
    kept = {
        "objects": figures.astype(dict.fromkeys(texts, object)),
        "once-each": figures.astype(dict.fromkeys(texts, "category")),
        "in-two-parts": pd.concat([figures[:half], figures[half:]]),
    }
    write_parquet(figures, SITES, tmp_path / "sites.parquet")
    expected = (tmp_path / "sites.parquet").read_bytes()
    for name, table in kept.items():
        write_parquet(table, SITES, tmp_path / f"{name}.parquet")
        assert (tmp_path / f"{name}.parquet").read_bytes() == expected, name


@pytest.mark.parametrize(
    ("first", "most"), [(0, 3), (9, 2), (10, 10), (5, 30), (39, 9), (40, 5), (99, 1), (0, 0)]
)
def test_some_rows_are_those_of_the_whole_table(tmp_path, first, most):
    table = pd.DataFrame({"n": range(40), "name": [f"site {i}" for i in range(40)]})
    table.to_parquet(tmp_path / "n.parquet", row_group_size=10)
    rows = read_rows(tmp_path / "n.parquet", first, most)
    pd.testing.assert_frame_equal(rows, table.iloc[first : first + most].reset_index(drop=True))


def test_rows_are_read_without_what_stands_before_them(tmp_path):
    path = tmp_path / "n.parquet"
    pd.DataFrame({"n": range(40)}).to_parquet(path, row_group_size=10, compression="none")
    broken = bytearray(path.read_bytes())
    broken[4:60] = b"\xff" * 56
    path.write_bytes(broken)
    assert read_rows(path, 30, 5)["n"].tolist() == [30, 31, 32, 33, 34]
    with pytest.raises(RunDirectoryError, match=r"n\.parquet: not readable"):
        read_rows(path, 0, 5)


def test_front_csv_gives_back_every_digit(plan, tmp_path):
    write_tables(plan, tmp_path)
    read = pd.read_csv(tmp_path / "front.csv", keep_default_na=False)

    assert list(read.columns) == FRONT.column_names
    np.testing.assert_array_equal(read["mean_wait_min"], plan.front["mean_wait_min"])


def test_layouts_list_every_site_of_every_solution(plan):
    layouts = layout_table(plan)

    assert list(layouts.columns) == LAYOUTS.column_names
    row = layouts[(layouts["solution"] == 3) & (layouts["site_id"] == plan.sites.site_id[5])]
    assert row[["n_hpc", "n_lpc"]].to_numpy().tolist() == [
        [plan.hpc_layouts[3, 5], plan.lpc_per_site[5]]
    ]
    assert layouts.groupby("solution")["n_hpc"].sum().tolist() == plan.front["n_hpc"].tolist()


def test_a_table_without_its_columns_is_not_written(plan, tmp_path):
    with pytest.raises(ValueError, match="'tcu' is missing"):
        write_parquet(plan.front.drop(columns="tcu"), FRONT, tmp_path / "front.parquet")
    assert not (tmp_path / "front.parquet").exists()


def test_a_table_of_an_earlier_run_reads_under_the_names_of_today(tmp_path):
    path = tmp_path / "power_flows.parquet"
    pd.DataFrame({"sun_kw": [3.0], "spilled_kw": [1.0], "load_kw": [2.0]}).to_parquet(path)
    assert read_parquet(path).to_dict("list") == {
        "pv_kw": [3.0],
        "curtailed_kw": [1.0],
        "load_kw": [2.0],
    }
    assert read_parquet(path, ["curtailed_kw", "load_kw"]).columns.tolist() == [
        "curtailed_kw",
        "load_kw",
    ]
