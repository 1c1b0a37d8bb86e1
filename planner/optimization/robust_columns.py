"""Columns of what holding plans against scenarios finds."""

from __future__ import annotations

from planner.tables.layout_quantities import MEAN_WAIT, N_HPC, TCU
from planner.tables.table import Quantity, Table

STUDY = "study"
"""Name of the scenario in which all comes as in the study."""
OF_STUDY, ON_MEAN, IN_WORST = "study-alone", "robust-mean", "robust-worst"
"""Names of plans that are made here."""

# fmt: off
_SCENARIO = Quantity("scenario", "string", "", "text", "Scenario", "Name of the scenario; study: all as in the study.")
_PLAN = Quantity("plan", "string", "", "text", "Plan", "Name of the plan: named ones of the run, and study-alone, robust-mean and robust-worst, made here with as many points as asked.")
EXPECTED = Quantity("expected_wait_min", "float64", "min", "minutes", "Mean wait over all scenarios", "Mean wait of a high-power session, weighted over scenarios.")
WORST = Quantity("worst_wait_min", "float64", "min", "minutes", "Longest mean wait", "Mean wait in the scenario in which it is longest.")
REGRET = Quantity("regret_min", "float64", "min", "minutes", "Regret", "How much longer trucks wait than with the best layout found for this scenario alone with no more points.")

ROBUST_SCENARIOS = Table(
    "robust_scenarios",
    "one scenario",
    (
        _SCENARIO,
        Quantity("weight_share", "float64", "share", "percent", "Weight", "How likely it is, against all scenarios."),
        Quantity("differs", "string", "", "long_text", "What comes otherwise", "Keys, draw, site or season that differ from the study."),
        Quantity("n_trips", "int64", "trips", "count", "Trips", "Electric trips that count."),
        Quantity("n_unserved", "int64", "trips", "count", "Trips that cannot be driven", "With the sites that are open; the same for every plan, whatever its points."),
        Quantity("n_sessions", "int64", "sessions", "count", "High-power sessions", "High-power sessions that count, with the plan on the mean."),
    ),
    key=("scenario",),
)

ROBUST_CASES = Table(
    "robust_cases",
    "one plan in one scenario",
    (_PLAN, _SCENARIO, N_HPC, MEAN_WAIT, TCU, REGRET),
    key=("plan", "scenario"),
)

ROBUST_PLANS = Table(
    "robust_plans",
    "one plan over all scenarios",
    (
        _PLAN, N_HPC, EXPECTED, WORST,
        Quantity("worst_scenario", "string", "", "text", "Where that is", "Scenario with the longest mean wait."),
        Quantity("expected_regret_min", "float64", "min", "minutes", "Mean regret", "Regret, weighted over scenarios."),
        Quantity("worst_regret_min", "float64", "min", "minutes", "Largest regret", "Regret in the scenario in which it is largest."),
    ),
    key=("plan",),
)

ROBUST_FRONT = Table(
    "robust_front",
    "one layout on the front of the mean or of the worst case",
    (
        Quantity("layout", "int64", "", "count", "Layout", "Number of the layout."),
        N_HPC, EXPECTED, WORST,
        Quantity("is_on_mean", "bool", "", "yes_no", "On the front of the mean", "Whether no layout found with as few points waits less on the mean over scenarios."),
        Quantity("is_on_worst", "bool", "", "yes_no", "On the front of the worst case", "Whether no layout found with as few points waits less in its worst scenario."),
    ),
    key=("layout",),
)

ROBUST_VALUE = Table(
    "robust_value",
    "one number of points",
    (
        N_HPC,
        Quantity("of_study_min", "float64", "min", "two", "Planned for the study alone", "Mean wait over all scenarios with the layout that is best for the study alone (EEV)."),
        Quantity("of_all_min", "float64", "min", "two", "Planned for all scenarios", "Mean wait over all scenarios with the layout that is best on their mean (RP)."),
        Quantity("informed_min", "float64", "min", "two", "Known before building", "Mean wait over all scenarios if each had the layout that is best for it alone (WS)."),
        Quantity("stochastic_solution_min", "float64", "min", "two", "Value of the stochastic solution, VSS", "What planning for all scenarios saves against planning for the study alone."),
        Quantity("perfect_information_min", "float64", "min", "two", "Value of perfect information, EVPI", "What knowing the scenario before building would save on top."),
    ),
    key=("n_hpc",),
)

ROBUST_SCHEMAS = (ROBUST_SCENARIOS, ROBUST_CASES, ROBUST_PLANS, ROBUST_FRONT, ROBUST_VALUE)
