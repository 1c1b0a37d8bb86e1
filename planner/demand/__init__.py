"""Freight demand: from flows between regions to single trips with a departure and a battery."""
