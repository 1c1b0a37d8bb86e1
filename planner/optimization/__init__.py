"""Pareto sets of charger counts: waiting time against utilisation."""
