"""The study as a validated object."""
