"""Events of a MATSim run beside the plan that it was given."""

import matsim
import numpy as np
import pytest
from typer.testing import CliRunner

from planner.cli import app
from planner.errors import InputDataError
from planner.plan.finished_run import PLAN, read_finished_run
from planner.reporting.matsim.event_columns import MATSIM_SCHEMAS
from planner.reporting.matsim.event_differences import matsim_differences
from planner.reporting.matsim.events import read_sessions
from planner.reporting.matsim.export import export_matsim
from planner.tables.table import check_table
from tests.unit.reporting.matsim_events import events_of, sessions_of, write_events
from tests.unit.reporting.matsim_run import write_run, write_study
from tests.unit.reporting.matsim_schemas import read_chargers


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run with one point less at each site than trucks stop there, so that some wait."""
    folder = tmp_path_factory.mktemp("events")
    study = write_study(folder)
    write_run(folder / "run", study, few_points=True)
    return folder / "run"


@pytest.fixture(scope="module")
def run(folder):
    return read_finished_run(folder, PLAN).on_roads("balanced")


def test_events_of_the_planners_own_queues_differ_in_nothing(run, tmp_path):
    rows = sessions_of(run)
    assert any(plug_in_h > queue_h for _, _, queue_h, plug_in_h, *_ in rows)
    found = matsim_differences(run, write_events(tmp_path / "e.xml.gz", events_of(rows)))
    for schema, table in zip(
        MATSIM_SCHEMAS, (found.sessions, found.chargers, found.trucks), strict=True
    ):
        check_table(table, schema)
        planned = [name for name in table.columns if name.endswith("_planned")]
        assert planned
        for name in planned:
            of_matsim = name.replace("_planned", "_matsim")
            np.testing.assert_allclose(table[of_matsim], table[name], rtol=1e-9, atol=1e-9)
    assert found.n_in_both == len(rows) == found.n_sessions("planned")
    assert found.mean_wait_min("planned") > 0
    assert found.n_unfinished == 0


def test_a_truck_that_comes_later_and_one_that_never_comes_are_told(run, tmp_path):
    rows = sessions_of(run)
    gone = rows.pop()
    late = [
        (truck, charger, queue_h + 1, plug_in_h + 1, unplug_h + 1, energy_kwh - 5, soc_kwh)
        for truck, charger, queue_h, plug_in_h, unplug_h, energy_kwh, soc_kwh in rows
    ]
    found = matsim_differences(run, write_events(tmp_path / "e.xml.gz", events_of(late)))
    sessions = found.sessions
    lost = sessions[sessions["queue_h_matsim"].isna()]
    assert list(lost["trip_id"]) == [gone[0]]
    seen = sessions.drop(lost.index)
    np.testing.assert_allclose(seen["queue_h_matsim"], seen["queue_h_planned"] + 1)
    np.testing.assert_allclose(seen["energy_kwh_matsim"], seen["energy_kwh_planned"] - 5)
    assert found.n_sessions("planned") == found.n_sessions("matsim") + 1


def test_energy_is_that_of_the_battery_where_no_event_tells_it(run, tmp_path):
    rows = sessions_of(run)
    events = [event for event in events_of(rows) if event[1]["type"] != "energy_charged"]
    found = matsim_differences(run, write_events(tmp_path / "e.xml.gz", events))
    assert found.energy_mwh("matsim") == pytest.approx(found.energy_mwh("planned"))
    for _, attributes in events:
        attributes.pop("charge", None)
    found = matsim_differences(run, write_events(tmp_path / "e.xml.gz", events))
    assert found.sessions["energy_kwh_matsim"].isna().all()
    assert found.sessions["soc_share_matsim"].isna().all()


def test_who_leaves_the_queue_and_who_is_still_plugged_in_at_the_end(tmp_path):
    here = {"charger": "hpc_a", "vehicle": "1"}
    events = [
        (1.0, {"type": "queued_at_charger", **here}),
        (2.0, {"type": "quit_queue_at_charger", **here}),
        (3.0, {"type": "charging_start", **here}),
    ]
    left, plugged = read_sessions(write_events(tmp_path / "e.xml.gz", events))
    assert (left.queue_h, plugged.queue_h, plugged.plug_in_h) == (1.0, 3.0, 3.0)
    assert np.isnan([left.plug_in_h, left.unplug_h, plugged.unplug_h, plugged.energy_kwh]).all()


def fault(kind, **attributes):
    return (1.0, {"type": kind, "charger": "hpc_a", "vehicle": "1", **attributes})


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([fault("charging_end")], "neither queued nor plugged in"),
        ([fault("charging_start"), fault("charging_start")], "to another charger"),
        ([fault("queued_at_charger"), fault("queued_at_charger")], "to another charger"),
        ([fault("queued_at_charger"), fault("charging_start", charger="b")], "another charger"),
        ([fault("charging_start", charger="")], "expected its charger"),
        ([fault("charging_start", charge="full")], "expected joules as charge; found 'full'"),
    ],
)
def test_events_that_cannot_be_are_refused(events, message, tmp_path):
    path = write_events(tmp_path / "e.xml.gz", events)
    with pytest.raises(InputDataError, match=message):
        read_sessions(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('<events><event time="x" type="charging_start"/></events>', "found 'x'"),
        ('<events><event time="nan" type="charging_start"/></events>', "found 'nan'"),
        ('<events><event type="charging_start"/></events>', "found 'none'"),
        ("<events><event", "not well-formed"),
        ("<network/>", "expected <events> as the outermost element"),
        ('<!DOCTYPE events [<!ENTITY a "b">]><events/>', "DOCTYPE declares entities"),
    ],
)
def test_a_file_that_is_none_of_events_is_refused(text, message, tmp_path):
    path = tmp_path / "events.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputDataError, match=message):
        read_sessions(path)


def test_events_of_another_plan_are_refused(run, tmp_path):
    path = write_events(tmp_path / "e.xml.gz", [fault("charging_start", charger="other")])
    with pytest.raises(InputDataError, match="at chargers of the plan, for example hpc_"):
        matsim_differences(run, path)


def test_the_command_writes_tables_and_says_what_differs(folder, run, tmp_path):
    rows = sessions_of(run)
    rows[-1] = (*rows[-1][:2], rows[-1][2] - 2.0, *rows[-1][3:])
    path = write_events(tmp_path / "output_events.xml.gz", events_of(rows))
    out = tmp_path / "out"
    result = CliRunner().invoke(
        app, ["import", "matsim", str(folder), str(path), "--out", str(out)]
    )
    assert result.exit_code == 0, result.output
    text = " ".join(result.output.split())
    assert f"Sessions: {len(rows)} in MATSim, {len(rows)} planned" in text
    assert f"Waits differ most at {rows[-1][1]}" in text
    names = [
        f"{schema.name}.{ending}" for schema in MATSIM_SCHEMAS for ending in ("csv", "parquet")
    ]
    assert {each.name for each in out.iterdir()} >= set(names)


def test_an_export_and_its_plans_know_the_same_trucks_and_chargers(folder, run, tmp_path):
    """Names of the events that MATSim would write are those of the files that it is given."""
    export_matsim(folder, "balanced", out=tmp_path / "files")
    chargers = {each.charger_id for each in read_chargers(tmp_path / "files" / "chargers.xml")}
    rows = sessions_of(run)
    assert {row[1] for row in rows} <= chargers
    trucks = {
        person.get("id")
        for person, _ in matsim.plan_reader(str(tmp_path / "files" / "plans.xml.gz"))
    }
    assert {row[0] for row in rows} <= trucks
