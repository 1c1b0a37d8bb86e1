"""Pareto sets of numbers of charging points: waiting time against utilisation."""
