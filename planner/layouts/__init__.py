"""Other layouts on the trucks of a finished run: the fewest points for a target, and one's own."""
