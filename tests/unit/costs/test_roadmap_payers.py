"""Who pays what in a year of a roadmap, by figures that are checked by hand."""

import pytest

from planner.errors import InvariantError
from planner.plan.roadmap_payers import check_accounts, payer_rows, payer_table
from planner.scenario.infrastructure_costs import WhoPays

NEW_EUR = {"points": 700.0, "works": 200.0, "connection": 100.0}
EUR_YEAR = {"points": 70.0, "works": 20.0, "connection": 10.0, "upkeep": 5.0, "electricity": 300.0}


def paid(paid_by):
    return {row["payer"]: row for row in payer_rows(paid_by, NEW_EUR, EUR_YEAR, 450.0, 30.0)}


def test_operators_pay_for_all_sites_where_nobody_else_does_and_receive_what_hauliers_pay():
    rows = paid(WhoPays())
    assert list(rows) == ["operators", "grid_operators", "hauliers"]
    assert rows["operators"]["new_investment_eur"] == 1000.0
    assert rows["operators"]["eur_year"] == 405.0
    assert rows["operators"]["received_eur_year"] == 450.0
    assert rows["hauliers"]["eur_year"] == 480.0
    assert rows["grid_operators"]["eur_year"] == 0.0


def test_whoever_pays_for_connections_bears_their_annuities_and_no_upkeep():
    rows = paid(WhoPays(connection="state", works="grid_operators"))
    assert rows["state"]["connection_eur"] == rows["state"]["new_investment_eur"] == 100.0
    assert rows["state"]["eur_year"] == 10.0
    assert rows["grid_operators"]["works_eur"] == 200.0
    assert rows["operators"]["new_investment_eur"] == 700.0
    assert rows["operators"]["eur_year"] == 375.0


def test_accounts_add_up_or_are_a_fault_of_the_planner():
    rows = list(paid(WhoPays(connection="state")).values())
    check_accounts(rows, 1000.0, 435.0)
    with pytest.raises(InvariantError, match="1000 EUR of what is built"):
        check_accounts(rows, 900.0, 435.0)
    with pytest.raises(InvariantError, match="of costs a year"):
        check_accounts(rows[1:], 100.0, 435.0)


def test_what_each_has_invested_so_far_is_summed_over_the_years():
    rows = list(paid(WhoPays()).values())
    table = payer_table({2027: rows, 2030: rows}).set_index(["payer", "year"])
    assert table.loc[("operators", "2030"), "invested_eur"] == 2000.0
    assert table.loc[("operators", "2027"), "invested_eur"] == 1000.0
    assert payer_table({2027: []}).empty
