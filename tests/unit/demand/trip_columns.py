"""What every source of trips owes: the columns' types, and the same bytes for the same draw."""

from dataclasses import fields

import numpy as np

TRIP_DTYPES = {
    "trip_id": "int64",
    "origin_node_idx": "int32",
    "destination_node_idx": "int32",
    "departure_h": "float64",
    "abroad_before_km": "float64",
    "abroad_after_km": "float64",
    "is_loaded": "bool",
    "initial_soc_share": "float64",
    "vehicle_class_idx": "int16",
    "electrification_rank": "float64",
}


def trip_dtypes(trips):
    return {field.name: str(getattr(trips, field.name).dtype) for field in fields(trips)}


def assert_same(trips, others):
    for field in fields(trips):
        found, expected = getattr(trips, field.name), getattr(others, field.name)
        np.testing.assert_array_equal(found, expected, err_msg=field.name)
