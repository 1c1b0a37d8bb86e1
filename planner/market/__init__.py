"""Competing charge point operators at a site: what a kWh costs and who builds the chargers."""
