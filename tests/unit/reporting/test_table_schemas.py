"""One schema per table: checks and docs come from it."""

import pandas as pd
import pytest

from planner.plan.schemas import FILE_SCHEMAS, FRONT
from planner.plan.trip_schemas import UNSERVED
from planner.tables.table import check_table, markdown_reference


def test_all_faults_of_a_table_are_listed_at_once():
    table = pd.DataFrame({"trip_id": [1.5], "reason": ["x"], "place": ["y"], "lon": [1.0], "z": 1})

    with pytest.raises(ValueError, match="unserved") as caught:
        check_table(table, UNSERVED)

    message = str(caught.value)
    assert "'lat' is missing" in message
    assert "'z' is not in the schema" in message
    assert "'trip_id' is float64, expected int64" in message


def test_integers_may_stand_for_floats_and_an_empty_table_has_any_type():
    check_table(
        pd.DataFrame({"trip_id": [1], "reason": ["a"], "place": ["b"], "lon": [7], "lat": [51]}),
        UNSERVED,
    )
    check_table(pd.DataFrame(columns=UNSERVED.column_names), UNSERVED)


def test_the_reference_has_a_row_for_every_column_of_every_file():
    text = markdown_reference(FILE_SCHEMAS)

    for schema in FILE_SCHEMAS:
        assert f"## {schema.name}\n" in text
    n_rows = sum(line.startswith("| `") for line in text.splitlines())
    assert n_rows == sum(len(schema.columns) for schema in FILE_SCHEMAS)
    assert "| `tcu` | float64 | share | Share of the simulated time" in text


@pytest.mark.parametrize("schema", FILE_SCHEMAS, ids=lambda schema: schema.name)
def test_units_stand_in_the_names(schema):
    ending = {"min": "_min", "km": "_km", "kW": "_kw", "kWh": "_kwh", "MWh": "_mwh", "h": "_h"}
    for column in schema.columns:
        if column.unit in ending:
            assert column.name.endswith(ending[column.unit])


def test_front_holds_the_figures_that_the_summary_of_a_run_names():
    named = {"n_hpc", "n_lpc", "mean_wait_min", "p95_wait_min", "tcu", "ecu"}
    assert named <= set(FRONT.column_names)
