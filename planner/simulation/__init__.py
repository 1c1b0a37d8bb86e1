"""What a charger layout does to the trucks: queues, metrics and invariants."""
