"""What plans cost, whom, and which plan costs all together least; door: ``pricing``."""

__all__ = ["cost_set", "pricing", "site_costs"]
