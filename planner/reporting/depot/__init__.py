"""What a person opens of a depot run."""
