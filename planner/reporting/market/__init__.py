"""What a person opens of a market: tables, report, terminal, ``run.json``."""
