"""The motorway of the routing tests."""

from __future__ import annotations

from tests.unit.routing.conftest import motorway, sites_at, trips_along, truck

__all__ = ["motorway", "sites_at", "trips_along", "truck"]
