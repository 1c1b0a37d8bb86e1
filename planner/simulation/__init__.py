"""What a charging point layout does to the trucks: queues, metrics and invariants."""
