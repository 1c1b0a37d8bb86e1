"""Bills against sums done by hand, to the cent."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from planner.depot.billing import bill_profile
from planner.depot.billing_periods import share_of_period
from planner.depot.tariff import FixedRate, Tier, tariff_from_section
from planner.errors import InputDataError
from planner.scenario.tariff_library import read_tariff

TARIFFS = Path(__file__).parents[3] / "config" / "tariffs"
SCE = tariff_from_section(read_tariff(TARIFFS / "sce-tou-gs-2-d.yaml"))
GERMANY = tariff_from_section(read_tariff(TARIFFS / "de-medium-voltage-spot.yaml"))


def amounts(bill):
    return {(line.name, f"{line.month:%m}"): str(line.amount) for line in bill.lines}


def test_july_of_a_constant_load_by_hand():
    # July 2026: 23 weekdays, 8 Saturdays and Sundays, of which one is the holiday; it does not
    # move to the Friday before. 50 kW throughout.
    bill = bill_profile(SCE, dt.date(2026, 7, 1), np.full(96 * 31, 50.0))
    on_peak = 23 * 5 * 50  # 5,750 kWh
    mid_peak = 8 * 5 * 50  # 2,000 kWh
    off_peak = 31 * 19 * 50  # 29,450 kWh
    assert (on_peak, mid_peak, off_peak) == (5750, 2000, 29450)
    assert amounts(bill) == {
        ("on-peak, summer", "07"): "956.17",  # 956.1675
        ("mid-peak, summer", "07"): "309.60",
        ("off-peak, summer", "07"): "3492.18",  # 3,492.181
        ("facilities demand", "07"): "1409.00",
        ("time-related demand, summer", "07"): "1980.00",
        ("customer charge", "07"): "268.43",
    }
    assert str(bill.total) == "8415.38"
    assert str(bill.sum_of("demand")) == "3389.00"


def test_profile_over_two_months_and_seasons():
    # 30 September (Wednesday) and 1 October (Thursday) 2026: 10 kW, at 17:00 of the first 90 kW
    load = np.full(192, 10.0)
    load[68] = 90.0
    bill = bill_profile(SCE, dt.date(2026, 9, 30), load)
    assert amounts(bill) == {
        ("on-peak, summer", "09"): "11.64",  # 49 quarters... (20 * 2.5 + 20) kWh = 70 * 0.16629
        ("off-peak, summer", "09"): "22.53",  # 190 * 0.11858 = 22.5302
        ("facilities demand", "09"): "84.54",  # 90 * 28.18, and of that a thirtieth
        ("time-related demand, summer", "09"): "118.80",
        ("customer charge", "09"): "8.95",  # 268.43 / 30 = 8.94767
        ("mid-peak, winter", "10"): "6.53",  # 50 * 0.13069 = 6.5345
        ("super-off-peak, winter", "10"): "7.43",  # 80 * 0.09291 = 7.4328
        ("off-peak, winter", "10"): "14.22",  # 110 * 0.12931 = 14.2241
        ("facilities demand", "10"): "9.09",  # 281.80 / 31
        ("time-related demand, winter", "10"): "2.73",  # 84.60 / 31
        ("customer charge", "10"): "8.66",  # 268.43 / 31 = 8.65903
    }


def test_only_what_is_above_the_peak_so_far_is_billed():
    load = np.full(96, 50.0)
    bill = bill_profile(SCE, dt.date(2026, 7, 1), load, so_far_kw={"facilities demand": 42.5})
    assert amounts(bill)["facilities demand", "07"] == "6.82"  # 7.5 * 28.18 / 31


def test_half_a_cent_goes_up_and_watt_hours_are_whole():
    price = replace(
        SCE, energy=tuple(replace(r, tiers=(Tier(None, Decimal("0.5")),)) for r in SCE.energy)
    )
    load = np.zeros(96)
    load[0] = 0.04  # 10 Wh: half a cent
    load[1] = 0.0019  # 0.475 Wh: nothing
    bill = bill_profile(replace(price, demand=(), fixed=()), dt.date(2026, 7, 1), load)
    assert [str(line.amount) for line in bill.lines] == ["0.01"]
    assert bill.lines[0].quantity == Decimal("0.01")


def test_tiers_take_their_part_each():
    tiers = (
        Tier(Decimal(100), Decimal("0.10")),
        Tier(Decimal(300), Decimal("0.20")),
        Tier(None, Decimal("0.40")),
    )
    tiered = replace(SCE, energy=tuple(replace(rate, tiers=tiers) for rate in SCE.energy))
    load = np.zeros(96)
    load[:64] = 25.0  # 400 kWh, all off-peak: 10 + 40 + 40
    bill = bill_profile(tiered, dt.date(2026, 7, 1), load)
    assert amounts(bill)["off-peak, summer", "07"] == "90.00"


def test_half_hours_are_billed_on_their_mean():
    slow = replace(SCE, demand_interval_min=30)
    load = np.zeros(96)
    load[10] = 80.0
    bill = bill_profile(slow, dt.date(2026, 7, 1), load)
    assert amounts(bill)["facilities demand", "07"] == "36.36"  # 40 kW * 28.18 / 31


def test_exchange_prices_and_yearly_demand():
    # two days of May 2026: 40 kW at noon (34 EUR/MWh), fed in 20 kW at 13 h (35? as in the file)
    load, fed = np.zeros(192), np.zeros(192)
    load[48:52] = 40.0
    noon = GERMANY.spot.by_month_and_hour[5, 12]
    one = GERMANY.spot.by_month_and_hour[5, 13]
    fed[52:56] = 20.0
    bill = bill_profile(GERMANY, dt.date(2026, 5, 12), load, fed)
    assert str(noon) == "0.034"
    lines = amounts(bill)
    assert lines["grid fee levies and tax", "05"] == "2.52"  # 40 * 0.06311 = 2.5244
    assert lines["spot price", "05"] == "1.36"
    assert Decimal(lines["fed in", "05"]) == -(20 * (one - Decimal("0.004"))).quantize(
        Decimal("0.01")
    )
    assert lines["grid fee for power", "05"] == "26.30"  # 40 * 120 * 2 / 365 = 26.3014
    assert lines["metering", "05"] == "1.97"  # 360 * 2 / 365 = 1.9726


def test_daily_charge():
    daily = replace(SCE, fixed=(FixedRate("meter", Decimal("1.005"), "day"),))
    bill = bill_profile(daily, dt.date(2026, 7, 1), np.zeros(96 * 3))
    assert amounts(bill) == {("meter", "07"): "3.02"}  # 3.015


@pytest.mark.parametrize(
    ("per", "first", "n_days", "share"),
    [
        ("day", dt.date(2026, 2, 3), 4, 4.0),
        ("month", dt.date(2026, 2, 1), 28, 1.0),
        ("month", dt.date(2026, 4, 30), 2, 1 / 30 + 1 / 31),
        ("year", dt.date(2026, 1, 1), 365, 1.0),
        ("year", dt.date(2028, 1, 1), 366, 1.0),
        ("year", dt.date(2027, 12, 31), 2, 1 / 365 + 1 / 366),
    ],
)
def test_days_bear_their_share_of_a_month_or_year(per, first, n_days, share):
    assert float(share_of_period(per, first, n_days)) == pytest.approx(share, abs=1e-15)


@pytest.mark.parametrize(
    ("tariff", "first", "n_days"),
    [
        (SCE, dt.date(2027, 8, 18), 1),
        (SCE, dt.date(2027, 8, 2), 3),
        (GERMANY, dt.date(2026, 5, 20), 1),
        (replace(SCE, demand_interval_min=60), dt.date(2027, 8, 18), 1),
    ],
)
def test_microgrid_prices_demand_as_the_bill_does(tariff, first, n_days):
    kw = np.random.default_rng(4).uniform(0.0, 90.0, 96 * n_days)
    so_far = {rate.name: 60.0 for rate in tariff.demand}
    bill = bill_profile(tariff, first, kw, so_far_kw=so_far)
    terms = tariff.demand_terms(first, n_days, so_far)
    priced = sum(t.price_per_kw * max(0.0, t.peak_kw(kw) - t.so_far_kw) for t in terms)
    assert float(bill.sum_of("demand")) == pytest.approx(priced, abs=0.02)
    assert {line.period for line in bill.lines if line.kind == "demand"} == {
        rate.per for rate in tariff.demand
    }


@pytest.mark.parametrize(
    ("load", "says"),
    [
        (np.full(95, 1.0), "whole days"),
        (np.full(96, -1.0), "-1 kW drawn in value 1"),
        (np.full(96, np.nan), "nan kW drawn"),
        (np.zeros(0), "whole days"),
    ],
)
def test_impossible_profiles_are_named(load, says):
    with pytest.raises(InputDataError, match=says):
        bill_profile(SCE, dt.date(2026, 7, 1), load)
