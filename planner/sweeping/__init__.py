"""Many runs as one: sweeps over a scenario's keys, on one machine or a cluster."""
