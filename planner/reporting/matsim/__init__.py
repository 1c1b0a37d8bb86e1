"""A plan as MATSim reads it: network, chargers, vehicles and plans."""
