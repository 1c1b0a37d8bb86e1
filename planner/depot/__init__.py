"""A depot: trucks dispatched and charged together with its load, PV, battery storage and tariff.

Knows nothing of the national plan and is usable alone.
"""
