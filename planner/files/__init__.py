"""Bounded reading of what others wrote: tables, XML, map layers, packed files."""
