"""A country's plan: stages, measured solutions, their tables, and a plan read back."""
