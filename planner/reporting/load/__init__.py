"""The load of a plan as programs of grid planners read it: tables, PyPSA, SpiceEV, eDisGo."""
