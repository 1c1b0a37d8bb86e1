"""Distances and the stop planner: where each truck charges, breaks and rests."""
