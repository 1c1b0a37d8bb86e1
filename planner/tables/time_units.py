"""Lengths of time in one another, for whoever sums or draws by them."""

HOURS_PER_DAY = 24
