"""Sites that are not in use: words of tables, and what is left out."""

import pandas as pd
import pytest

from planner.errors import InputDataError
from planner.network.load import load_sites
from planner.network.site_status import leave_out_closed, read_status
from planner.scenario.site_sources import TableSites


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("open", ["open", "Offen", " IN  Betrieb ", "in_betrieb", "True", "yes", "Ja", "1", None]),
        (
            "closed",
            ["closed", "geschlossen", "Außer Betrieb", "ausser betrieb", "false", "NO", "0"],
        ),
        ("planned", ["planned", "geplant", "in Planung", "under-construction", "im Bau"]),
    ],
)
def test_the_status_is_read_as_people_write_it(status, words):
    table = pd.DataFrame({"status": pd.Series(words, dtype=object)})
    assert set(read_status(table, "s.csv")) == {status}


def test_an_unknown_word_is_refused_with_its_row_and_the_list_of_words():
    table = pd.DataFrame({"status": ["open", "soonish"]}, index=pd.Index([2, 3], name="row"))
    with pytest.raises(
        InputDataError, match=r"s\.csv: .*open: .*offen.*closed: .*planned: "
    ) as said:
        read_status(table, "s.csv")
    assert "row 3" in str(said.value)


@pytest.mark.parametrize(
    ("header", "cells", "told"),
    [
        (
            "status",
            ("open", "closed", "planned"),
            ["sites that are closed", "sites that are planned"],
        ),
        ("open", ("yes", "no", "no"), ["sites that are closed"]),
        ("Betriebsstatus", ("In Betrieb", "Außer Betrieb", ""), ["sites that are closed"]),
    ],
)
def test_closed_sites_of_a_table_are_left_out_and_counted(
    tmp_path, west_east_graph, header, cells, told
):
    path = tmp_path / "sites.csv"
    rows = [f"s{number},{9.2 + number / 10},50.0,{cell}" for number, cell in enumerate(cells)]
    path.write_text("\n".join([f"id,lon,lat,{header}", *rows]), encoding="utf-8")
    sites, report = load_sites(TableSites(source="table", path=path), west_east_graph)
    assert sites.site_id.tolist() == (["s0", "s2"] if cells[2] == "" else ["s0"])
    assert [item.what for item in report.left_out] == told
    assert any("left out" in said for said in report.sentences())


def test_a_table_without_an_open_site_is_refused():
    places = pd.DataFrame({"status": ["closed", "planned"]})
    with pytest.raises(InputDataError, match="found only 1 sites that are closed, 1 sites that"):
        leave_out_closed(places, "s.csv")
