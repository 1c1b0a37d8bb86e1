"""Competing operators at a site: what a kWh costs, and who builds charging points."""
